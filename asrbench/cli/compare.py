"""`asrbench compare`: engines take turns on the same corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from asrbench.cli.exits import Exit

HELP = """Compare engines: they take turns in random order, in one process, on the same items.

The first is compared with each other one, at each number of threads, short and long items apart:

the ratio of their times with a 95 % interval over rounds, their real-time factors, accuracy with

the interval of the difference, differing words, loops. Fresh processes show load time and memory.

Example: asrbench compare speech --engine native --engine faster-whisper --threads 1 --threads 2
"""

_LEAST = 6  # rounds below which no 95 % interval exists


def compare(
    workload: Annotated[str, typer.Argument(help="The workload: speech.")],
    engine: Annotated[list[str], typer.Option(help="An engine; to be given twice or more.")],
    corpus: Annotated[str, typer.Option(help="The corpus, by name or path.")] = "embedded",
    threads: Annotated[
        list[int] | None,
        typer.Option(min=1, help="Threads each engine may use, 1 by default; may be repeated."),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="A model folder instead of the default.")
    ] = None,
    rounds: Annotated[
        int, typer.Option(min=1, help=f"Rounds; below {_LEAST} there is no interval.")
    ] = 20,
    launches: Annotated[
        int, typer.Option(min=0, help="Fresh processes an engine, for start-up time and memory.")
    ] = 3,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N items.")] = None,
    seed: Annotated[int, typer.Option(help="Orders items and engines.")] = 0,
    out: Annotated[Path, typer.Option(help="Folder for the Run and its page.")] = Path(
        "asrbench-runs"
    ),
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> int:
    """Parse, compare, print."""
    import time

    from asrbench.cli import results
    from asrbench.cli.names import known_engine, known_workload
    from asrbench.measure import contest
    from asrbench.report.comparison import groups

    record = known_workload(workload)
    counts = threads or [1]
    if len(engine) < 2 or len(set(engine)) < len(engine):
        raise typer.BadParameter(f"--engine is {engine}; expected two different engines or more")
    if len(set(counts)) < len(counts):
        raise typer.BadParameter(f"--threads is {counts}; expected different numbers")
    for name in engine:
        known_engine(record, name)
    work = contest.Contest(
        record,
        tuple(engine),
        corpus,
        tuple(counts),
        model,
        rounds=rounds,
        launches=launches,
        limit=limit,
        seed=seed,
    )
    with results.keeping(out, [record.name, *engine]) as kept:
        done = contest.run(work, kept.bar, time.perf_counter, kept.keep)
    kept.show(as_json=json)
    if done.partial:
        return Exit.INTERRUPTED
    if not done.passed:
        return Exit.NO
    pairs = [pair for group in groups(done) for pair in group.pairs]
    return Exit.WELL if all(pair.ratio for pair in pairs) else Exit.INCONCLUSIVE


compare.__doc__ = HELP
