"""`asrbench logs`: counts, exact percentiles, sums and error rates out of logs of JSON lines."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from asrbench.cli.columns import columns, printable
from asrbench.cli.exits import Exit
from asrbench.errors import OptionError

if TYPE_CHECKING:
    from asrbench.jsonlog.answer import Census, Group
    from asrbench.jsonlog.logs import Found, Progress
    from asrbench.jsonlog.query import Query

_POLL_S = 0.5
_SHOWN = 10  # bad lines of a file


def logs(
    files: Annotated[
        list[str], typer.Argument(help="Plain, .gz or .zst; - is the standard input.")
    ],
    by: Annotated[str | None, typer.Option(help="A field to group by, such as model.")] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(help="Only lines for which it holds, such as 'latency_ms>=100'; repeatable."),
    ] = None,
    value: Annotated[str, typer.Option(help="A number, for p50, p95 and p99.")] = "latency_ms",
    total: Annotated[str, typer.Option("--sum", help="A number to add up.")] = "audio_s",
    status: Annotated[
        str, typer.Option(help="A field that says whether a line is well.")
    ] = "status",
    ok: Annotated[str, typer.Option(help="What it says then; anything else is an error.")] = "ok",
    strict: Annotated[
        bool, typer.Option("--strict", help="Check all of every line; 1 if one is bad.")
    ] = False,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on as the file grows, until Ctrl-C.")
    ] = False,
    threads: Annotated[int, typer.Option(min=1, max=256, help="For plain files.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> int:
    """Answer what a service's log says, GBs of it: count, percentiles, sum, error rate by group.

    Fields are those of a line's own object. Lines that are no JSON are counted with the reason.

    Example: asrbench logs --by model --where 'status!=timeout' --threads 2 new.jsonl old.jsonl.gz
    """
    from asrbench.jsonlog import logs as answers
    from asrbench.jsonlog.query import Condition, Query

    try:
        conditions = tuple(Condition.parse(written) for written in where or ())
    except OptionError as error:
        raise typer.BadParameter(str(error)) from error
    query = Query(by, value, total, status, ok, conditions, strict)
    if follow:
        if len(files) != 1 or files == ["-"]:
            raise typer.BadParameter(f"--follow is given {len(files)} files; expected one on disk")
        _follow(Path(files[0]), query, as_json)
        return Exit.WELL
    with _bar(files) as progress:
        found = answers.ask(files, query, threads, progress)
    _show(found, query, as_json)
    return Exit.NO if strict and found.bad else Exit.WELL


def _follow(path: Path, query: Query, as_json: bool) -> None:
    """Show the answer whenever it is another one."""
    from asrbench.jsonlog import logs as answers

    before = None
    for found in answers.follow(path, query, lambda: time.sleep(_POLL_S)):
        if found != before:
            _show(found, query, as_json)
        before = found


@contextmanager
def _bar(files: list[str]) -> Iterator[Progress | None]:
    """Show a progress bar over the bytes of all files, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    sizes = {file: Path(file).stat().st_size if Path(file).is_file() else 0 for file in files}
    with Bar(console=Console(stderr=True), transient=True) as bar:
        tasks = {file: bar.add_task(printable(file), total=sizes[file] or None) for file in files}
        yield lambda file, done: bar.update(tasks[file], completed=done)


def _show(found: Found, query: Query, as_json: bool) -> None:
    if as_json:
        print(json.dumps(_record(found), ensure_ascii=False), flush=True)
        return
    head = (query.by or "", "COUNT", "ERRORS", "P50", "P95", "P99", f"SUM {query.sum}")
    print(columns([head, *(_row(group) for group in found.groups)]))
    for name, census in found.censuses:
        _show_bad(name, census)
    sys.stdout.flush()


def _row(group: Group) -> tuple[str, ...]:
    from asrbench.jsonlog.answer import PERCENTILES
    from asrbench.measure.statistics import needed

    cuts = group.percentiles or (0.0,) * len(PERCENTILES)
    shown = [
        f"{cut:.6g}" if group.values >= needed(p) else f"{group.values} of {needed(p)} values"
        for p, cut in zip(PERCENTILES, cuts, strict=True)
    ]
    key = "(none)" if group.key is None else group.key
    return (key, str(group.count), f"{group.error_rate:.3%}", *shown, f"{group.sum:.12g}")


def _show_bad(name: str, census: Census) -> None:
    bad = sum(census.bad.values())
    if bad == 0:
        return
    reasons = ", ".join(f"{count} {reason}" for reason, count in census.bad.items())
    print(printable(f"{name}: {bad} of {census.lines} lines are bad: {reasons}"))
    for line in census.first_bad[:_SHOWN]:
        print(printable(f"  line {line.line}: {line.reason}"))
    if bad > _SHOWN:
        print(f"  and {bad - _SHOWN} more")


def _record(found: Found) -> dict[str, Any]:
    """Return what is printed as JSON: percentiles whatever they rest on, which `values` says."""
    names = ("p50", "p95", "p99")
    groups = [
        {
            "key": group.key,
            "count": group.count,
            "errors": group.errors,
            "error_rate": group.error_rate,
            "sum": group.sum,
            "values": group.values,
            **dict(zip(names, group.percentiles or (None,) * len(names), strict=True)),
        }
        for group in found.groups
    ]
    files = [{"file": name, **asdict(census)} for name, census in found.censuses]
    return {"groups": groups, "files": files}
