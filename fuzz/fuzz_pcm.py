"""Arrays of every dtype, rank, stride and alignment: refused, or the answer is finite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asrbench import AudioError, EngineError, _native
from asrbench.fuzz import small
from asrbench.fuzz.chooser import Chooser
from asrbench.speech import audio

RECOGNIZER = _native.Recognizer(_native.Model(*small.files()))
DTYPES = ["<f4", ">f4", "<f8", "<f2", "<i2", "<i4", "u1", "?", "<c8", "S4", "<M8[s]"]
MOST = 4000  # values: a quarter of a second


def array(chooser: Chooser) -> NDArray[Any]:
    """Return an array that the choices describe, over the bytes that are left."""
    dtype = np.dtype(chooser.pick(DTYPES))
    offset, stride = chooser.number(0, 3), chooser.pick([1, 1, 1, 2, -1])
    shape, masked, frozen = chooser.number(0, 5), chooser.number(0, 9), chooser.number(0, 1)
    raw = bytearray(b"\0" * offset + chooser.rest())
    count = min(MOST, (len(raw) - offset) // dtype.itemsize)
    values = np.frombuffer(raw, dtype, count, offset)[::stride]
    if shape == 1:
        values = values.reshape(1, -1)
    elif shape == 2:
        values = values.reshape(-1, 1)
    elif shape == 3 and values.size:
        values = np.broadcast_to(values[:1], (1 << 40,))[:MOST]
    elif shape == 4 and values.size:
        values = values[0:1].reshape(())
    values.flags.writeable = not frozen and values.flags.writeable
    if masked == 9:
        return np.ma.masked_array(values)
    return values


def one_input(data: bytes) -> None:
    """Hand an array to the boundary and to the layer in front of it."""
    chooser = Chooser(data)
    rate_hz = chooser.pick([16000, 8000, 1000, 44100, 0, -1])
    pcm = array(chooser)
    try:
        assert np.isfinite(_native.log_mel(pcm)).all()
        found = RECOGNIZER.transcribe(pcm)
        assert np.isfinite(found["avg_log_prob"])
    except TypeError as error:
        if "expected float32 of shape (n,)" not in str(error):
            raise
    except EngineError:
        pass
    try:
        heard = audio.from_array(pcm, rate_hz)
    except AudioError:
        return
    assert heard.dtype == np.float32
    assert heard.flags.c_contiguous
    assert np.isfinite(heard).all()


def seeds() -> Iterator[bytes]:
    """Yield each dtype and each shape over noise, and the numbers that are none."""
    noise = np.random.default_rng(0).normal(0, 0.1, 500).astype(np.float32)
    strange = np.array([np.nan, np.inf, -0.0, 1e-42, 3e38], np.float32)
    for dtype in range(len(DTYPES)):
        yield bytes([0, dtype, 0, 0, 0, 0, 0]) + noise.tobytes()
    for shape in range(5):
        yield bytes([1, 0, shape, shape, shape, 9 * (shape % 2), 1]) + noise.tobytes()
    for value in strange:
        yield bytes(7) + np.append(noise, value).tobytes()
