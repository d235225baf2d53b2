"""Voice activity: when somebody speaks, as spans of time that begin and end in pauses.

A detector gives every FRAME of pcm a probability of speech; `spans` makes spans of them. `energy`
needs NumPy alone, `silero` a network (extra [vad]).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from asrbench.errors import OptionError
from asrbench.speech import audio
from asrbench.speech.audio import RATE_HZ, Pcm

FRAME = 512  # pcm values a probability is of: 32 ms

Detector: TypeAlias = Callable[[Pcm], NDArray[np.float32]]
"""Gives pcm of shape (n,) a probability of speech for each FRAME begun: shape (-(-n // FRAME),)."""

NAMES = ("energy", "silero")

_OPENS = 0.5  # speech begins at this probability,
_CLOSES = 0.35  # and lasts as long as it does not fall below this one
_SHORTEST_S = 0.1  # what is shorter is a click
_PAUSE_S = 0.5  # what is shorter is no pause: hangover
_MARGIN_S = 0.25  # kept on either side: weak consonants are silent to a detector


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of speech, in pcm values from the beginning of the audio.

    Invariants: `0 <= start < end`.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse a span that has no length."""
        if not 0 <= self.start < self.end:
            raise ValueError(f"span from {self.start} to {self.end}; expected 0 <= start < end")

    @property
    def start_s(self) -> float:
        """When it begins, in seconds."""
        return self.start / RATE_HZ

    @property
    def end_s(self) -> float:
        """When it ends, in seconds."""
        return self.end / RATE_HZ


def detector(name: str) -> Detector:
    """Return the detector of that name, one of NAMES.

    Raises OptionError for another name, EngineError where what it needs is not installed.
    """
    if name == "energy":
        from asrbench.speech.voice import energy

        return energy.probabilities
    if name == "silero":
        from asrbench.speech.voice.silero import Silero

        return Silero()
    raise OptionError(f"detector is {name!r}; expected one of {', '.join(NAMES)}")


def speech(
    pcm: NDArray[Any], rate_hz: float = RATE_HZ, detect: Detector | None = None
) -> tuple[Span, ...]:
    """Return when somebody speaks in audio of shape (n,) or (n, channels), in order and apart.

    Spans count values at 16 kHz whatever the rate. Raises AudioError as `audio.from_array`.
    """
    heard = audio.from_array(pcm, rate_hz)
    return spans((detect or detector("energy"))(heard), heard.size)


def spans(probabilities: NDArray[np.float32], size: int) -> tuple[Span, ...]:
    """Return the spans of speech in `size` values of pcm, of which each FRAME has a probability.

    Speech begins at 0.5 and lasts until it falls below 0.35; pauses under 0.5 s are bridged, speech
    under 0.1 s is dropped, and 0.25 s are kept on either side.
    """
    runs = _joined(_runs(probabilities), round(_PAUSE_S * RATE_HZ))
    margin = round(_MARGIN_S * RATE_HZ)
    kept = [
        (max(0, start - margin), min(size, end + margin))
        for start, end in runs
        if end - start >= _SHORTEST_S * RATE_HZ and start < size
    ]
    return tuple(Span(start, end) for start, end in _joined(kept, 0))


def _runs(probabilities: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Return where speech begins and ends, in pcm values."""
    found = []
    begun: int | None = None
    for number, probability in enumerate(probabilities.tolist()):
        if begun is None and probability >= _OPENS:
            begun = number
        elif begun is not None and probability < _CLOSES:
            found.append((begun * FRAME, number * FRAME))
            begun = None
    if begun is not None:
        found.append((begun * FRAME, len(probabilities) * FRAME))
    return found


def _joined(runs: Sequence[tuple[int, int]], pause: int) -> list[tuple[int, int]]:
    """Join the runs between which there are fewer than `pause` values, or none."""
    found: list[tuple[int, int]] = []
    for start, end in runs:
        if found and start - found[-1][1] <= pause:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
