"""A product of whole numbers, exactly: in float64, which holds every integer below 2^53."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def multiply(a: NDArray[np.float32], w: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return a @ w.T of shape (rows, out); a is (rows, depth), w (out, depth)."""
    product: NDArray[np.float64] = a.astype(np.float64) @ w.astype(np.float64).T
    return product
