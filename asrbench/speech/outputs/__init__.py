"""What a transcript is written as: a file of this package for each format, and their one list."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from asrbench.speech.outputs import jsonfile, srt, text, tsv, vtt
from asrbench.speech.transcript import Transcript

Write = Callable[[Transcript], str]

FORMATS: Mapping[str, Write] = {
    "txt": text.written,
    "json": jsonfile.written,
    "srt": srt.written,
    "vtt": vtt.written,
    "tsv": tsv.segments,
    "words.tsv": tsv.words,
}
"""How a transcript is written, by the ending of the file's name. The same transcript gives the same
bytes: none of them holds a time of the day or how long the work took."""
