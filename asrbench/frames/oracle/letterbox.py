"""An image fitted into a frame of another shape, as planes of float32: what a detector is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from asrbench.frames.oracle.resize import resize

Planes = Literal["rgb", "bgr"]


def fit(size: tuple[int, int], frame: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return top, left, rows and columns of an image in a frame; sizes are (rows, columns).

    It is as large as fits with its own shape, one pixel at least, and lies in the middle.
    """
    ratio = min(frame[0] / size[0], frame[1] / size[1])
    rows = min(max(round(size[0] * ratio), 1), frame[0])
    columns = min(max(round(size[1] * ratio), 1), frame[1])
    return (frame[0] - rows) // 2, (frame[1] - columns) // 2, rows, columns


def letterbox(
    image: NDArray[np.uint8],
    rows: int,
    columns: int,
    *,
    mean: Sequence[float] = (0.0, 0.0, 0.0),
    scale: Sequence[float] = (1.0, 1.0, 1.0),
    fill: int = 114,
    planes: Planes = "rgb",
) -> NDArray[np.float32]:
    """Return (value - mean) * scale of each pixel of the frame: (3, rows, columns), float32.

    `image` is (any, any, 3): blue, green, red, in which order mean and scale are. Around the
    resized image every channel is `fill`. `planes` is the order of the result. Each of the two
    operations is rounded.
    """
    top, left, high, wide = fit((image.shape[0], image.shape[1]), (rows, columns))
    frame = np.full((rows, columns, 3), fill, np.uint8)
    frame[top : top + high, left : left + wide] = resize(image, high, wide)
    values = (frame.astype(np.float32) - np.array(mean, np.float32)) * np.array(scale, np.float32)
    if planes == "rgb":
        values = values[:, :, ::-1]
    return np.ascontiguousarray(values.transpose(2, 0, 1))
