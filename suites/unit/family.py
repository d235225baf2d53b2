"""The Whisper family at random, cut short: what two implementations are compared on."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from asrbench.speech.synthetic import SHAPES, Shape

TEXT_CONTEXT = 64  # 32 tokens: enough to leave the prompt, and many times quicker than 224


def sizes() -> list[object]:
    """Name the shapes; those above tiny take more than three seconds."""
    return [
        pytest.param(name, marks=[pytest.mark.slow] if shape.dims.state > 384 else [])
        for name, shape in SHAPES.items()
    ]


def shortened(name: str) -> Shape:
    shape = SHAPES[name].cut(2 if SHAPES[name].dims.state <= 384 else 1)
    return replace(shape, dims=replace(shape.dims, text_context=TEXT_CONTEXT))


def noise(seconds: float) -> NDArray[np.float32]:
    """Return noise that comes and goes, so that no two frames are alike."""
    time = np.arange(int(seconds * 16000))
    random = np.random.default_rng(7).normal(0, 0.1, len(time))
    return (random * np.abs(np.sin(time / 3000))).astype(np.float32)
