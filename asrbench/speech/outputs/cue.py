"""Cues: what subtitles show, for how long, on one line without anything a format would obey."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from asrbench.speech.transcript import Transcript, Word

_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}  # control, surrogate, separators of lines and paragraphs


@dataclass(frozen=True, slots=True)
class Cue:
    """One line of text from a millisecond to a later one.

    Invariants: `0 <= start_ms < end_ms`; `text` is one line, not empty. `words` may be empty.
    """

    start_ms: int
    end_ms: int
    text: str
    words: tuple[Word, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no player could show."""
        if not 0 <= self.start_ms < self.end_ms:
            raise ValueError(
                f"cue runs from {self.start_ms} ms to {self.end_ms} ms; expected 0 <= start < end"
            )
        if self.text != one_line(self.text) or not self.text:
            raise ValueError(f"cue says {self.text!r}; expected one line of text")


def cues(transcript: Transcript) -> Iterator[Cue]:
    """Yield a cue for each segment that says something, at least 1 ms long.

    A transcript without segments has no times, so it has no cues.
    """
    for segment in transcript.segments:
        text = one_line(segment.text)
        if text:
            start_ms = milliseconds(segment.start_s)
            end_ms = max(milliseconds(segment.end_s), start_ms + 1)
            yield Cue(start_ms, end_ms, text, segment.words)


def one_line(text: str) -> str:
    """Return the text on one line: whatever breaks lines or is unseen becomes a single space."""
    plain = "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in text)
    return " ".join(plain.split())


def milliseconds(seconds: float) -> int:
    """Return seconds as whole milliseconds, rounded to the nearest."""
    return round(1000 * seconds)


def clock(ms: int, point: str) -> str:
    """Return milliseconds as "00:01:02.345", with `point` before the thousandths."""
    seconds, thousandths = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{thousandths:03}"
