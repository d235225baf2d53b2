"""JSON: everything that a transcript holds but how long the work took."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from asrbench.speech.doubt import doubts, doubts_of_all
from asrbench.speech.transcript import Transcript

SCHEMA = "asrbench.transcript/1"


def written(transcript: Transcript) -> str:
    """Return a JSON object, its fields named as those of Transcript, Segment and Word.

    `doubts` say why a segment, or the whole, may be something that nobody said.
    """
    return json.dumps({"schema": SCHEMA, **record(transcript)}, ensure_ascii=False, indent=1) + "\n"


def record(transcript: Transcript) -> dict[str, Any]:
    """Return the same as JSON values; a character that cannot be written becomes U+FFFD."""
    return {
        "text": _sound(transcript.text.strip()),
        "avg_log_prob": transcript.avg_log_prob,
        "no_speech_prob": transcript.no_speech_prob,
        "language": transcript.language,
        "language_probability": transcript.language_probability,
        "rounded": transcript.rounded,
        "doubts": list(doubts_of_all(transcript)),
        "segments": [
            {
                **asdict(segment),
                "text": _sound(segment.text),
                "words": [{**asdict(word), "text": _sound(word.text)} for word in segment.words],
                "doubts": list(doubts(segment)),
            }
            for segment in transcript.segments
        ],
    }


def _sound(text: str) -> str:
    """Replace halves of surrogate pairs, which UTF-8 does not have."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
