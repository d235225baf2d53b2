"""A Run as Markdown, for a comment on a pull request; whatever came in stays text.

GitHub reads Markdown, HTML, mentions, links of issues and :emoji:. A text from outside has every
character but letters, digits and what is harmless as a character reference, which stands for itself
and can begin nothing (CommonMark 0.31, section 2.5); where it names someone or something (@, #,
:word:), it is in <code>, where GitHub looks for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from asrbench.measure.run import Run
from asrbench.report.comparison import groups, starts, threaded
from asrbench.report.sentences import (
    START_COLUMNS,
    contrast_lines,
    group_columns,
    group_note,
    group_rows,
    group_title,
    start_row,
)
from asrbench.report.summary import figures
from asrbench.report.wording import label, quantity

_PARTS = re.compile(
    r"(\d\.(?=\d)|[^\W_]_(?=[^\W_])|:(?= ))"  # 1.5, log_mel, "item: why": these begin nothing
    r"|(_|[^\w ,;/+%()=-])"  # these might
)
_CALLS = re.compile(r"[@#]|:[a-z_+-][\w+-]*:")
_SHOWN = 20  # failures, and differing texts of a group; a comment has a greatest length
_FIGURE_COLUMNS = ("figure", "value", "rests on")


def markdown(run: Run) -> str:
    """Return a Run as Markdown: whether it is right, tables of figures, failures, where it ran."""
    compared = groups(run)
    parts = [_heading(run), _verdict(run)]
    for group in compared:
        parts += [f"### {text(group_title(group))}", table(group_columns(group), group_rows(group))]
        parts += [text(group_note(group)), *_folded("texts that differ", contrast_lines(group))]
    if rows := [start_row(start) for start in starts(run)]:
        parts += ["### start and memory", table(START_COLUMNS, rows)]
    if not compared:
        parts += _figures(run)
    parts += [*_failures(run), _environment(run)]
    return "\n\n".join(parts) + "\n"


def text(words: str) -> str:
    """Return a text from outside as Markdown that shows it, and does nothing else."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in words)
    safe = _PARTS.sub(lambda part: part[1] or f"&#{ord(part[2])};", shown)
    return f"<code>{safe}</code>" if _CALLS.search(shown) else safe


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows under columns as a table of GitHub's; every cell may come from outside."""
    lines = [columns, *rows]
    head, *body = ["| " + " | ".join(map(text, line)) + " |" for line in lines]
    return "\n".join([head, "|" + " --- |" * len(columns), *body])


def _heading(run: Run) -> str:
    """Return which workload and engines, on which corpus."""
    settings = run.settings
    names = settings.get("engines") or [settings.get("engine", "")]
    what = f"{settings.get('workload', '')}: {' and '.join(map(str, names))}"
    corpus = settings.get("corpus")
    return f"## {text(what if corpus is None else f'{what} on {corpus}')}"


def _verdict(run: Run) -> str:
    """Return whether the Run is right, whole, and without failures; a line each."""
    lines = [
        f"**{'right' if case.check.passed else 'wrong'}** {text(case.name)}"
        + (f": {text(case.check.detail)}" if case.check.detail else "")
        for case in run.cases
        if case.check is not None
    ]
    if run.errors:
        lines.append(f"**{len(run.errors)} failure{'s' if len(run.errors) > 1 else ''}**")
    if run.partial:
        lines.append("**partial** the run was cut short; figures are of what was measured")
    return "\n".join(f"- {line}" for line in lines or ["nothing was checked; nothing failed"])


def _figures(run: Run) -> list[str]:
    """Return a table of the figures of each case."""
    made: list[str] = []
    found = figures(run)
    for case in run.cases:
        rows = [(label(f), quantity(f), f.note) for f in found if f.case == case.name]
        if rows:
            made += [f"### {text(case.name)}", table(_FIGURE_COLUMNS, rows)]
    return made


def _failures(run: Run) -> list[str]:
    """Return the first failures as a table, and how many more there are."""
    if not run.errors:
        return []
    rows = [(e.kind, e.item or e.case, e.message) for e in run.errors[:_SHOWN]]
    made = ["### failures", table(("kind", "of", "why"), rows)]
    if (more := len(run.errors) - _SHOWN) > 0:
        made.append(f"and {more} more")
    return made


def _folded(title: str, lines: Sequence[str]) -> list[str]:
    """Return the first lines as a list that is folded up, and how many more there are."""
    if not lines:
        return []
    points = [f"- {text(line)}" for line in lines[:_SHOWN]]
    if (more := len(lines) - _SHOWN) > 0:
        points.append(f"- and {more} more")
    listed = "\n".join(points)
    return [f"<details><summary>{title}</summary>\n\n{listed}\n\n</details>"]


def _environment(run: Run) -> str:
    """Return where it was measured, in a line."""
    here = run.environment
    counts = run.settings.get("threads") or [here["threads"]]
    commit = here["commit"] or "no commit"
    words = [
        " and ".join(map(threaded, counts)),
        str(here["cpu"] or "unnamed processor"),
        str(here["isa"] or ""),
        str(here["python"]),
        f"{commit[:12]}{', changed since' if here['dirty'] else ''}",
        str(here.get("taken_at", "")),
    ]
    return f"<sub>{text('; '.join(filter(None, words)))}</sub>"
