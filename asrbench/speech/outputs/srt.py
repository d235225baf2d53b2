r"""SubRip: numbered cues, with nothing in their text that a reader or a player would obey.

The format was never written down and has no escapes, so what means something is replaced by what
looks like it: an arrow "-->" by "->", the "<" of a tag by U+2039, the "{" of a tag like {\i1} by
"(".
"""

from __future__ import annotations

from asrbench.speech.outputs.cue import clock, cues
from asrbench.speech.transcript import Transcript


def written(transcript: Transcript) -> str:
    """Return the segments as SubRip; an empty text where there are none."""
    return "".join(
        f"{number}\n{clock(cue.start_ms, ',')} --> {clock(cue.end_ms, ',')}\n{_plain(cue.text)}\n\n"
        for number, cue in enumerate(cues(transcript), start=1)
    )


def _plain(text: str) -> str:
    while "-->" in text:  # replacing one may leave another: "--->"
        text = text.replace("-->", "->")
    return text.replace("<", "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}").replace("{\\", "(\\")
