"""A gate's answer as one page that needs nothing else; whatever came in is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from asrbench.gate.verdict import Gated, Outcome
from asrbench.measure.run_file import write_whole
from asrbench.report.gate import functions, wording
from asrbench.report.gate.plots import Curves, plots
from asrbench.report.gate.wording import printable
from asrbench.report.html import drawn_at, filled, listed, setting

_TONES = {0: "good", 1: "bad", 2: "", 3: "bad"}
_MARKS = {0: "✓", 1: "✗", 2: "?", 3: "✗"}
_COLUMNS = (*wording.COLUMNS[:-2], "trust, and why")
_FUNCTION_COLUMNS = ("function", "base", "head", "difference", "of the largest")
_SHOWN = 50  # functions of a case


def page(gated: Gated, curves: Curves | None = None) -> str:
    """Return the page as HTML: verdicts, launches, what calibration found, the environment."""
    drawn = plots(gated, curves or {})
    body = [
        *(_verdicts(gated, outcome) for outcome in wording.SERIOUS),
        _unmeasured(gated),
        _verdicts(gated, "pass"),
        _notes(gated),
        *(drawn_at(number, plot) for number, plot in enumerate(drawn)),
        *(_functions(gated, case) for case in gated.functions),
        _named("Settings", gated.settings),
        _named("Environment", gated.environment),
    ]
    return filled(
        title=printable(wording.title(gated)),
        subtitle=wording.conclusion(gated),
        badges=_badges(gated),
        body="".join(body),
        drawn=drawn,
    )


def write(gated: Gated, path: Path, curves: Curves | None = None) -> None:
    """Write the page, whole or not at all."""
    write_whole(path, page(gated, curves))


def _badges(gated: Gated) -> str:
    """Return the outcome in words, not by colour alone."""
    mark, tone = _MARKS[gated.code], _TONES[gated.code]
    return f'<span class="badge {tone}">{mark} {escape(wording.ending(gated))}</span>'


def _verdicts(gated: Gated, outcome: Outcome) -> str:
    """Return a table of the verdicts of an outcome; empty where there are none."""
    found = wording.of(gated, outcome)
    rows = [wording.row(verdict) for verdict in found]
    if not rows:
        return ""
    merged = [(*cells, f"{trust}; {why}") for *cells, trust, why in rows]
    return f"<h2>{wording.counted(len(rows), outcome)}</h2>{_table(_COLUMNS, merged)}"


def _unmeasured(gated: Gated) -> str:
    """Return a table of what could not be judged; empty where all could."""
    rows = [wording.unmeasured_row(one) for one in gated.unmeasured]
    if not rows:
        return ""
    return f"<h2>{len(rows)} not measured</h2>{_table(wording.UNMEASURED_COLUMNS, rows)}"


def _notes(gated: Gated) -> str:
    """Return the notes as a list; empty where there are none."""
    if not gated.notes:
        return ""
    listed_up = "".join(f"<li>{escape(printable(note))}</li>" for note in gated.notes)
    return f"<h2>Notes</h2><ul>{listed_up}</ul>"


def _functions(gated: Gated, case: str) -> str:
    """Return a table of the functions of a case, folded up."""
    lines = functions.spent(gated, case)
    rows = [
        (o.function, f"{o.base:,}", f"{o.head:,}", f"{o.difference:+,}", f"{100 * o.share:.1f} %")
        for o in lines[:_SHOWN]
    ]
    more = f'<p class="note">and {len(lines) - _SHOWN} more</p>' if len(lines) > _SHOWN else ""
    where = functions.place(gated, case)
    return (
        f"<h2>Instructions: {escape(printable(case))}</h2>"
        f'<p class="note">inclusive, by callgrind; {escape(printable(where or "nothing grew"))}</p>'
        f"<details><summary>by function</summary>{_table(_FUNCTION_COLUMNS, rows)}{more}</details>"
    )


def _named(title: str, values: Mapping[str, Any]) -> str:
    """Return settings name by name; empty where there are none."""
    if not values:
        return ""
    rows = "".join(
        f"<dt>{escape(printable(name))}</dt><dd>{printable(setting(value))}</dd>"
        for name, value in values.items()
    )
    return f"<h2>{title}</h2><dl>{rows}</dl>"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows under columns, all printable."""
    table = listed(columns, [tuple(map(printable, cells)) for cells in rows])
    return f'<div class="verdicts">{table}</div>'
