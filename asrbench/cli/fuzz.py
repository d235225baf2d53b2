"""`asrbench fuzz`: hostile inputs for a native extension, ours or the user's."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from asrbench.cli.columns import columns, printable
from asrbench.cli.exits import Exit
from asrbench.cli.fuzz_table import Outcome, figures, records, table
from asrbench.errors import Error, OptionError
from asrbench.fuzz import build, corpus, finding, session
from asrbench.fuzz.command import MODULE, Command, prepare
from asrbench.fuzz.log import Status
from asrbench.fuzz.session import Show
from asrbench.fuzz.several import several
from asrbench.fuzz.target import Target, find, targets

HELP = """Fuzz a target: build the extension with sanitizers, once, and feed it hostile inputs.

What breaks it is made small and kept, with the command that shows it again.

Example: asrbench fuzz model_file --seconds 60 --jobs 2

Example: asrbench fuzz --all --seconds 300 --jobs 2   (two targets at a time, a table at the end)

Example: asrbench fuzz fuzz/fuzz_mine.py --module mine --project .   (an extension of your own)

Ends with 1 when something is found, with 3 when a target could not be fuzzed.
"""
CHECKOUT = Path(build.__file__).parents[2]
_MINIMISE_S = 20


@dataclass(frozen=True, slots=True)
class _Job:
    """How every target of this call is fuzzed."""

    module: str
    project: Path
    seconds: int
    jobs: int
    save: bool
    out: Path


def fuzz(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="Targets by name (--list), or files fuzz_NAME.py.", metavar="TARGET..."
        ),
    ] = None,
    seconds: Annotated[int, typer.Option(min=1, help="How long, for each target.")] = 60,
    jobs: Annotated[
        int,
        typer.Option(
            min=1, max=64, help="Processes at once: for one target, or each for another target."
        ),
    ] = 1,
    every: Annotated[bool, typer.Option("--all", help="Every target.")] = False,
    known: Annotated[bool, typer.Option("--list", help="List the targets; fuzz none.")] = False,
    replay: Annotated[
        Path | None, typer.Option(help="Run the target on this input, or folder of inputs, once.")
    ] = None,
    save: Annotated[
        bool, typer.Option(help="Afterwards keep what was learnt in the target's corpus.")
    ] = False,
    module: Annotated[str, typer.Option(help="The extension that Python targets drive.")] = MODULE,
    project: Annotated[
        Path | None, typer.Option(help="The folder with its pyproject.toml; by default asrbench's.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for findings and logs.")] = Path(
        "asrbench-runs/fuzz"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="A JSON array instead of lines.")] = False,
) -> int:
    """Parse, fuzz, print."""
    folder = CHECKOUT / "fuzz"
    if known:
        return _list(targets(folder), as_json=as_json)
    chosen = targets(folder) if every else [_known(name, folder) for name in names or []]
    if not chosen:
        raise typer.BadParameter("no target; expected names, or --all; --list shows them")
    job = _Job(module, (project or CHECKOUT).resolve(), seconds, jobs, save, out.resolve())
    if replay is not None:
        return _replay(chosen, replay, job)
    outcomes = _all(chosen, job)
    print(json.dumps(records(outcomes), indent=1) if as_json else table(outcomes))
    if any(outcome.error for outcome in outcomes):
        return Exit.NOT_MEASURED
    return Exit.NO if any(outcome.finding for outcome in outcomes) else Exit.WELL


fuzz.__doc__ = HELP


def _known(name: str, folder: Path) -> Target:
    try:
        return find(name, folder)
    except OptionError as error:
        raise typer.BadParameter(str(error)) from error


def _all(chosen: list[Target], job: _Job) -> list[Outcome]:
    """Fuzz the targets, and make small what was found."""
    with Console(stderr=True).status("building, the first time", spinner="line") as line:
        commands = {target: _command(target, job) for target in chosen}
        each = job.jobs if len(chosen) == 1 else 1
        began = time.monotonic()

        def work(target: Target, show: Show) -> Outcome:
            command = commands[target]
            if isinstance(command, Error):
                raise command
            return _one(target, command, job, each, show)

        def show(under_way: Mapping[str, Status]) -> None:
            parts = [f"{name}: {figures(status)}" for name, status in under_way.items()]
            line.update(f"{time.monotonic() - began:.0f} s  " + "; ".join(parts))

        done = several(chosen, 1 if each > 1 else job.jobs, work, show)
    return [
        Outcome(target, error=outcome) if isinstance(outcome, Error) else outcome
        for target, outcome in zip(chosen, done, strict=True)
    ]


def _command(target: Target, job: _Job) -> Command | Error:
    """Build what a target needs; what fails is told with what the others did."""
    try:
        return prepare(target, job.module, job.project, build.cache_folder())
    except Error as error:
        return error


def _one(target: Target, command: Command, job: _Job, jobs: int, show: Show) -> Outcome:
    """Fuzz one target, and make small what it found."""
    folder = job.out / target.name
    done = session.fuzz(target, command, folder, job.seconds, jobs, show)
    if done.found is not None:
        small = finding.minimise(command, done.found, _verb(target, job), _MINIMISE_S)
        return Outcome(target, done, small)
    if job.save:
        corpus.merge(target, command, folder / "corpus")
    return Outcome(target, done)


def _verb(target: Target, job: _Job) -> str:
    """Return the command line that replays an input of a target."""
    ours = target.source.is_relative_to(CHECKOUT / "fuzz") and job.module == MODULE
    if ours and target == find(target.name, CHECKOUT / "fuzz"):
        return f"asrbench fuzz {target.name} --replay"
    return f"asrbench fuzz {target.source} --module {job.module} --project {job.project} --replay"


def _replay(chosen: list[Target], inputs: Path, job: _Job) -> int:
    """Run one target on inputs that are kept, and print what it said of one that breaks it."""
    if len(chosen) != 1 or not inputs.exists():
        raise typer.BadParameter(f"expected one target, and {str(inputs)!r} to be there")
    command: Command = prepare(chosen[0], job.module, job.project, build.cache_folder())
    files = sorted(inputs.iterdir()) if inputs.is_dir() else [inputs]
    fails, said = finding.shown(command, files)
    for line in (
        said.splitlines() if fails else [f"{chosen[0].name}: {len(files)} inputs, all well"]
    ):
        print(printable(line))
    return Exit.NO if fails else Exit.WELL


def _list(known: list[Target], *, as_json: bool) -> int:
    rows = [(target.name, len(corpus.inputs(target)), target.source) for target in known]
    if as_json:
        keys = ("name", "inputs", "source")
        print(json.dumps([dict(zip(keys, map(str, row), strict=True)) for row in rows], indent=1))
    else:
        print(columns([(name, f"{count} inputs", str(source)) for name, count, source in rows]))
    return Exit.WELL
