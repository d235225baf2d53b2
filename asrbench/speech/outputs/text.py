"""Plain text: a line for each segment."""

from __future__ import annotations

from asrbench.speech.outputs.cue import one_line
from asrbench.speech.transcript import Transcript


def written(transcript: Transcript) -> str:
    """Return the text, a segment a line; all of it on one line where there are no segments."""
    texts = [segment.text for segment in transcript.segments] or [transcript.text]
    return "".join(f"{line}\n" for line in map(one_line, texts) if line)
