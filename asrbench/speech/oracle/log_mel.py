"""Turns pcm into log-mel frames, one per 10 ms, as Whisper was trained on them.

Source: OpenAI's whisper, `whisper/audio.py`; the filters are librosa's Slaney mel filters
(`librosa.filters.mel(sr=16000, n_fft=400, n_mels=bins)`). Double precision until the last step.
"""

import functools

import numpy as np
from numpy.typing import NDArray

from asrbench.errors import AudioError

RATE_HZ = 16000
WINDOW = 400  # pcm values under one Hann window: 25 ms
HOP = 160  # pcm values between frames: 10 ms
PADDING = 30 * RATE_HZ  # zeros behind the audio
BLOCK = 4096  # frames transformed at a time, which bounds the memory


def log_mel(pcm: NDArray[np.float32], bins: int = 80) -> NDArray[np.float32]:
    """Return the log-mel of a whole utterance: shape (n // 160, bins), time first.

    pcm is mono at 16 kHz, shape (n,). As Whisper has it: 30 s of zeros are appended, 200 values
    reflected at both ends, and everything 8 decades below the loudest value of the file is raised
    to there. Only the frames of the audio itself are returned; the last of all, which Whisper
    drops, is among the silent rest.

    Raises AudioError if pcm is empty or has a value that is not finite.
    """
    _check(pcm, 1)
    padded = np.pad(np.pad(pcm.astype(np.float64), (0, PADDING)), WINDOW // 2, mode="reflect")
    return scaled(power(padded, bins))[: len(pcm) // HOP]


def log_mel_raw(pcm: NDArray[np.float32], bins: int = 80) -> NDArray[np.float32]:
    """Return the log-mel of the bare windows: shape (1 + (n - 400) // 160, bins), n >= 400.

    No padding, so that a test can place a signal exactly; floor and scale as in `log_mel`.

    Raises AudioError if pcm is shorter than a window or has a value that is not finite.
    """
    _check(pcm, WINDOW)
    return scaled(power(pcm.astype(np.float64), bins))


@functools.cache
def mel_filters(bins: int) -> NDArray[np.float64]:
    """Return the triangles that sum power into mel bins: shape (bins, 201).

    Slaney's scale is linear below 1 kHz (200/3 Hz a mel) and logarithmic above (27 mels from
    1 to 6.4 kHz); each triangle has area 1 (in Hz / 2).
    """
    mels = np.linspace(0.0, 15.0 + 27.0 * np.log(RATE_HZ / 2 / 1000.0) / np.log(6.4), bins + 2)
    edges_hz = np.where(
        mels < 15.0, mels * 200.0 / 3.0, 1000.0 * np.exp((mels - 15.0) * np.log(6.4) / 27.0)
    )
    lower, peak, upper = edges_hz[:-2, None], edges_hz[1:-1, None], edges_hz[2:, None]
    hz = np.fft.rfftfreq(WINDOW, 1 / RATE_HZ)
    rising = (hz - lower) / (peak - lower)
    falling = (upper - hz) / (upper - peak)
    filters: NDArray[np.float64] = np.maximum(0.0, np.minimum(rising, falling))
    return filters * (2.0 / (upper - lower))


def power(pcm: NDArray[np.float64], bins: int) -> NDArray[np.float64]:
    """Return the mel power of every window of pcm: shape (1 + (n - 400) // 160, bins)."""
    hann = np.hanning(WINDOW + 1)[:-1]  # periodic
    windows = np.lib.stride_tricks.sliding_window_view(pcm, WINDOW)[::HOP]
    filters = mel_filters(bins).T
    blocks = [
        np.square(np.abs(np.fft.rfft(windows[start : start + BLOCK] * hann, axis=1))) @ filters
        for start in range(0, len(windows), BLOCK)
    ]
    return np.concatenate(blocks)


def scaled(power: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return decades of power, floored 8 below the largest, moved into about -1 to 1.5."""
    decades = np.log10(np.maximum(power, 1e-10))
    scaled: NDArray[np.float64] = (np.maximum(decades, decades.max() - 8.0) + 4.0) / 4.0
    return scaled.astype(np.float32)


def _check(pcm: NDArray[np.float32], least: int) -> None:
    if pcm.dtype != np.float32 or pcm.ndim != 1:
        raise TypeError(
            f"pcm is {pcm.dtype} of shape {pcm.shape}; expected float32 of shape (n,): "
            "np.ascontiguousarray(x, np.float32)"
        )
    if len(pcm) == 0:
        raise AudioError("pcm is empty; expected at least one value")
    if len(pcm) < least:
        raise AudioError(f"pcm has {len(pcm)} values; expected at least {least}, one window")
    finite = np.isfinite(pcm)
    if not finite.all():
        bad = int(np.argmin(finite))
        raise AudioError(f"pcm[{bad}] is {pcm[bad]}; expected a finite value")
