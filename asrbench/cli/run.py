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

--scenario says how load arrives: one request after another, several at once, at random times, or

all at once, from MLPerf's load generator; latency then counts from when a request was due.

Without it each item is called in turn, with meters. server without --rate looks for the highest

rate that keeps --bound-ms at --percentile.

streaming: audio comes in chunks on a clock that waits for no engine, --pace times as fast as real

time; with --bound-ms up to --streams (64) are tried, to find how many keep it.

--isolate keeps the engine in a process of its own: an item that it dies of, hangs on or needs too

much memory for is listed with the reason, and the others go on.

Example: asrbench run speech --engine native --corpus embedded --threads 2

Example: asrbench run speech --scenario server --rate 2 --seconds 60

Example: asrbench run speech --scenario server --bound-ms 1000 --percentile 95 --workers 2

Example: asrbench run speech --scenario streaming --streams 2 --seconds 70

Example: asrbench run speech --meter cpu --meter peak --meter instructions --events calls.jsonl
"""

SCENARIOS = (
    "single-stream, multi-stream, server, offline, streaming"  # of asrbench.cli.scenarios, in order
)
METERS = (  # the names of asrbench.measure.meters.KINDS, which is not imported to show help
    "wall, cpu, thread-cpu, switches, minor-faults, major-faults, cycles, retired, cache-misses, "
    "peak, fresh-peak, allocations, allocated-bytes, instructions"
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
        float | None,
        typer.Option(
            min=0.001,
            help="Stop timing after this long, 240 (the first pass is whole); under load 60.",
        ),
    ] = None,
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
    scenario: Annotated[str | None, typer.Option(help=f"How load arrives: {SCENARIOS}.")] = None,
    workers: Annotated[
        int, typer.Option(min=1, help="Under load: threads that call the engine.")
    ] = 1,
    streams: Annotated[
        int | None,
        typer.Option(min=1, help="multi-stream: requests at once, 8. streaming: streams, 1."),
    ] = None,
    rate: Annotated[
        float | None, typer.Option(min=0.0001, help="server: requests a second.")
    ] = None,
    bound_ms: Annotated[
        float | None, typer.Option(min=0.001, help="Under load: the latency to keep, 1000.")
    ] = None,
    percentile: Annotated[
        float | None,
        typer.Option(
            min=1, max=99.99, help="Under load: of requests that keep it, 99; streaming: words, 95."
        ),
    ] = None,
    pace: Annotated[
        float | None, typer.Option(min=0.01, help="streaming: times real time, 1.")
    ] = None,
    chunk_ms: Annotated[
        float | None, typer.Option(min=0.1, help="streaming: audio of a chunk, 100.")
    ] = None,
    virtual: Annotated[
        bool, typer.Option("--virtual", help="streaming: skip the waits; one stream only.")
    ] = False,
    isolate: Annotated[
        bool, typer.Option("--isolate", help="A process for the engine; its end fails one item.")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="The same, with a new process for every call.")
    ] = False,
    limit_s: Annotated[
        float | None,
        typer.Option(min=0.001, help="Isolated: seconds to load, or for a call; else 600."),
    ] = None,
    memory_mb: Annotated[
        float | None, typer.Option(min=1, help="Isolated: the most memory, 10^6 bytes.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> int:
    """Parse, measure, print."""
    import time
    from contextlib import nullcontext
    from dataclasses import replace

    from asrbench.cli import results
    from asrbench.cli.isolation import isolation
    from asrbench.cli.names import known_engine, known_meters, known_workload
    from asrbench.cli.scenarios import Wish, known_scenario
    from asrbench.engine import EngineOptions
    from asrbench.measure import job
    from asrbench.measure.call import unheard
    from asrbench.measure.events import events as written
    from asrbench.measure.scenario import Limits

    record = known_workload(workload)
    known_engine(record, engine)
    others = {"--meter": meter, "--soak": soak, "--events": events, "--pace": pace}
    others |= {"--chunk-ms": chunk_ms, "--virtual": virtual or None}
    others["--isolate"] = (isolate or fresh) or None
    chosen = None if scenario is None else known_scenario(scenario, others)
    for option in ("--pace", "--chunk-ms", "--virtual"):
        if scenario is None and others[option] is not None:
            raise typer.BadParameter(f"{option} is of --scenario streaming; give both")
    bound_s = None if bound_ms is None else bound_ms / 1000
    part = None if percentile is None else percentile / 100
    wish = Wish(seconds, workers, streams, rate, bound_s, part, seed, pace)
    wish = replace(wish, chunk_s=None if chunk_ms is None else chunk_ms / 1000, virtual=virtual)
    work = job.Job(
        record,
        engine,
        corpus,
        EngineOptions(threads, model),
        Limits(seconds=240.0 if seconds is None else seconds, seed=seed)
        if soak is None
        else Limits(seconds=60 * soak, values=None, seed=seed),
        check=check,
        launches=launches,
        limit=limit,
        meters=known_meters(meter),
        soak=soak is not None,
        isolation=isolation(isolate, fresh, limit_s, memory_mb, soak is not None),
    )
    listener = nullcontext(unheard) if events is None else written(events, engine)
    with results.keeping(out, [record.name, engine]) as kept, listener as listen:
        if chosen is None:
            done = job.run(work, kept.bar, time.perf_counter, kept.keep, listen)
        else:
            done = chosen.measure(work, wish, kept, listen)
    kept.show(as_json=json)
    if done.partial:
        return Exit.INTERRUPTED
    return Exit.WELL if done.passed else Exit.NO


run.__doc__ = HELP
