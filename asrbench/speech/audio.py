"""Audio from the outside becomes pcm: finite float32 values, mono, 16 kHz, shape (n,).

This is the convenience layer: it converts whatever it understands and says why it refuses the
rest. The native boundary behind it converts nothing.
"""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from asrbench.errors import AudioError

Pcm: TypeAlias = NDArray[np.float32]
"""Audio: float32, shape (n,), C-contiguous, finite, 16 kHz; full scale is 1.0."""

Source: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview
"""What `read` takes: a path, or the bytes of 16-bit little-endian mono PCM at 16 kHz."""

RATE_HZ = 16_000

_LOWEST_RATE_HZ = 1_000
_HIGHEST_RATE_HZ = 768_000
_MOST_CHANNELS = 32
_BLOCK_FRAMES = 1 << 18  # values a channel read at once: the length in a header is not trusted
_FULL_SCALE = {"int16": 2.0**15, "int32": 2.0**31}


def read(source: Source) -> Pcm:
    """Return the audio of a file, or of raw bytes, as pcm.

    `source` is a path (WAV, FLAC, OGG, MP3: whatever libsndfile decodes) or a bytes-like object
    that holds 16-bit little-endian mono PCM at 16 kHz, without a header. Stereo is mixed, other
    rates are resampled.

    Raises AudioError when there is no such file, or it does not decode, is empty, or holds values
    that are not finite; TypeError when `source` is something else.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _from_bytes(source)
    if isinstance(source, (str, os.PathLike)):
        return _from_file(Path(source))
    raise TypeError(
        f"source is a {type(source).__name__}; expected a path or bytes "
        "(for an array: asrbench.speech.audio.from_array)"
    )


def decoded(data: bytes, name: str) -> Pcm:
    """Return the bytes of a whole audio file (WAV, FLAC, OGG, MP3) as pcm.

    `name` is what errors call it. Raises AudioError where they do not decode, are empty, or hold
    values that are not finite.
    """
    if not data:
        raise AudioError(f"{name} is 0 bytes long; expected an audio file")
    return _of_file(io.BytesIO(data), name)


def from_array(array: NDArray[Any], rate_hz: float) -> Pcm:
    """Return an array as pcm: shape (n,) or (n, channels), any strides, any byte order.

    float32 and float64 are taken as they are (full scale is 1.0), int16 and int32 are divided by
    their full scale. 8-bit values are refused, because they may be linear, mu-law or A-law.
    Channels are averaged. An array that is pcm already is returned itself, not copied.

    Raises AudioError for another dtype or rank, a masked array, an empty array, a value that is
    not finite, or a rate outside 1000 to 768000 Hz; TypeError when `array` is no array.
    """
    if not isinstance(array, np.ndarray):
        raise TypeError(
            f"audio is a {type(array).__name__}; expected a NumPy array (np.asarray(x, np.float32))"
        )
    _check_rate(rate_hz)
    if isinstance(array, np.ma.MaskedArray):
        raise AudioError("audio is a masked array; expected a plain one (array.filled(0))")
    if array.ndim not in (1, 2):
        raise AudioError(f"audio has shape {array.shape}; expected (n,) for mono or (n, channels)")
    if array.size == 0:
        raise AudioError(f"audio has shape {array.shape}, it is empty; expected at least one value")
    if array.ndim == 2 and array.shape[1] > _MOST_CHANNELS:
        raise AudioError(
            f"audio has shape {array.shape}, {array.shape[1]} channels; expected (n, channels) "
            f"with at most {_MOST_CHANNELS} (transposed? array.T)"
        )
    return _resampled(_mixed(_scaled(array)), rate_hz)


def _check_rate(rate_hz: float) -> None:
    if not isinstance(rate_hz, (int, float, np.integer, np.floating)):
        raise AudioError(f"rate_hz is {rate_hz!r}; expected a number such as 16000")
    if not _LOWEST_RATE_HZ <= rate_hz <= _HIGHEST_RATE_HZ:
        raise AudioError(f"rate_hz is {rate_hz}; expected {_LOWEST_RATE_HZ} to {_HIGHEST_RATE_HZ}")


def _scaled(array: NDArray[Any]) -> NDArray[np.float32]:
    """Return the values as finite float32 of the same shape, C-contiguous and aligned."""
    name = array.dtype.newbyteorder("=").name
    if name in _FULL_SCALE:
        return np.ascontiguousarray(array / _FULL_SCALE[name], dtype=np.float32)
    if name not in ("float32", "float64"):
        raise AudioError(
            f"audio has dtype {array.dtype}; expected float32, float64, int16 or int32 "
            "(8-bit audio: decode it to linear int16 first)"
        )
    _check_finite(array)
    with np.errstate(over="ignore"):  # what overflows float32 is refused below, by its value
        values = np.require(array, dtype=np.float32, requirements=["C", "ALIGNED"])
    if not np.isfinite(values).all():
        worst = float(np.abs(array).max())
        raise AudioError(f"audio holds the magnitude {worst}; expected a value float32 can hold")
    return values


def _check_finite(values: NDArray[Any]) -> None:
    finite = np.isfinite(values)
    if not finite.all():
        at = tuple(int(i) for i in np.argwhere(~finite)[0])
        raise AudioError(
            f"audio[{', '.join(map(str, at))}] is {values[at]}; expected a finite value"
        )


def _mixed(values: NDArray[np.float32]) -> Pcm:
    if values.ndim == 1:
        return values
    mono: Pcm = values.mean(axis=1, dtype=np.float64).astype(np.float32)
    return mono


def _resampled(values: Pcm, rate_hz: float) -> Pcm:
    if rate_hz == RATE_HZ:
        return values
    pcm: Pcm = np.ascontiguousarray(soxr.resample(values, rate_hz, RATE_HZ), dtype=np.float32)
    if pcm.size == 0:
        raise AudioError(
            f"{values.size} values at {rate_hz} Hz are less than one at {RATE_HZ} Hz; "
            "expected longer audio"
        )
    _check_finite(pcm)  # a filter may overflow what was nearly too large
    return pcm


def _from_bytes(data: bytes | bytearray | memoryview) -> Pcm:
    if isinstance(data, memoryview) and not data.c_contiguous:
        raise AudioError(
            "the memoryview is not contiguous; expected contiguous bytes (bytes(view))"
        )
    size = memoryview(data).nbytes
    if size == 0:
        raise AudioError("audio is 0 bytes long; expected at least one 16-bit value")
    if size % 2:
        raise AudioError(f"audio is {size} bytes long; expected an even number: 16-bit PCM")
    return from_array(np.frombuffer(data, np.dtype("<i2")), RATE_HZ)


def _from_file(path: Path) -> Pcm:
    try:
        status = path.stat()
    except (OSError, ValueError) as error:  # ValueError: a NUL inside the name
        raise AudioError(f"cannot open {str(path)!r}: {error}; expected an audio file") from error
    if not stat.S_ISREG(status.st_mode):
        raise AudioError(f"{str(path)!r} is not a regular file; expected an audio file")
    if status.st_size == 0:
        raise AudioError(f"{str(path)!r} is 0 bytes long; expected an audio file")
    return _of_file(path, repr(str(path)))


def _of_file(file: Path | io.BytesIO, name: str) -> Pcm:
    try:
        values, rate_hz = _decoded(file)
    except (soundfile.LibsndfileError, OSError, TypeError) as error:  # the last of a name in .raw
        raise AudioError(
            f"{name} does not decode: {error}; expected WAV, FLAC, OGG or MP3"
        ) from error
    try:
        return from_array(values, rate_hz)
    except AudioError as error:
        raise AudioError(f"{name}: {error}") from error


def _decoded(source: Path | io.BytesIO) -> tuple[NDArray[np.float32], int]:
    """Return the values, shape (n, channels), and the rate in Hz."""
    blocks: list[NDArray[np.float32]] = []
    with soundfile.SoundFile(source) as file:
        rate_hz = int(file.samplerate)
        while True:
            block = file.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)
            blocks.append(block)
            if len(block) < _BLOCK_FRAMES:
                return np.concatenate(blocks), rate_hz
