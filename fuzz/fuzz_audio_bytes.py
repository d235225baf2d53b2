"""Audio files of any bytes, and bare 16-bit values: refused as AudioError, or pcm comes of them."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

from asrbench import AudioError
from asrbench.speech import audio

INSTRUMENT = ("asrbench.speech.audio", "soundfile")
FOLDER = tempfile.TemporaryDirectory(prefix="asrbench-fuzz-")
FILE = Path(FOLDER.name, "audio")


def one_input(data: bytes) -> None:
    """Read the bytes both ways."""
    FILE.write_bytes(data)
    for source in (FILE, data):
        try:
            pcm = audio.read(source)
        except AudioError:
            continue
        assert pcm.dtype == np.float32
        assert pcm.ndim == 1
        assert pcm.size
        assert np.isfinite(pcm).all()


def seeds() -> Iterator[bytes]:
    """Yield a moment of a tone in every format, and files that end too soon."""
    tone = 0.5 * np.sin(np.arange(300) * 0.3)
    for container, subtype, rate_hz in (
        ("WAV", "PCM_16", 16000),
        ("WAV", "FLOAT", 8000),
        ("WAV", "ULAW", 8000),
        ("FLAC", "PCM_16", 16000),
        ("OGG", "VORBIS", 44100),
        ("MP3", "MPEG_LAYER_III", 44100),
    ):
        held = io.BytesIO()
        values = tone if container != "WAV" else np.stack([tone, -tone], axis=1)
        soundfile.write(held, values, rate_hz, format=container, subtype=subtype)
        yield held.getvalue()
        yield held.getvalue()[:-7]
