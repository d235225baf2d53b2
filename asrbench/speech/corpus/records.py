"""A corpus is a named, ordered set of utterances: audio to load, and what was said in it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from asrbench.errors import CorpusError
from asrbench.speech.audio import Pcm


@dataclass(frozen=True, slots=True)
class Utterance:
    """One piece of speech.

    Invariants: `id` is not empty; `duration_s` is finite and above zero. `reference` is what was
    said, as written (WER normalises it), "" for silence, None where nobody wrote it down.
    `word_ends_s` says when each word of the reference ends, seconds, None where nobody aligned it.
    """

    id: str
    duration_s: float
    reference: str | None
    load: Callable[[], Pcm]
    word_ends_s: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse an utterance without a name or a length."""
        if not self.id:
            raise CorpusError("an utterance has an empty id; expected a name")
        if not (math.isfinite(self.duration_s) and self.duration_s > 0):
            raise CorpusError(
                f"utterance {self.id!r} has duration {self.duration_s} s; "
                "expected a finite number above zero"
            )

        words = len((self.reference or "").split())
        if self.word_ends_s is not None and len(self.word_ends_s) != words:
            raise CorpusError(
                f"utterance {self.id!r} has {len(self.word_ends_s)} word ends; expected {words}, "
                "one for each word of its reference"
            )

    def pcm(self) -> Pcm:
        """Return the audio, shape (n,), loaded anew each time. Raises AudioError."""
        return self.load()


@dataclass(frozen=True, slots=True)
class Corpus:
    """The utterances an engine is given, in the order of their source.

    Invariants: `name` is not empty; at least one utterance; no id twice.
    """

    name: str
    utterances: tuple[Utterance, ...]
    licence: str  # of the audio, as its source states it

    def __post_init__(self) -> None:
        """Refuse a corpus without a name, without utterances, or with one twice."""
        if not self.name:
            raise CorpusError("a corpus has an empty name; expected a name")
        if not self.utterances:
            raise CorpusError(f"corpus {self.name!r} has no utterance; expected at least one")
        seen: set[str] = set()
        for utterance in self.utterances:
            if utterance.id in seen:
                raise CorpusError(
                    f"corpus {self.name!r} has the id {utterance.id!r} twice; expected unique ids"
                )
            seen.add(utterance.id)

    @property
    def duration_s(self) -> float:
        """Seconds of audio in all utterances, as their source states it."""
        return math.fsum(utterance.duration_s for utterance in self.utterances)
