"""An answer is the product behind a timed call, handed out when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from asrbench.workload import Check

Values: TypeAlias = NDArray[np.float32] | NDArray[np.float64]

_TOLERANCE = 1e-5  # greatest difference allowed, as a part of the greatest value: less than 1


@dataclass(frozen=True, slots=True)
class Answer:
    """`values()` is the product, of shape (rows, out); copying it out is not in the call's time."""

    values: Callable[[], Values]

    def __reduce__(self) -> tuple[Any, ...]:
        """Leave the process as an array: what computes it may not."""
        return _held, (self.values(),)


def _held(values: Values) -> Answer:
    return Answer(lambda: values)


def agree(oracle: Answer, output: Answer) -> Check:
    """Whether every value of a product is the oracle's, up to the rounding of float32."""
    expected, found = oracle.values(), output.values()
    if found.shape != expected.shape:
        return Check(False, f"shape is {found.shape}; the oracle's is {expected.shape}")
    apart = np.abs(found - expected)
    worst = np.unravel_index(int(np.argmax(apart)), apart.shape)  # a NaN is the greatest
    allowed = _TOLERANCE * float(np.max(np.abs(expected)))
    return Check(
        bool(apart[worst] <= allowed),
        f"value {tuple(map(int, worst))} is {found[worst]:.9g}; the oracle's is "
        f"{expected[worst]:.9g}, and {allowed:.3g} more or less is allowed",
    )
