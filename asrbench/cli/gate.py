"""`asrbench gate`: whether a revision is slower than another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HELP = """Judge a revision against another: both are built once and called in turns, here and now.

What to run stands in [tool.asrbench.gate] of the project's pyproject.toml: cases (functions that

return Cases), tests (pytest ids that use a benchmark), policy. See README, "The gate".

Exit: 0 pass, 1 regression, 2 inconclusive, 3 could not measure; 3 goes before 1, before 2.

Example: asrbench gate --base main
"""

_GATE = "gate"


def gate(
    base: Annotated[
        str | None, typer.Option(help="The revision to judge against: a branch, a tag, a commit.")
    ] = None,
    head: Annotated[
        str, typer.Option(help="The revision to judge; . is the working tree as it lies.")
    ] = ".",
    project: Annotated[
        Path, typer.Option(help="The project's folder.", exists=True, file_okay=False)
    ] = Path(),
    case: Annotated[
        list[str] | None, typer.Option(help="Only these cases, by pattern; may be repeated.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(help="A baseline: judge what is exact of the head, and no times."),
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Write what is exact of the head as a baseline.")
    ] = None,
    calibration: Annotated[
        Path, typer.Option(help="Folder of calibrations; that of this machine is used.")
    ] = Path("results/calibration"),
    explain: Annotated[
        str | None, typer.Option(help="Show launches and reasoning of a case of this name.")
    ] = None,
    github: Annotated[
        bool, typer.Option("--github", help="Print annotations for GitHub, too.")
    ] = False,
    warn: Annotated[
        bool,
        typer.Option(
            "--warn-inconclusive", help="Exit 0, not 2, unless what the policy requires is open."
        ),
    ] = False,
    spin: Annotated[
        float,
        typer.Option(min=0, max=10, help="Slow the head's calls by this share, to try the gate."),
    ] = 0.0,
    uncounted: Annotated[
        bool, typer.Option("--uncounted", help="Count no instructions: callgrind takes a minute.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Orders the turns.")] = 0,
    limit_s: Annotated[
        float, typer.Option(min=0.001, help="Seconds that one answer of a process may take.")
    ] = 300.0,
    out: Annotated[Path, typer.Option(help="Folder for all that is written.")] = Path(
        "asrbench-runs"
    ),
    verbose: Annotated[bool, typer.Option("--verbose", help="A line for every pass.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> int:
    """Parse, judge, print."""
    from rich.console import Console

    from asrbench.cli import gated, stopping
    from asrbench.errors import OptionError
    from asrbench.gate import baseline as baselines
    from asrbench.gate import gate as gates
    from asrbench.gate.calibration import Calibration, find
    from asrbench.gate.judging import Choices
    from asrbench.measure.bounds import Bounds
    from asrbench.report import terminal

    if (base is None) == (against is None):
        raise typer.BadParameter("expected one of --base and --against")
    folder = project.resolve()
    own = find(calibration if calibration.is_absolute() else folder / calibration)
    asked = gates.Gate(
        folder,
        base or "",
        head,
        Choices(tuple(case or ()), seed, spin, Bounds(limit_s), counted=not uncounted),
        own or Calibration(),
        explained=explain,
        always=keep is not None or explain is not None,
    )
    known = None if against is None else baselines.read(against)
    try:
        with stopping.by_sigterm(), terminal.bar(Console(stderr=True)) as bar:
            if known is None:
                answer, record = gates.run(asked, bar)
            else:
                answer, record = gates.against(asked, known, bar), ()
    except OptionError as error:  # a case that is not there
        raise typer.BadParameter(str(error)) from error
    files = gated.save(answer, record, asked.calibration, gated.place(out, _GATE))
    if keep is not None:
        baselines.write(baselines.of(answer), keep)
    gated.show(answer, files, explain, annotate=github, verbose=verbose, as_json=json)
    return 0 if warn and answer.warns_only else answer.code


gate.__doc__ = HELP
