"""Speech by its energy: louder than the noise around it, and with a voice's peaks in its spectrum.

The noise is what is quiet for a while: in each second the level that a fifth of the frames stay
below, and of the seconds around, the lowest. Above it by 9 dB a frame may be speech. Noise that
swells is as loud, but flat: the geometric mean of its power spectrum is near the arithmetic one
(spectral flatness; Johnston 1988), 0.56 for white noise and about 0.37 for pink, below 0.2 for
a voice. Fricatives are flat too; the margins of `spans` keep those at the edges. A tone that begins
is taken for a voice for as long as the seconds before it are quiet.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from asrbench.speech.audio import RATE_HZ, Pcm
from asrbench.speech.voice import FRAME

_ABOVE_DB = 9.0
_QUIETEST_DB = -62.0  # of full scale: below it nothing is speech
_FLATTEST = 0.2
_BAND_HZ = (100.0, 4000.0)
_SECOND = RATE_HZ // FRAME  # frames of a second, nearly
_AROUND = 4  # seconds before and after
_QUIET = 20  # percent of a second's frames
_BLOCK = 4096  # frames looked at together: bounds the memory


def probabilities(pcm: Pcm) -> NDArray[np.float32]:
    """Return 1 for each FRAME of pcm that may be speech, else 0: shape (-(-n // FRAME),)."""
    frames = np.zeros((-(-pcm.size // FRAME), FRAME), np.float32)
    frames.reshape(-1)[: pcm.size] = pcm
    parts = [_described(frames[at : at + _BLOCK]) for at in range(0, len(frames), _BLOCK)]
    level_db, flatness = (np.concatenate(part) for part in zip(*parts, strict=True))
    loud = level_db > np.maximum(_noise_db(level_db) + _ABOVE_DB, _QUIETEST_DB)
    return (loud & (flatness < _FLATTEST)).astype(np.float32)


def _described(frames: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the level in dB of full scale and the spectral flatness of each row."""
    spectrum = np.fft.rfft(frames * np.hanning(FRAME), axis=1)
    hz = np.fft.rfftfreq(FRAME, 1 / RATE_HZ)
    band = (hz >= _BAND_HZ[0]) & (hz <= _BAND_HZ[1])
    power = np.square(np.abs(spectrum[:, band])) + 1e-12
    flatness = np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1)
    level_db = 10 * np.log10(np.square(frames, dtype=np.float64).mean(axis=1) + 1e-12)
    return level_db, flatness


def _noise_db(level_db: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the level of the noise around each frame."""
    seconds = [level_db[at : at + _SECOND] for at in range(0, len(level_db), _SECOND)]
    quiet = np.array([np.percentile(second, _QUIET) for second in seconds])
    padded = np.pad(quiet, _AROUND, mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * _AROUND + 1).min(axis=1)
    noise: NDArray[np.float64] = np.repeat(around, _SECOND)[: len(level_db)]
    return noise
