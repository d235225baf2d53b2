"""What a session hears with: audio at hand as mel frames, and what is said in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from asrbench._native import Continued
    from asrbench.speech.audio import Pcm


@dataclass(frozen=True, slots=True)
class Limits:
    """What a model sets: seconds of a window, and tokens of its text. Invariants: both above 0."""

    window_s: float
    tokens: int

    def __post_init__(self) -> None:
        """Refuse a model that hears or says nothing."""
        if not (self.window_s > 0 and self.tokens > 0):
            raise ValueError(f"window_s is {self.window_s}, tokens {self.tokens}; expected above 0")


class Hearing(Protocol):
    """Audio that is still arriving; `_native.Stream`, the oracle's, or a test's own."""

    def push(self, pcm: Pcm, /) -> None:
        """Take the next pcm. AudioError refuses it."""
        ...

    def end(self) -> None:
        """No pcm comes any more."""
        ...

    def frames(self) -> int:
        """Return how many mel frames, 10 ms each, are at hand."""
        ...

    def forget(self, frames: int, /) -> None:
        """Drop the first of them."""
        ...

    def decode(self, standing: Sequence[int], most: int, margin: int, /) -> Continued:
        """Return at most so many tokens behind those that stand.

        The states of the audio and `margin` behind it, 20 ms each, are computed for it.
        """
        ...
