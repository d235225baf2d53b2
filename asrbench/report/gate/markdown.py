"""A gate's answer as Markdown, for a comment on a pull request: what matters first, passes folded.

A comment of GitHub has a greatest length. What matters most takes its room first, and what finds
none is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from asrbench.gate.verdict import Gated, Outcome
from asrbench.report.gate import functions, wording
from asrbench.report.markdown import table, text

LONGEST = 60_000  # characters; GitHub takes 65,536
_CELL = 200  # characters of a cell before it is cut; escaped, each may need eight
_MESSAGE = 600  # of what a build or a process said at last
_RESERVED = 200  # for the words around a section's lines
_TABLE_HEAD = 2  # lines of a table above its rows


@dataclass(frozen=True, slots=True)
class _Section:
    """Lines under a heading, the first `head` of which are no entries; `end` closes it."""

    heading: str
    lines: Sequence[str]
    head: int = 0
    end: str = ""


def markdown(gated: Gated) -> str:
    """Return a gate's answer as Markdown of at most LONGEST characters.

    Regressions and where they are, what is inconclusive, what could not be measured, improvements,
    notes, and passes in a fold. Every name and message stays text.
    """
    sections = [
        _verdicts(gated, "regression"),
        _Section("", [f"- {text(_cut(line))}" for line in _places(gated)]),
        _verdicts(gated, "inconclusive"),
        _unmeasured(gated),
        _verdicts(gated, "improvement"),
        _Section("", [f"- {text(_cut(note, _MESSAGE))}" for note in gated.notes]),
        _passes(gated),
    ]
    parts = [f"## {text(_cut(wording.title(gated)))}", f"**{text(wording.conclusion(gated))}**"]
    room = LONGEST - sum(map(len, parts)) - _RESERVED * len(sections)
    for section in sections:
        if section.lines[section.head :]:
            lines, left = _fitting(section, room)
            room -= sum(len(line) + 1 for line in lines)
            more = f"and {left} more" if left else ""
            parts += filter(None, (section.heading, "\n".join(lines), more, section.end))
    return "\n\n".join(parts) + "\n"


def _fitting(section: _Section, room: int) -> tuple[Sequence[str], int]:
    """Return the lines of a section that fit into so many characters, and how many do not."""
    lines = section.lines
    taken = 0
    for count, line in enumerate(lines):
        taken += len(line) + 1
        if taken > room:
            shown = lines[:count] if count > section.head else []
            return shown, len(lines) - max(count, section.head)
    return lines, 0


def _verdicts(gated: Gated, outcome: Outcome) -> _Section:
    """Return a section of the verdicts of an outcome."""
    found = wording.of(gated, outcome)
    heading = f"### {wording.counted(len(found), outcome)}"
    rows = [[_cut(cell) for cell in wording.row(verdict)] for verdict in found]
    return _Section(heading, table(wording.COLUMNS, rows).splitlines(), _TABLE_HEAD)


def _passes(gated: Gated) -> _Section:
    """Return a section of what passes, folded up."""
    listed = _verdicts(gated, "pass")
    words = wording.counted(len(wording.of(gated, "pass")), "pass")
    summary = f"<details><summary>{words}</summary>"
    return _Section(summary, listed.lines, listed.head, "</details>")


def _unmeasured(gated: Gated) -> _Section:
    """Return a section of what could not be judged."""
    rows = [[_cut(cell, _MESSAGE) for cell in wording.unmeasured_row(u)] for u in gated.unmeasured]
    lines = table(wording.UNMEASURED_COLUMNS, rows).splitlines()
    return _Section(f"### {len(rows)} not measured", lines, _TABLE_HEAD)


def _places(gated: Gated) -> list[str]:
    """Return in which function each case that regressed spends more."""
    cases = wording.by_case(wording.of(gated, "regression"))
    return [f"{case} {place}" for case in cases if (place := functions.place(gated, case))]


def _cut(words: str, most: int = _CELL) -> str:
    """Return a text of so many characters at most."""
    return words if len(words) <= most else f"{words[: most - 1]}…"
