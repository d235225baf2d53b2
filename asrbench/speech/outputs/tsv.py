"""Tab-separated values: a row for each segment, or for each word, times in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable

from asrbench.speech.outputs.cue import cues, milliseconds, one_line
from asrbench.speech.transcript import Transcript


def segments(transcript: Transcript) -> str:
    """Return the columns start, end and text: a tab or a new line in a text becomes a space."""
    rows = ((str(cue.start_ms), str(cue.end_ms), cue.text) for cue in cues(transcript))
    return _table(("start", "end", "text"), rows)


def words(transcript: Transcript) -> str:
    """Return the columns start, end, probability and word; no rows where nobody asked for words."""
    rows = (
        (
            str(milliseconds(word.start_s)),
            str(milliseconds(word.end_s)),
            f"{word.probability:.4f}",
            one_line(word.text),
        )
        for segment in transcript.segments
        for word in segment.words
    )
    return _table(("start", "end", "probability", "word"), rows)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    return "".join("\t".join(row) + "\n" for row in (head, *rows))
