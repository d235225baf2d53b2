"""Five functions with next to nothing in them: `native/boundary/five.hpp` has the same names."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def nothing() -> None:
    """Do nothing: what an empty call of Python costs."""


def scalars(count: int, value: float) -> float:
    """Return count times value."""
    return count * value


def array_in(values: NDArray[np.float32]) -> float:
    """Return the first value and the last one, added, of an array of shape (n,); 0.0 of none."""
    return float(values[0]) + float(values[-1]) if values.size else 0.0


def array_out(count: int) -> NDArray[np.float32]:
    """Return 0, 1, 2 and so on, of shape (count,)."""
    return np.arange(count, dtype=np.float32)


def bytes_in(data: bytes) -> int:
    """Return 256 times the number of bytes, and the last one added; 0 of none."""
    return 256 * len(data) + data[-1] if data else 0
