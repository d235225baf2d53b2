"""`asrbench fuzz`: hostile inputs for a native extension, ours or the user's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from asrbench.cli.columns import columns, printable
from asrbench.cli.exits import Exit
from asrbench.errors import OptionError
from asrbench.fuzz import build, corpus, finding, session
from asrbench.fuzz.command import MODULE, Command, prepare
from asrbench.fuzz.finding import Finding
from asrbench.fuzz.log import Status
from asrbench.fuzz.session import Session
from asrbench.fuzz.target import Target, find, targets

HELP = """Fuzz a target: build the extension with sanitizers, once, and feed it hostile inputs.

What breaks it is made small and kept, with the command that shows it again.

Example: asrbench fuzz model_file --seconds 60 --jobs 2

Example: asrbench fuzz fuzz/fuzz_mine.py --module mine --project .   (an extension of your own)

Ends with 1 when something is found.
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
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes at once.")] = 1,
    every: Annotated[bool, typer.Option("--all", help="Every target, one after another.")] = False,
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
    outcomes = [_one(target, job) for target in chosen]
    if as_json:
        print(json.dumps([_record(*outcome) for outcome in outcomes], indent=1))
    else:
        print(columns([_row(*outcome) for outcome in outcomes]))
        for _, found in outcomes:
            _tell(found)
    return Exit.NO if any(found for _, found in outcomes) else Exit.WELL


fuzz.__doc__ = HELP


def _known(name: str, folder: Path) -> Target:
    try:
        return find(name, folder)
    except OptionError as error:
        raise typer.BadParameter(str(error)) from error


def _one(target: Target, job: _Job) -> tuple[Session, Finding | None]:
    """Fuzz one target, and make small what it found."""
    console = Console(stderr=True)
    with console.status(f"{target.name}: building, the first time", spinner="line") as line:
        command = prepare(target, job.module, job.project, build.cache_folder())

        def show(status: Status, took_s: float) -> None:
            line.update(f"{target.name}: {took_s:.0f} of {job.seconds} s, {_figures(status)}")

        folder = job.out / target.name
        done = session.fuzz(target, command, folder, job.seconds, job.jobs, show)
        if done.found is not None:
            line.update(f"{target.name}: {done.reason}; making it small")
            verb = _verb(target, job)
            return done, finding.minimise(command, done.found, verb, _MINIMISE_S)
        if job.save:
            line.update(f"{target.name}: keeping what was learnt")
            corpus.merge(target, command, folder / "corpus")
    return done, None


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


def _figures(status: Status) -> str:
    return f"{status.per_second:,} exec/s, cov {status.coverage}, {status.executions:,} inputs"


def _row(done: Session, found: Finding | None) -> tuple[str, ...]:
    return (
        "FOUND" if found else "ok",
        done.target.name,
        f"{done.took_s:.0f} s",
        _figures(done.status),
    )


def _tell(found: Finding | None) -> None:
    if found is not None:
        print(f"\n{printable(found.reason)}")
        print(f"  input   {found.input} ({found.size} bytes, found with {found.found_size})")
        print(f"  again   {found.command}")


def _record(done: Session, found: Finding | None) -> dict[str, Any]:
    """One target's outcome as JSON values."""
    return {
        "target": done.target.name,
        "took_s": done.took_s,
        "executions": done.status.executions,
        "per_second": done.status.executions / done.took_s if done.took_s else 0.0,
        "coverage": done.status.coverage,
        "features": done.status.features,
        "found": None
        if found is None
        else {
            "input": str(found.input),
            "reason": found.reason,
            "bytes": found.size,
            "command": found.command,
        },
    }
