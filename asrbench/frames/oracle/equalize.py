"""Histogram equalisation of a gray image, as OpenCV's equalizeHist (histogram.cpp)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def equalize(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the image with each value made its share of the darker and equal ones, 0 to 255.

    The darkest value is not counted and becomes 0; an image of one value stays as it is. The share
    is a product of float32, rounded half to even. `image` is (rows, columns).
    """
    counts = np.bincount(image.ravel(), minlength=256)
    darkest = int(np.flatnonzero(counts)[0])
    rest = image.size - int(counts[darkest])
    if rest == 0:
        same: NDArray[np.uint8] = image.copy()
        return same
    counts[: darkest + 1] = 0
    scale = np.float32(255) / np.float32(rest)
    table = np.rint(np.cumsum(counts).astype(np.float32) * scale)
    equal: NDArray[np.uint8] = np.minimum(table, 255).astype(np.uint8)[image]
    return equal
