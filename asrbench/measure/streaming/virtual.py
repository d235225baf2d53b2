"""A clock that jumps over waiting: a stream takes the time of the engine's work, not the audio's.

Every moment is what it would be on the wall where one stream has the machine to itself: work takes
the time it takes, and what was waited for is there. Several streams work at once on the wall,
which no jump can tell.
"""

from __future__ import annotations

from asrbench.measure.interleave import Clock


class VirtualClock:
    """A clock and the seconds that were skipped so far."""

    def __init__(self, clock: Clock) -> None:
        """Run with `clock` where nobody waits."""
        self._clock = clock
        self._skipped_s = 0.0

    def __call__(self) -> float:
        """Return the time, seconds."""
        return self._clock() + self._skipped_s

    def skip(self, seconds: float) -> None:
        """Be so much later at once."""
        self._skipped_s += seconds
