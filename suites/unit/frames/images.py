"""Images for tests: any size from one pixel on, any content, and memory of any strides."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

Image = NDArray[np.uint8]

SIZES = st.one_of(st.integers(1, 6), st.integers(1, 150))  # past two vectors of any set, and more
CONTENTS = st.sampled_from(["noise", "extremes", "few", "flat"])


@st.composite
def images(draw: st.DrawFn, channels: int = 3) -> Image:
    """Draw an image of (rows, columns, 3), or of (rows, columns) for one channel."""
    shape = [draw(SIZES), draw(SIZES)] + [channels] * (channels > 1)
    chance = np.random.default_rng(draw(st.integers(0, 999)))
    contents = draw(CONTENTS)
    if contents == "flat":
        return np.full(shape, chance.integers(0, 256), np.uint8)
    if contents == "few":  # values close together, as in a dark room
        return chance.integers(5, 9, shape, np.uint8)
    noise = chance.integers(0, 256, shape, np.uint8)
    return noise if contents == "noise" else np.where(noise < 128, 0, 255).astype(np.uint8)


@st.composite
def strided(draw: st.DrawFn, channels: int = 3) -> Image:
    """Draw an image that is a part of a larger one, every second row of one, or upside down."""
    image = draw(images(channels))
    whole = np.full((2 * image.shape[0] + 3, image.shape[1] + 7, *image.shape[2:]), 99, np.uint8)
    part = draw(st.sampled_from(["part", "every second row", "upside down", "packed"]))
    if part == "packed":
        return image
    left = draw(st.integers(0, 7))
    step = 2 if part == "every second row" else 1
    view = whole[1 : 1 + step * image.shape[0] : step, left : left + image.shape[1]]
    view = view[::-1] if part == "upside down" else view
    view[...] = image
    return view
