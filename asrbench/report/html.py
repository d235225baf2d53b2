"""A Run as one page that needs nothing else: tables, plots, texts; whatever came in is escaped."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from plotly.offline import get_plotlyjs

from asrbench.measure.run import Run
from asrbench.report import texts
from asrbench.report.comparison import groups, starts, threaded
from asrbench.report.plots import Plot, plots
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
from asrbench.report.units import work
from asrbench.report.wording import label, quantity

_TEMPLATE = Path(__file__).with_name("page.html")


def page(run: Run) -> str:
    """Return the page as HTML; its scripts are inside, and it may load nothing from elsewhere."""
    drawn = plots(run)
    compared = bool(groups(run))  # its figures are in the tables of its groups already
    settings = run.settings
    names = settings.get("engines") or [settings.get("engine", "")]
    return filled(
        title=f"{settings.get('workload', '')}: {' and '.join(map(str, names))}",
        subtitle=_subtitle(run),
        badges=_badges(run),
        body="".join(
            (
                _comparison(run),
                _starts(run),
                *(() if compared else (_figures(run),)),
                *(drawn_at(number, plot) for number, plot in enumerate(drawn)),
                *((_figures(run),) if compared else ()),
                _errors(run),
                texts.section(run),
                _environment(run),
            )
        ),
        drawn=drawn,
    )


def filled(title: str, subtitle: str, badges: str, body: str, drawn: Sequence[Plot]) -> str:
    """Return the page with its parts; `badges` and `body` are HTML, title and subtitle are text."""
    parts = {
        "title": escape(title),
        "subtitle": escape(subtitle),
        "badges": badges,
        "body": body,
        "plotly": get_plotlyjs(),
        "plots": for_script(drawn),
    }
    template = _TEMPLATE.read_text(encoding="utf-8")
    return re.sub(f"@({'|'.join(parts)})@", lambda found: parts[found[1]], template)


def for_script(value: Any) -> str:
    """JSON that may stand inside a <script> element, whatever texts are in it."""
    text = json.dumps(value, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _subtitle(run: Run) -> str:
    """Which corpus, how much of it, when, on what."""
    amount = sum(item.amount.value for item in run.items)
    unit = run.items[0].amount.unit if run.items else ""
    threads = run.settings.get("threads") or [run.environment["threads"]]
    return (
        f"corpus {run.settings.get('corpus', '')}: {len(run.items)} items, {work(amount, unit)}; "
        f"{' and '.join(map(threaded, threads))}; {run.environment['cpu']}; "
        f"{run.environment.get('taken_at', '')}"
    )


def _badges(run: Run) -> str:
    """Whether it was right, whole, and without failures; in words, not by colour alone."""
    made = []
    for case in run.cases:
        if case.check is not None:
            tone, word = ("good", "✓ checked") if case.check.passed else ("bad", "✗ wrong")
            made.append(f'<span class="badge {tone}">{word}</span>{escape(case.check.detail)} ')
    if run.errors:
        made.append(f'<span class="badge bad">✗ {len(run.errors)} failures</span>')
    if run.partial:
        made.append('<span class="badge bad">partial: cut short</span>')
    return "".join(made)


def _comparison(run: Run) -> str:
    """Return a table a group, and the words that differ; empty where nothing is compared."""
    made = []
    for group in groups(run):
        lines = "".join(f"<li>{escape(line)}</li>" for line in contrast_lines(group))
        made.append(
            f"<h2>{escape(group_title(group))}</h2>"
            f"{listed(group_columns(group), group_rows(group))}"
            f'<p class="note">{escape(group_note(group))}</p>'
            + (
                f"<details><summary>texts that differ</summary><ul>{lines}</ul></details>"
                * bool(lines)
            )
        )
    return "".join(made)


def _starts(run: Run) -> str:
    """Return a table of what fresh processes showed of each engine compared."""
    rows = [start_row(start) for start in starts(run)]
    if not rows:
        return ""
    return f"<h2>Start and memory</h2>{listed(START_COLUMNS, rows)}"


def listed(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows under columns: a name, values, and what they rest on."""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(
        f"<tr><td>{escape(name)}</td>"
        + "".join(f'<td class="cell">{escape(value)}</td>' for value in values)
        + f'<td class="rests">{escape(note)}</td></tr>'
        for name, *values, note in rows
    )
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'


def _figures(run: Run) -> str:
    """Every figure of every case."""
    rows = []
    case = None
    for figure in figures(run):
        if figure.case != case:
            case = figure.case
            rows.append(f'<tr><th class="case" colspan="3">{escape(case)}</th></tr>')
        rows.append(
            f'<tr><td>{escape(label(figure))}</td><td class="value">{escape(quantity(figure))}</td>'
            f'<td class="rests">{escape(figure.note)}</td></tr>'
        )
    table = f'<div class="scroll"><table>{"".join(rows)}</table></div>'
    if not groups(run):
        return f"<h2>Figures</h2>{table}"
    return f"<h2>Figures</h2><details><summary>of every case</summary>{table}</details>"


def drawn_at(number: int, plot: Plot) -> str:
    """Return the place where a plot is drawn; its texts are escaped already."""
    return (
        f'<h2>{plot["title"]}</h2><p class="note">{plot["note"]}</p>'
        f'<div id="plot-{number}" style="height:{int(plot["height"])}px"></div>'
    )


def _errors(run: Run) -> str:
    """Return what did not come out."""
    if not run.errors:
        return ""
    rows = "".join(
        f'<tr><td class="bad">{escape(e.kind)}</td><td class="id">{escape(e.item or e.case)}</td>'
        f"<td>{escape(e.message)}</td></tr>"
        for e in run.errors
    )
    return f"<h2>Failures</h2><table>{rows}</table>"


def _environment(run: Run) -> str:
    """Return the environment and the settings, name by name."""
    plain = {**run.environment, **run.settings}
    packages = plain.pop("packages", {})
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{setting(plain[name])}</dd>" for name in plain)
    listed = ", ".join(f"{escape(n)}&nbsp;{escape(str(v))}" for n, v in packages.items())
    return (
        f"<h2>Environment and settings</h2><dl>{rows}</dl>"
        f"<details><summary>packages imported</summary><p class='note'>{listed}</p></details>"
    )


def setting(value: Any) -> str:
    """Return a setting as text."""
    if value is None:
        return '<span class="note">not known</span>'
    if isinstance(value, dict):
        return escape(", ".join(f"{name} {entry}" for name, entry in value.items()))
    if isinstance(value, (list, tuple)):
        return escape(", ".join(map(str, value)))
    return escape(str(value))
