"""A Run on a terminal: a table of figures, then what did not come out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from asrbench.measure.run import Run
from asrbench.report.comparison import Group, groups, starts
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


def show(run: Run, console: Console) -> None:
    """Print a Run. What comes from outside is printed as it is, never read as markup."""
    compared = groups(run)
    for group in compared:
        _show_group(group, console)
    if rows := [start_row(start) for start in starts(run)]:
        _show_table(Text("start and memory", style="bold"), START_COLUMNS, rows, console)
    found = figures(run)
    for case in () if compared else run.cases:  # a comparison's cases are in its groups
        table = Table(title=Text(case.name, style="bold"), title_justify="left", expand=False)
        table.add_column("figure")
        table.add_column("value", justify="right", no_wrap=True)
        table.add_column("rests on", style="dim")
        for figure in found:
            if figure.case == case.name:
                table.add_row(Text(label(figure)), Text(quantity(figure)), Text(figure.note))
        console.print(table)
    for result in run.cases:
        if result.check is not None:
            mark = "[green]right[/]" if result.check.passed else "[red]wrong[/]"
            console.print(f"{mark}  {escape(result.name)}: {escape(result.check.detail)}")
    for error in run.errors:
        where = f"{error.case} {error.item or ''}".strip()
        console.print(f"[red]{escape(error.kind)}[/]  {escape(where)}: {escape(error.message)}")
    if run.partial:
        console.print("[yellow]partial[/]  the run was cut short; figures are of what was measured")


def _show_group(group: Group, console: Console) -> None:
    """Print one group of a comparison, and the texts that differ."""
    title = Text(group_title(group), style="bold")
    _show_table(title, group_columns(group), group_rows(group), console)
    console.print(Text(group_note(group), style="dim"))
    for line in contrast_lines(group):
        console.print(Text(f"  {line}"))


def _show_table(
    title: Text, columns: Sequence[str], rows: Sequence[Sequence[str]], console: Console
) -> None:
    """Print rows under columns: a name that stays whole, values, what they rest on."""
    name, *values, note = map(Text, columns)
    table = Table(title=title, title_justify="left")
    table.add_column(name, no_wrap=True)
    for value in values:
        table.add_column(value)
    table.add_column(note, style="dim")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


class Bar:
    """A Watch that moves a progress bar with the time left."""

    def __init__(self, progress: Progress) -> None:
        """Show a task of `progress`."""
        self._progress = progress
        self._task = progress.add_task("", total=1.0, note="")

    def begin(self, stage: str) -> None:
        """Start the bar anew for a stage."""
        self._progress.reset(self._task, description=stage, note="")

    def at(self, fraction: float, note: str = "") -> None:
        """Move the bar."""
        self._progress.update(self._task, completed=fraction, note=note)


@contextmanager
def bar(console: Console) -> Iterator[Bar]:
    """Return a bar on `console` while the context lasts; it shows only on a terminal."""
    columns = (
        TextColumn("{task.description:8}"),
        BarColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}", markup=False),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        yield Bar(progress)
