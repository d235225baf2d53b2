"""When each word of a stream was shown and committed, and how many were taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from asrbench.engine import Commit, Event, Partial
from asrbench.workload import Timing

_NO_WORD = re.compile(r"[^\w']+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stayed, and when, seconds: shown for good, and promised not to change."""

    text: str
    shown_s: float
    committed_s: float


@dataclass(frozen=True, slots=True)
class Story:
    """What a reader of one stream saw.

    `shown` counts the words that came up, `taken_back` those of them that went again, by the
    common beginning of what was shown before and after (Arivazhagan et al. 2020, re-translation);
    `broken` are words taken back that had been committed. `first_s` is when the first word came
    up, `final_s` when the last text was final; None where it never was. `text` is that of all
    utterances. Invariants: no more words are taken back than were shown.
    """

    words: tuple[Word, ...]
    shown: int
    taken_back: int
    broken: int
    first_s: float | None
    final_s: float | None
    text: str

    def __post_init__(self) -> None:
        """Refuse to take back what was not there."""
        if not 0 <= self.taken_back <= self.shown:
            raise ValueError(f"{self.taken_back} of {self.shown} words taken back; expected fewer")


def plain(word: str) -> str:
    """Return a word as words are compared here: letters, digits, apostrophes, in lower case."""
    return _NO_WORD.sub("", word).casefold()


def story(heard: Sequence[tuple[float, Event]]) -> Story:
    """Return what a reader saw, from the events with the moment each was known.

    Events of one moment are one change. Words differ where `plain` of them does. A word of a
    final text counts as committed when it was, if it stayed, and else when that text was final.
    """
    on_screen: list[Word] = []  # whose committed_s does not count
    committed: list[Word] = []
    ended = 0  # of them, in utterances that are over
    shown = taken_back = broken = 0
    first_s: float | None = None
    final_s: float | None = None
    texts: list[str] = []
    for at_s, events in groupby(heard, key=lambda pair: pair[0]):
        after = [word.text for word in on_screen]
        for _, event in events:
            if isinstance(event, Commit):
                committed.extend(Word(text, at_s, at_s) for text in _words(event.text))
                after = [*(word.text for word in committed), *after[len(committed) :]]
            elif isinstance(event, Partial):
                after = [*(word.text for word in committed), *_words(event.text)]
            else:
                whole = list(_words(event.text))
                after = [*(word.text for word in committed[:ended]), *whole]
                kept = ended + _common([word.text for word in committed[ended:]], whole)
                broken += len(committed) - kept
                late = (Word(text, at_s, at_s) for text in whole[kept - ended :])
                committed = [*committed[:kept], *late]
                ended = len(committed)
                final_s = at_s
                texts.append(event.text)
        same = _common([word.text for word in on_screen], after)
        taken_back += len(on_screen) - same
        shown += len(after) - same
        on_screen = [
            *(Word(text, on_screen[i].shown_s, 0.0) for i, text in enumerate(after[:same])),
            *(Word(text, at_s, 0.0) for text in after[same:]),
        ]
        if first_s is None and after:
            first_s = at_s
    words = tuple(
        Word(seen.text, seen.shown_s, promised.committed_s)
        for seen, promised in zip(on_screen, committed, strict=False)
    )
    text = " ".join(filter(None, texts)) if texts else " ".join(word.text for word in words)
    return Story(words, shown, taken_back, broken, first_s, final_s, text)


def ends_s(words: Sequence[Word], timing: Timing) -> list[float | None]:
    """Return when each word of a stream ends in the audio, by the words whose times are known.

    Words are paired in order where they are equal, and one to one where as many differ; None for
    a word that has no partner.
    """
    known = [
        (plain(word), end)
        for word, end in zip(timing.words, timing.ends_s, strict=True)
        if plain(word)
    ]
    found: list[float | None] = [None] * len(words)
    matcher = SequenceMatcher(
        None, [word for word, _ in known], [plain(word.text) for word in words], autojunk=False
    )
    for kind, first, last, start, stop in matcher.get_opcodes():
        if kind == "equal" or (kind == "replace" and last - first == stop - start):
            found[start:stop] = [end for _, end in known[first:last]]
    return found


def erasure(stories: Sequence[Story]) -> tuple[float | None, Mapping[str, int]]:
    """Return words taken back / words shown over all streams, and the counts; None for no words."""
    counts = {
        "shown": sum(story.shown for story in stories),
        "taken back": sum(story.taken_back for story in stories),
        "committed and taken back": sum(story.broken for story in stories),
    }
    return (counts["taken back"] / counts["shown"] if counts["shown"] else None), counts


def _words(text: str) -> Iterator[str]:
    return (word for word in text.split() if plain(word))


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many words at the beginning are the same."""
    count = 0
    for one, other in zip(before, after, strict=False):
        if plain(one) != plain(other):
            break
        count += 1
    return count
