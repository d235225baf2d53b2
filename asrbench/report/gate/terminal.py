"""A gate's answer on a terminal: what matters in tables, passes in a line a case, the outcome."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from asrbench.gate.verdict import Gated, Outcome
from asrbench.report.gate import functions, wording
from asrbench.report.gate.wording import printable

_STYLES: dict[Outcome, str] = {
    "regression": "red",
    "inconclusive": "yellow",
    "improvement": "green",
    "pass": "",
}
_FIGURES = 6  # columns that are figures; the others are sentences, and stand below
_ENDINGS = {0: "green", 1: "red", 2: "yellow", 3: "red"}


def show(gated: Gated, console: Console, verbose: bool = False) -> None:
    """Print a gate's answer; `verbose` has a row for every verdict that passes, too.

    What comes from outside is printed as it is, never read as markup nor by the terminal, and no
    line begins with it: a log's reader may take such a line for a command.
    """
    for outcome in wording.SERIOUS:
        _verdicts(gated, outcome, console)
    if gated.unmeasured:
        rows = [wording.unmeasured_row(one) for one in gated.unmeasured]
        _table(f"{len(rows)} not measured", "red", wording.UNMEASURED_COLUMNS, rows, console)
    if verbose:
        _verdicts(gated, "pass", console)
    else:
        _folded(gated, console)
    for note in gated.notes:
        _line("note", "dim", note, console)
    _line(wording.conclusion(gated), f"bold {_ENDINGS[gated.code]}", "", console)


def _verdicts(gated: Gated, outcome: Outcome, console: Console) -> None:
    """Print the verdicts of an outcome as a table, then why; nothing where there are none."""
    found = wording.of(gated, outcome)
    if not found:
        return
    rows = [wording.row(verdict)[:_FIGURES] for verdict in found]
    title = wording.counted(len(found), outcome)
    _table(title, _STYLES[outcome], wording.COLUMNS[:_FIGURES], rows, console)
    for verdict in found:
        words = [wording.why(verdict), wording.trust(verdict)]
        if outcome == "regression":
            words.append(functions.place(gated, verdict.case))
        said = "; ".join(filter(None, words))
        _line("why", "dim", f"{verdict.case} {verdict.metric}: {said}", console)


def _folded(gated: Gated, console: Console) -> None:
    """Print what passes, a line a case."""
    for case, verdicts in wording.by_case(wording.of(gated, "pass")).items():
        found = ", ".join(f"{v.metric} {wording.change(v.change)}" for v in verdicts)
        _line("pass", "green", f"{case}: {found}", console)


def _line(word: str, style: str, words: str, console: Console) -> None:
    """Print a word of ours and what follows as one line, however long."""
    console.print(
        Text.assemble((word, style), f"  {printable(words)}" if words else ""), soft_wrap=True
    )


def _table(
    title: str,
    style: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    console: Console,
) -> None:
    """Print rows under columns; what does not fit is folded, never cut."""
    table = Table(title=Text(title, style=f"bold {style}"), title_justify="left")
    for name in columns:
        table.add_column(name, overflow="fold")
    for cells in rows:
        table.add_row(*(Text(printable(cell)) for cell in cells))
    console.print(table)
