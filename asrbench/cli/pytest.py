"""`asrbench pytest`: the benchmarks that a project's tests have already, as a Run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from asrbench.cli.exits import Exit

HELP = """Measure tests that use pytest-benchmark (or asr_benchmark), as they are: no line changes.

Each runs in fresh processes by the project's own pytest; every round's value is kept in a Run.

A test that fails, is skipped, dies or hangs is listed with the reason, and the others go on.

Example: asrbench pytest tests/test_speed.py::test_parse --rootdir ../my-project
"""

_MB = 1_000_000


def pytest(
    nodes: Annotated[
        list[str], typer.Argument(help="Node ids, files or folders, as pytest takes them.")
    ],
    rootdir: Annotated[
        Path, typer.Option(help="The project's folder.", exists=True, file_okay=False)
    ] = Path(),
    launches: Annotated[int, typer.Option(min=1, help="Fresh processes a test.")] = 3,
    limit_s: Annotated[
        float, typer.Option(min=0.001, help="Seconds that a process may take.")
    ] = 600.0,
    memory_mb: Annotated[
        float | None, typer.Option(min=1, help="The most memory of a process, 10^6 bytes.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the Run and its page.")] = Path(
        "asrbench-runs"
    ),
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> int:
    """Parse, measure, print."""
    from asrbench.cli import results
    from asrbench.measure.bounds import Bounds
    from asrbench.measure.nodes import WORKLOAD, Nodes, run

    bounds = Bounds(limit_s, None if memory_mb is None else round(memory_mb * _MB))
    job = Nodes(tuple(nodes), rootdir.resolve(), launches, bounds)
    with results.keeping(out, [WORKLOAD, rootdir.resolve().name]) as kept:
        done = run(job, kept.bar, kept.keep)
    kept.show(as_json=json)
    if done.partial:
        return Exit.INTERRUPTED
    return Exit.WELL if done.passed else Exit.NO


pytest.__doc__ = HELP
