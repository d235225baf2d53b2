"""Whether two filtered frames are the same: bytes to the last bit, floats to their rounding."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from asrbench.workload import Check

Filtered: TypeAlias = NDArray[np.uint8] | NDArray[np.float32]

_TOLERANCE = 1e-6  # of floats, as a part of the value, at least 1: eight roundings of float32


def agree(oracle: Filtered, output: Filtered) -> Check:
    """Compare a frame with the oracle's: shape, dtype and every value."""
    if output.shape != oracle.shape or output.dtype != oracle.dtype:
        return Check(
            False,
            f"{output.dtype} of shape {output.shape}; the oracle's is {oracle.dtype} of shape "
            f"{oracle.shape}",
        )
    apart = np.abs(output.astype(np.float64) - oracle.astype(np.float64))
    if oracle.dtype == np.float32:
        apart /= np.maximum(np.abs(oracle), 1)
    allowed = _TOLERANCE if oracle.dtype == np.float32 else 0.0
    worst = np.unravel_index(int(np.argmax(apart)), apart.shape)  # a NaN is the greatest
    wrong = int(np.count_nonzero(~(apart <= allowed)))
    return Check(
        wrong == 0,
        f"{wrong} of {apart.size} values differ; value {tuple(map(int, worst))} is "
        f"{output[worst]:.9g}, the oracle's is {oracle[worst]:.9g}",
    )
