"""`asrbench zoo`: which lane finds which planted bug, and how soon."""

from __future__ import annotations

import json
import tempfile
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.status import Status

from asrbench.cli.columns import columns, printable
from asrbench.cli.exits import Exit
from asrbench.errors import Error
from asrbench.fuzz.build import cache_folder
from asrbench.fuzz.zoo import BUGS, Lane, trials
from asrbench.fuzz.zoo_lanes import LANES, PROJECT
from asrbench.fuzz.zoo_table import Table, read
from asrbench.measure import environment
from asrbench.measure.run_file import write_whole

HELP = """Try every lane on every planted bug, and print which finds it, in how many seconds.

Each lane is also tried on the clean function, where it must find nothing.

Example: asrbench zoo --lane asan --lane tsan --bug data_race

Example: asrbench zoo --save results/zoo     (all of it, many minutes; the table is kept)

Ends with 1 when a bug has no finder, or a lane finds something in the clean function.
"""


def zoo(
    lane: Annotated[list[str] | None, typer.Option(help="A lane; by default every one.")] = None,
    bug: Annotated[list[str] | None, typer.Option(help="A bug; by default every one.")] = None,
    known: Annotated[bool, typer.Option("--list", help="List lanes and bugs; try none.")] = False,
    save: Annotated[
        Path | None,
        typer.Option(help="Folder that keeps a LANE.json of each lane, and their table README.md."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of lines.")] = False,
) -> int:
    """Parse, try, print."""
    lanes = {candidate.name: candidate for candidate in LANES}
    _expect("lane", lane, list(lanes))
    _expect("bug", bug, list(BUGS))
    if known:
        return _list(as_json=as_json)
    if not PROJECT.is_dir():
        raise Error(f"{str(PROJECT)!r} is not there; expected a checkout of asrbench")
    chosen = [lanes[name] for name in lanes if name in (lane or lanes)]
    bugs = [name for name in BUGS if name in (bug or BUGS)]
    made = [_one(lane, bugs, save) for lane in chosen]
    table = read(made)
    if save is not None:
        names = [name for name in lanes if (save / f"{name}.json").exists()]
        kept = [json.loads((save / f"{name}.json").read_text(encoding="utf-8")) for name in names]
        write_whole(save / "README.md", read(kept).markdown(LANES))
    if as_json:
        print(json.dumps(made, indent=1))
    else:
        _show(table)
    return Exit.NO if table.without_finder or table.false_alarms else Exit.WELL


def _one(lane: Lane, bugs: list[str], save: Path | None) -> dict[str, Any]:
    """Try one lane; keep what it said as soon as that is all."""
    console = Console(stderr=True)
    with (
        console.status(lane.name, spinner="line") as line,
        tempfile.TemporaryDirectory(prefix="asrbench-zoo-") as folder,
    ):
        show = partial(_update, line)
        said = tuple(trials([lane], bugs, cache_folder(), Path(folder), show))
    record = Table((lane.name,), tuple(bugs), said).record(lane.name, environment.describe(1))
    if save is not None:
        write_whole(save / f"{lane.name}.json", json.dumps(record, indent=1) + "\n")
    return record


def _update(line: Status, lane: str, does: str) -> None:
    line.update(f"{lane}: {does}")


zoo.__doc__ = HELP


def _expect(kind: str, given: list[str] | None, known: list[str]) -> None:
    """Refuse a name that is unknown."""
    for name in given or []:
        if name not in known:
            raise typer.BadParameter(f"no {kind} {name!r}; expected one of {known}")


def _list(*, as_json: bool) -> int:
    lanes = {lane.name: lane.what for lane in LANES}
    if as_json:
        print(json.dumps({"lanes": lanes, "bugs": BUGS}, indent=1))
    else:
        print(columns([("lane", *pair) for pair in lanes.items()]))
        print(columns([("bug", *pair) for pair in BUGS.items()]))
    return Exit.WELL


def _show(table: Table) -> None:
    """Print a row for each bug, then what its quickest finder said."""
    print(columns(table.rows()))
    print()
    for bug in table.bugs:
        for trial in table.finders(bug)[:1]:
            print(printable(f"{bug}: {trial.lane}, {trial.took_s:.1f} s: {trial.finding}"))
    for bug in table.without_finder:
        print(f"{bug}: NO FINDER")
    for trial in table.false_alarms:
        print(printable(f"false alarm of {trial.lane}: {trial.finding}"))
