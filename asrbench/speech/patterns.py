"""Named patterns over what was said: numbers, dates, commands, keywords become events with times.

    [[pattern]]
    name = "transfer"                     # what its events are called
    kind = "words"                        # words, regex, number or date
    words = ["an operator", "transfer"]   # phrases; case and punctuation do not matter
    least_confidence = 0.5                # 0 by default

A regex (kind "regex") is Python's, in any case; a group named `value` is the event's value. Of a
segment the first 2000 characters are looked at, ten times what one usually holds. That bounds
the time of patterns that are linear, as ours are; a regex of yours that backtracks exponentially,
such as (a+)+b, can still take for ever.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from asrbench.errors import OptionError
from asrbench.speech import spoken
from asrbench.speech.transcript import Segment, Transcript

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

KINDS = ("words", "regex", "number", "date")
LONGEST = 2000  # characters of a segment

_SCHEMA = "asrbench.events/1"
_KEYS = {"name", "kind", "words", "regex", "least_confidence"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """What to look for. Invariants: `regex` never matches nothing; 0 <= least_confidence <= 1."""

    name: str
    kind: str
    regex: re.Pattern[str]
    least_confidence: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what would be found everywhere, or is no probability."""
        if self.regex.search(""):
            raise ValueError(f"{self.regex.pattern!r} matches nothing at all; expected a text")
        if not 0 <= self.least_confidence <= 1:
            raise ValueError(f"least_confidence is {self.least_confidence}; expected 0 to 1")


@dataclass(frozen=True, slots=True)
class Event:
    """A pattern found: when, in what words, how surely.

    `confidence` is the product of the words' probabilities: that of all being right, were they
    independent. Without words it is that of the segment's average token, and the times are the
    segment's. `value` is a number, or what the group `value` matched.
    """

    pattern: str
    text: str
    start_s: float
    end_s: float
    confidence: float
    value: float | str | None


def events(patterns: Sequence[Pattern], transcript: Transcript) -> Iterator[Event]:
    """Yield what is found, segment by segment, in each in the order of the text."""
    for segment in transcript.segments:
        found = [event for pattern in patterns for event in _found(pattern, segment)]
        yield from (event for _, event in sorted(found, key=lambda pair: pair[0]))


def written(patterns: Sequence[Pattern], transcript: Transcript) -> str:
    """Return the events as a JSON object."""
    found = [asdict(event) for event in events(patterns, transcript)]
    return json.dumps({"schema": _SCHEMA, "events": found}, ensure_ascii=False, indent=1) + "\n"


def fingerprint(patterns: Sequence[Pattern]) -> str:
    """Return a SHA-256: patterns with the same one find the same."""
    said = [(p.name, p.kind, p.regex.pattern, p.least_confidence) for p in patterns]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _found(pattern: Pattern, segment: Segment) -> Iterator[tuple[int, Event]]:
    """Yield the events of a pattern in a segment, each with where in the text it is."""
    text = "".join(word.text for word in segment.words) or segment.text
    for match in pattern.regex.finditer(text[:LONGEST]):
        if match.start() == match.end():  # of \\b, say: nothing was said
            continue
        start_s, end_s = segment.start_s, segment.end_s
        confidence = min(1.0, math.exp(segment.avg_log_prob))
        ends = list(accumulate(len(word.text) for word in segment.words))
        touched = [
            word
            for word, end in zip(segment.words, ends, strict=True)
            if match.start() < end and end - len(word.text) < match.end()
        ]
        if touched:
            start_s, end_s = touched[0].start_s, max(word.end_s for word in touched)
            confidence = math.prod(word.probability for word in touched)
        if confidence >= pattern.least_confidence:
            said = match.group().strip()
            value = _value(pattern, match)
            yield match.start(), Event(pattern.name, said, start_s, end_s, confidence, value)


def _value(pattern: Pattern, match: re.Match[str]) -> float | str | None:
    if pattern.kind == "number":
        return spoken.number(match.group())
    return match.groupdict().get("value")


def read(path: Path) -> tuple[Pattern, ...]:
    """Return the patterns of a TOML file.

    Raises OptionError, which names the line, for what is no TOML or no pattern.
    """
    try:
        text = path.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except (OSError, ValueError) as error:  # the latter names the line itself
        raise OptionError(f"{path}: {error}; expected a TOML file of patterns") from error
    rows = tables.pop("pattern", None)
    if tables or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise OptionError(
            f"{path} has {sorted(tables) or 'no pattern'}; expected [[pattern]] alone"
        )
    heads = [n for n, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[", line)]
    lines: list[object] = [f"pattern {number}" for number in range(1, len(rows) + 1)]
    if len(heads) == len(rows):
        lines = list(heads)
    found = [_checked(row, f"{path}:{line}") for row, line in zip(rows, lines, strict=True)]
    names = [pattern.name for pattern in found]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise OptionError(f"{path}: the name {name!r} is there twice; expected each once")
    return tuple(found)


def _checked(row: dict[str, Any], where: str) -> Pattern:
    try:
        return _pattern(row)
    except (ValueError, re.error, OverflowError, RecursionError) as error:
        raise OptionError(f"{where}: {error}") from error


def _pattern(row: dict[str, Any]) -> Pattern:
    """Return a table of the file as a Pattern. Raises ValueError or re.error."""
    if unknown := sorted(row.keys() - _KEYS):
        raise ValueError(f"{', '.join(unknown)} mean nothing; expected {', '.join(sorted(_KEYS))}")
    name, kind, least = row.get("name"), row.get("kind"), row.get("least_confidence", 0.0)
    if not isinstance(name, str) or not name:
        raise ValueError(f"name is {name!r}; expected a text")
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; expected one of {', '.join(KINDS)}")
    if not isinstance(least, (int, float)) or isinstance(least, bool):
        raise ValueError(f"least_confidence is {least!r}; expected 0 to 1")
    for key in ("words", "regex"):
        if (key in row) != (key == kind):
            raise ValueError(f"{key!r} is {row.get(key)!r}; expected it of kind {key!r} alone")
    return Pattern(name, kind, re.compile(_source(row), re.IGNORECASE), float(least))


def _source(row: dict[str, Any]) -> str:
    """Return the regular expression of a table of the file."""
    if row["kind"] == "number":
        return spoken.NUMBER
    if row["kind"] == "date":
        return spoken.DATE
    if row["kind"] == "regex":
        if not isinstance(row["regex"], str):
            raise ValueError(f"regex is {row['regex']!r}; expected a text")
        return row["regex"]
    phrases = row["words"]
    if not isinstance(phrases, list) or not phrases:
        raise ValueError(f"words are {phrases!r}; expected a list of phrases")
    sources = []
    for phrase in phrases:
        words = re.findall(r"\w+", phrase) if isinstance(phrase, str) else []
        if not words:
            raise ValueError(f"{phrase!r} among the words; expected a word or several")
        sources.append(r"\W{1,8}".join(map(re.escape, words)))
    return rf"\b(?:{'|'.join(sorted(sources, key=len, reverse=True))})\b"
