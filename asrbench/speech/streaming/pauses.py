"""Hears where speech pauses, by the energy of blocks over a floor that follows the noise."""

from __future__ import annotations

from collections import deque

import numpy as np

from asrbench.speech.audio import Pcm

HISTORY = 150  # blocks whose quietest tenth is the floor: 3 s
ABOVE_DB = 9.0  # over the floor, from which on a block is speech
QUIET_DB = -60.0  # below this nothing is speech, 0 dB being a full square wave
LOUD_DB = -35.0  # the floor is not put higher than this: speech without a pause is no noise
LEAST = 5  # blocks of speech that make an utterance: 100 ms


class Pauses:
    """Counts blocks of speech since the last reset, and blocks of quiet behind them.

    Bounded: it remembers the levels of the last 3 s.
    """

    def __init__(self) -> None:
        """Begin in a quiet room."""
        self._levels: deque[float] = deque(maxlen=HISTORY)
        self._speech = 0
        self._quiet = 0

    def hear(self, block: Pcm) -> None:
        """Take the next block of pcm, shape (n,), one value or more."""
        wide = block.astype(np.float64)  # squares of float32 overflow
        power = float(np.dot(wide, wide)) / len(block)
        level = 10 * np.log10(max(power, 1e-10))
        self._levels.append(level)
        tenth = len(self._levels) // 10
        floor = min(sorted(self._levels)[tenth], LOUD_DB)
        if level > max(floor + ABOVE_DB, QUIET_DB):
            self._speech += 1
            self._quiet = 0
        else:
            self._quiet += 1

    @property
    def speech(self) -> bool:
        """Whether there was speech since the last reset."""
        return self._speech >= LEAST

    @property
    def quiet(self) -> int:
        """How many blocks there were behind the last one of speech."""
        return self._quiet

    def reset(self) -> None:
        """Forget the speech, keep the floor: an utterance has ended."""
        self._speech = self._quiet = 0
