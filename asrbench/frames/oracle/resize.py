"""Bilinear resizing in integers, as OpenCV's INTER_LINEAR_EXACT.

Source of the rules: OpenCV 4, modules/imgproc/src/resize.cpp, interpolationLinear.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_WHOLE = 256  # a weight of 1


def places(size: int, to: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each of `to` pixels which of `size` lies before it, and the weight of the next.

    Pixel i lies at (i + 1/2) size/to - 1/2; the weight is in 1/256, rounded half to even. Before
    the first and behind the last there is nothing between.
    """
    scale = 1.0 / (to / size)  # OpenCV divides twice, and so rounds twice
    exact = scale * (np.arange(to) + 0.5) - 0.5
    lower = np.floor(exact).astype(np.int64)
    weight = np.rint((exact - lower) * _WHOLE).astype(np.int64)
    outside = (lower < 0) | (lower >= size - 1)
    return np.clip(lower, 0, size - 1), np.where(outside, 0, weight)


def resize(image: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.uint8]:
    """Return the image at another size: four pixels weighed, rounded once, half up."""
    top, down = places(image.shape[0], rows)
    left, right = places(image.shape[1], columns)
    bottom = np.minimum(top + 1, image.shape[0] - 1)
    after = np.minimum(left + 1, image.shape[1] - 1)
    tail = (1,) * (image.ndim - 2)
    low = down.reshape(-1, 1, *tail)
    wide = image.astype(np.int64)
    mixed = wide[top] * (_WHOLE - low) + wide[bottom] * low
    far = right.reshape(1, -1, *tail)
    sums = mixed[:, left] * (_WHOLE - far) + mixed[:, after] * far
    resized: NDArray[np.uint8] = ((sums + _WHOLE**2 // 2) // _WHOLE**2).astype(np.uint8)
    return resized
