"""WebVTT: cues, with a tag of its time before each word but the first where words are known.

Source: W3C, WebVTT, "WebVTT cue text": "&", "<" and ">" are written as entities, which leaves no
arrow either; a time within a cue lies between its start and its end, after the one before it.
"""

from __future__ import annotations

from asrbench.speech.outputs.cue import Cue, clock, cues, milliseconds, one_line
from asrbench.speech.transcript import Transcript

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def written(transcript: Transcript) -> str:
    """Return the segments as WebVTT."""
    return "WEBVTT\n\n" + "".join(
        f"{clock(cue.start_ms, '.')} --> {clock(cue.end_ms, '.')}\n{_text(cue)}\n\n"
        for cue in cues(transcript)
    )


def _text(cue: Cue) -> str:
    """Return the text of a cue: its words, each with its time, or the text where it has none."""
    said, before = "", cue.start_ms
    for word in cue.words:
        text = one_line(word.text)
        if not text:
            continue
        space = " " if said and word.text[:1].isspace() else ""
        at_ms = milliseconds(word.start_s)
        if said and before < at_ms < cue.end_ms:
            said += f"{space}<{clock(at_ms, '.')}>{text.translate(_ENTITIES)}"
            before = at_ms
        else:
            said += space + text.translate(_ENTITIES)
    return said or cue.text.translate(_ENTITIES)
