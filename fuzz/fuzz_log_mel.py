"""Bare frames of any values: the native spectrogram is the oracle's, and so are its refusals."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from asrbench import AudioError, _native
from asrbench.fuzz.chooser import Chooser
from asrbench.speech.oracle import log_mel as oracle

MOST = 1200  # values: six frames
BINS = [80, 128, 1, 8, 200]


def values(chooser: Chooser) -> NDArray[np.float32]:
    """Return pcm: as float32 bits, or as 16-bit values at a loudness, repeated to a window."""
    loudness = chooser.pick([None, 1.0, 1e-4, 1e-20, 1e4, 1e30])
    length = chooser.number(0, MOST)
    raw = chooser.rest()
    if loudness is None:
        pcm = np.frombuffer(raw[: len(raw) // 4 * 4], np.float32)
    else:
        whole = np.frombuffer(raw[: len(raw) // 2 * 2], "<i2")
        pcm = (whole * (loudness / 32768)).astype(np.float32)
    return np.resize(pcm, length) if pcm.size else np.zeros(length, np.float32)


def one_input(data: bytes) -> None:
    """Compare the two, value by value."""
    chooser = Chooser(data)
    bins, pcm = chooser.pick(BINS), values(chooser)
    try:
        expected = oracle.log_mel_raw(pcm, bins)
    except AudioError:
        expected = None
    try:
        found = _native.log_mel_raw(pcm, bins)
    except AudioError:
        assert expected is None
        return
    assert expected is not None
    np.testing.assert_allclose(found, expected, atol=1e-4)


def seeds() -> Iterator[bytes]:
    """Yield noise, a tone, a click and silence."""
    random = np.random.default_rng(0)
    tone = (8000 * np.sin(np.arange(400) * 0.3)).astype("<i2")
    noise = random.integers(-999, 999, 300).astype("<i2")
    for loudness in range(1, 6):
        yield bytes([0, loudness, 0x90, 2]) + tone.tobytes()
        yield (bytes([1, loudness, 0x20, 3]) + noise.tobytes())
    yield bytes([2, 1, 0x90, 1]) + b"\0" * 500 + b"\xff\x7f" + b"\0" * 200
    yield bytes([0, 0, 0x90, 1]) + random.normal(0, 1, 400).astype(np.float32).tobytes()
