"""The text that stands: committed tokens of the audio at hand, which every pass begins with."""

from __future__ import annotations

from dataclasses import dataclass, field

from asrbench.speech.streaming.words import Spoken

FRAMES_PER_S = 100  # mel frames
FRAMES = 2  # mel frames of a timestamp's step: 20 ms


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass found in the audio at hand.

    `tokens` begin with those that stood; `words` are those behind them, `glue` is what came to the
    last standing word: punctuation or nothing.
    """

    tokens: tuple[int, ...]
    words: tuple[Spoken, ...]
    glue: str


@dataclass(slots=True)
class Standing:
    """Tokens that are not asked again, timestamps among them, and where the last word ends.

    Invariants: the first token, if any, is a timestamp. `end` is a mel frame of the audio at hand.
    """

    timestamp_begin: int
    tokens: list[int] = field(default_factory=list)
    end: int = 0

    def commit(self, found: Pass, last: Spoken, marks: bool) -> None:
        """Let a pass's words up to `last` stand, with its punctuation or without."""
        behind = last.behind if marks or last.mark == last.first else last.mark
        self.tokens = list(found.tokens[:behind])
        self.end = round(last.end_s * FRAMES_PER_S)

    def closed(self) -> int:
        """Return the mel frame at which the last segment that another follows ends; 0 if none."""
        place = self._pair()
        return 0 if place is None else FRAMES * (self.tokens[place] - self.timestamp_begin)

    def cut(self) -> None:
        """Forget the tokens of the segments up to `closed()`: the audio is cut there."""
        place = self._pair()
        if place is None:
            return
        moved = self.tokens[place] - self.timestamp_begin
        self.end = max(0, self.end - FRAMES * moved)
        self.tokens = [
            token - moved if token >= self.timestamp_begin else token
            for token in self.tokens[place + 1 :]
        ]

    def clear(self) -> None:
        """Forget all tokens."""
        self.tokens, self.end = [], 0

    def _pair(self) -> int | None:
        """Return the place of the first timestamp of the last pair."""
        for place in range(len(self.tokens) - 2, 0, -1):
            if min(self.tokens[place], self.tokens[place + 1]) >= self.timestamp_begin:
                return place
        return None
