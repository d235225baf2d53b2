"""Gray, Gaussian blur and edges, a whole image at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from asrbench.frames.oracle.border import Border, extended

Image = NDArray[np.uint8]  # (rows, columns) or (rows, columns, 3): blue, green, red

_GRAY = np.array([3735, 19235, 9798])  # BT.601 in 15 bits, as OpenCV's BGR2GRAY
_BINOMIAL = (1, 4, 6, 4, 1)  # Gaussian, 5 wide: OpenCV's weights for 8 bits, in sixteenths
_SMOOTH = (1, 2, 1)
_SLOPE = (-1, 0, 1)


def gray(image: Image) -> Image:
    """Return the gray image, (rows, columns); one that is gray already, as a copy.

    (3735 b + 19235 g + 9798 r + 2^14) / 2^15, rounded down: OpenCV, color_rgb.simd.hpp, RGB2Gray.
    """
    if image.ndim == 2:
        return np.array(image)
    weighed: Image = ((image @ _GRAY + (1 << 14)) >> 15).astype(np.uint8)
    return weighed


def blur(image: Image, border: Border = "reflect101") -> Image:
    """Return the gray image blurred by a 5x5 Gaussian, rounded once, half up.

    As OpenCV's bit-exact GaussianBlur of 8 bits (smooth.simd.hpp), sigma 0.
    """
    sums = _separable(gray(image), _BINOMIAL, _BINOMIAL, border)
    blurred: Image = ((sums + 128) >> 8).astype(np.uint8)
    return blurred


def edges_l1(image: Image, border: Border = "reflect101") -> Image:
    """Return min(|dx| + |dy|, 255) of the blurred image, by 3x3 Sobel filters."""
    dx, dy = _gradient(image, border)
    magnitude: Image = np.minimum(np.abs(dx) + np.abs(dy), 255).astype(np.uint8)
    return magnitude


def edges_l2(image: Image, border: Border = "reflect101") -> NDArray[np.float32]:
    """Return sqrt(dx^2 + dy^2) of the blurred image as float32, rounded once."""
    dx, dy = _gradient(image, border)
    return np.sqrt((dx * dx + dy * dy).astype(np.float32))


def _gradient(image: Image, border: Border) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return dx and dy, (rows, columns) each."""
    blurred = blur(image, border)
    dx = _separable(blurred, _SMOOTH, _SLOPE, border)
    return dx, _separable(blurred, _SLOPE, _SMOOTH, border)


def _separable(
    image: Image, down: tuple[int, ...], across: tuple[int, ...], border: Border
) -> NDArray[np.int64]:
    """Return the sums of each pixel's neighbours by the weights down times across."""
    rows, columns = image.shape
    wide = extended(image, len(down) // 2, border).astype(np.int64)
    sums = np.zeros((rows, columns), np.int64)
    for i, upper in enumerate(down):
        for j, left in enumerate(across):
            sums += upper * left * wide[i : i + rows, j : j + columns]
    return sums
