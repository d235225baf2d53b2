"""`asrbench calibrate`: how often the gate would be wrong here, and what it can see."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from asrbench.cli.exits import Exit

HELP = """Record launches in which nothing changed, and slowed ones, and replay the gate on them.

Says, case by case, how many runs would alarm, the smallest slowdown found in 95 % of them, and the

effect that the case allows here; and how many whole gate runs would alarm. The gate uses it.

Example: asrbench calibrate --launches 40 --slow 0.05
"""

_RUNS = 2000


def calibrate(
    project: Annotated[
        Path, typer.Option(help="The project's folder.", exists=True, file_okay=False)
    ] = Path(),
    revision: Annotated[
        str, typer.Option(help="What to run; . is the working tree as it lies.")
    ] = ".",
    launches: Annotated[int, typer.Option(min=20, help="Launches in which nothing changed.")] = 40,
    slow: Annotated[
        list[float] | None,
        typer.Option(min=0.001, max=10, help="A share to slow the head by; may be repeated."),
    ] = None,
    slowed: Annotated[int, typer.Option(min=20, help="Launches for each share.")] = 40,
    case: Annotated[
        list[str] | None, typer.Option(help="Only these cases, by pattern; may be repeated.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Orders the turns.")] = 0,
    replay_only: Annotated[
        Path | None, typer.Option("--replay", help="Replay a calibration that is there.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the calibration.")] = Path(
        "results/calibration"
    ),
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> int:
    """Parse, record, replay, print."""
    from rich.console import Console

    from asrbench.cli import calibrated, stopping
    from asrbench.gate import calibration as calibrations
    from asrbench.gate import gate as gates
    from asrbench.gate.figures import figures
    from asrbench.gate.judging import Choices
    from asrbench.report import terminal

    if replay_only is not None:
        found, path = calibrations.read(replay_only), replay_only
    else:
        folder = project.resolve()
        path = (out if out.is_absolute() else folder / out) / calibrations.file_name()
        asked = gates.Gate(folder, head=revision, choices=Choices(tuple(case or ()), seed))
        counts = {0.0: launches, **dict.fromkeys(slow or (), slowed)}
        with stopping.by_sigterm(), terminal.bar(Console(stderr=True)) as bar:
            found = gates.calibrate(asked, counts, bar, lambda made: calibrations.write(made, path))
    with terminal.bar(Console(stderr=True)) as bar:
        said = figures(found, _RUNS, bar)
    calibrated.show(said, path, as_json=json)
    return Exit.WELL


calibrate.__doc__ = HELP
