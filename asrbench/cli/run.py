"""`asrbench run`: measure one engine of a workload on a corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from asrbench.cli.exits import Exit

HELP = """Measure an engine: latency, real-time factor, stages, memory, start-up, accuracy.

Answers are checked against the oracle before anything is timed.

A Run (JSON, every value kept) and a page (HTML, opens offline) are written under --out.

--soak goes round the corpus for that long and says whether memory or latency grow.

Example: asrbench run speech --engine native --corpus embedded --threads 2

Example: asrbench run speech --meter cpu --meter peak --meter instructions --events calls.jsonl
"""

METERS = (  # the names of asrbench.measure.meters.KINDS, which is not imported to show help
    "wall, cpu, thread-cpu, switches, minor-faults, major-faults, cycles, retired, cache-misses, "
    "peak, fresh-peak, instructions"
)


def run(
    workload: Annotated[str, typer.Argument(help="The workload: speech.")],
    engine: Annotated[
        str, typer.Option(help="The engine; `asrbench engines` lists them.")
    ] = "native",
    corpus: Annotated[
        str, typer.Option(help="The corpus; `asrbench corpus list` lists them. A path will do.")
    ] = "embedded",
    threads: Annotated[int, typer.Option(min=1, help="Threads the engine may use.")] = 1,
    model: Annotated[
        Path | None, typer.Option(help="A model folder instead of the default.")
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=0.001, help="Stop timing after this long; the first pass is whole.")
    ] = 240.0,
    check: Annotated[
        int, typer.Option(min=0, help="Compare the first N answers with the oracle's.")
    ] = 16,
    launches: Annotated[
        int, typer.Option(min=0, help="Fresh processes for start-up time and memory.")
    ] = 5,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N items.")] = None,
    seed: Annotated[int, typer.Option(help="Orders the items of each pass.")] = 0,
    out: Annotated[Path, typer.Option(help="Folder for the Run and its page.")] = Path(
        "asrbench-runs"
    ),
    meter: Annotated[
        list[str] | None, typer.Option(help=f"What to read, again and again: {METERS}.")
    ] = None,
    events: Annotated[
        Path | None, typer.Option(help="Write a line of JSON for every call, as it happens.")
    ] = None,
    soak: Annotated[
        float | None, typer.Option(min=0.01, help="Go round the corpus for so many minutes.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> int:
    """Parse, measure, print."""
    import time
    from contextlib import nullcontext

    from asrbench.cli import results
    from asrbench.cli.names import known_engine, known_meters, known_workload
    from asrbench.engine import EngineOptions
    from asrbench.measure import job
    from asrbench.measure.call import unheard
    from asrbench.measure.events import events as written
    from asrbench.measure.scenario import Limits

    record = known_workload(workload)
    known_engine(record, engine)
    work = job.Job(
        record,
        engine,
        corpus,
        EngineOptions(threads, model),
        Limits(seconds=seconds, seed=seed)
        if soak is None
        else Limits(seconds=60 * soak, values=None, seed=seed),
        check=check,
        launches=launches,
        limit=limit,
        meters=known_meters(meter),
        soak=soak is not None,
    )
    listener = nullcontext(unheard) if events is None else written(events, engine)
    with results.keeping(out, [record.name, engine]) as kept, listener as listen:
        done = job.run(work, kept.bar, time.perf_counter, kept.keep, listen)
    kept.show(as_json=json)
    if done.partial:
        return Exit.INTERRUPTED
    return Exit.WELL if done.passed else Exit.NO


run.__doc__ = HELP
