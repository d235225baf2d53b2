"""Whether a toolkit's answer is the oracle's: the same type, the same values."""

from __future__ import annotations

import numpy as np

from asrbench.boundary.calls import Answer
from asrbench.workload import Check


def agree(oracle: Answer, output: Answer) -> Check:
    """Compare to the last bit: nothing is computed that could round otherwise."""
    if type(output) is not type(oracle):
        return Check(False, f"{type(output).__name__}; the oracle's is {type(oracle).__name__}")
    if isinstance(oracle, np.ndarray) and isinstance(output, np.ndarray):
        if output.dtype != oracle.dtype:
            return Check(False, f"an array of {output.dtype}; the oracle's is of {oracle.dtype}")
        return Check(np.array_equal(oracle, output), f"{output}; the oracle's is {oracle}")
    return Check(oracle == output, f"{output!r}; the oracle's is {oracle!r}")
