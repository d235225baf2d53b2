"""How long an engine needs from nothing to its first answer, and the memory that takes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asrbench.engine
import asrbench.workload
from asrbench.engine import EngineOptions
from asrbench.measure.bounds import Bounds
from asrbench.measure.isolate import isolate
from asrbench.measure.run import Failure
from asrbench.measure.samples import Samples
from asrbench.measure.watch import Watch

SCENARIO = "fresh-process"
_ANY = Bounds()


def launch(
    workload: str, engine: str, threads: int, model: str | None, corpus: str, limit: int | None
) -> dict[str, float]:
    """Load an engine in this process, which has to be a fresh one, and answer two items.

    Returns seconds: "load" to import and build the engine, "ready" the same and the first answer,
    to the item of middle length (loading its audio apart). The longest item follows, so that the
    process's peak memory is that of the hardest work.
    """
    began = time.perf_counter()
    built = asrbench.engine.build(
        workload, engine, EngineOptions(threads, Path(model) if model else None)
    )
    load_s = time.perf_counter() - began
    record = asrbench.workload.find(workload)
    cases = record.cases(built, record.corpus(corpus, limit), lambda: built)
    by_amount = sorted(cases, key=lambda case: case.amount.value)
    first, longest = by_amount[len(by_amount) // 2], by_amount[-1]
    first.prepare()
    began = time.perf_counter()
    first.run()
    ready_s = load_s + time.perf_counter() - began
    longest.prepare()
    longest.run()
    built.close()
    return {"load": load_s, "ready": ready_s}


def launches(
    arguments: Mapping[str, Any], case: str, count: int, watch: Watch, bounds: Bounds = _ANY
) -> tuple[tuple[Samples, ...], tuple[Failure, ...]]:
    """Launch `count` fresh processes one after another; `arguments` are those of `launch`.

    Each may take no more than `bounds`. Returns load and ready in seconds and peak_memory in bytes,
    a value a launch, and the launches that brought nothing.
    """
    columns: dict[str, list[tuple[int, float]]] = {}
    failures: list[Failure] = []
    for number in range(count):
        watch.at(number / count, f"fresh process {number + 1} of {count}")
        answer = isolate(launch, arguments, bounds.seconds, memory_bytes=bounds.memory_bytes)
        if answer.ending is not None:
            failures.append(Failure(case, None, answer.ending.kind, answer.ending.message))
            continue
        figures = dict(answer.value)
        if answer.peak_bytes is not None:
            figures["peak_memory"] = answer.peak_bytes
        for metric, value in figures.items():
            columns.setdefault(metric, []).append((number, value))
    samples = tuple(
        Samples(
            metric,
            "bytes" if metric == "peak_memory" else "s",
            "lower",
            values=tuple(value for _, value in column),
            launch=tuple(number for number, _ in column),
        )
        for metric, column in columns.items()
    )
    return samples, tuple(failures)
