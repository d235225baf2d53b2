"""A stream in any pieces: mel frames and tokens are the oracle's, and so are the refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from asrbench import AudioError, EngineError, OptionError, _native
from asrbench.fuzz import small
from asrbench.fuzz.chooser import Chooser
from asrbench.speech.oracle import model, stream

FILES = small.files()
SHARED = _native.Streams(_native.Model(*FILES))
TWIN = model.read(*FILES)
MOST_STEPS = 12
BAD = [np.nan, np.inf, -np.inf]


def tried(call: Callable[..., object], *arguments: object) -> object:
    """Return what a call gives, or the class of its refusal."""
    try:
        return call(*arguments)
    except (AudioError, OptionError, EngineError) as error:
        return type(error)


def one_input(data: bytes) -> None:
    """Do the same to both, step by step."""
    chooser = Chooser(data)
    ours, theirs = _native.Stream(SHARED), stream.Stream(TWIN)
    for _ in range(chooser.number(1, MOST_STEPS)):
        step = chooser.number(0, 7)
        if step <= 3:
            length = chooser.number(0, 700)
            noise = np.random.default_rng(chooser.number(0, 255)).normal(0, 0.1, length)
            pcm = noise.astype(np.float32)
            if step == 0 and length:
                pcm[chooser.number(0, length - 1)] = chooser.pick(BAD)
            assert tried(ours.push, pcm) == tried(theirs.push, pcm)
        elif step == 4:
            frames = chooser.number(0, 9)
            assert tried(ours.forget, frames) == tried(theirs.forget, frames)
        elif step == 5:
            ours.end()
            theirs.end()
        else:
            standing = [chooser.number(0, 20) for _ in range(chooser.number(0, 5))]
            most = chooser.number(0, 9)
            found = tried(ours.decode, standing, most, 99)
            expected = tried(theirs.decode, standing, most)
            assert isinstance(found, dict) == isinstance(expected, dict), (found, expected)
        assert ours.frames() == theirs.frames()
    np.testing.assert_allclose(ours.log_mel(), theirs.log_mel(), atol=1e-3)


def seeds() -> Iterator[bytes]:
    """Yield bytes that lead to all kinds of steps."""
    random = np.random.default_rng(0)
    for _ in range(12):
        yield random.integers(0, 256, 80, np.uint8).tobytes()
