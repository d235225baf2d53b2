"""A Load on a Job gives a Run: the load, or the search for its rate, then start-up."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import replace

from asrbench import errors
from asrbench.errors import Error, MeterError
from asrbench.measure import start
from asrbench.measure.job import Job
from asrbench.measure.load.arrivals import Load
from asrbench.measure.load.capacity import Bracket, keeps, may_be_late
from asrbench.measure.load.child import Task
from asrbench.measure.load.draft import GENERATOR, Draft
from asrbench.measure.load.trace import Request
from asrbench.measure.load.traffic import PATIENCE_S, Traffic, take
from asrbench.measure.run import Run
from asrbench.measure.statistics import needed, percentile
from asrbench.measure.watch import Watch


def run(
    job: Job,
    load: Load,
    watch: Watch,
    keep: Callable[[Run], None],
    patience_s: float = PATIENCE_S,
) -> Run:
    """Measure an engine under load, in a process of its own.

    The job's workload, engine, corpus, options, check, launches and limit count; the load says the
    rest. `keep` is given the Run however the work ends. Ctrl-C leaves a partial one, which is
    returned; a fault of the engine is raised after it is kept. A process that died or hung is a
    failure in the Run. Raises CorpusError, ModelError or EngineError, and keeps nothing, when there
    is nothing to measure; MeterError where the load generator is not installed.
    """
    if importlib.util.find_spec("mlperf_loadgen") is None:
        raise MeterError(f'no {GENERATOR}: pip install "asrbench-perf[load]"')
    watch.begin("load")
    corpus = job.workload.corpus(job.corpus, job.limit)
    if load.searches:
        load = replace(load, queries=needed(load.percentile))
    task = Task(
        workload=job.workload.name,
        engine=job.engine,
        threads=job.options.threads,
        model=None if job.options.model is None else str(job.options.model),
        corpus=job.corpus,
        limit=job.limit,
        load=load,
        check=job.check,
    )
    watch.begin("warm up")
    first = take(task, watch, _hopeless, patience_s)
    if first.loaded is None and not first.interrupted:
        raise _error(first)
    draft = Draft(job, load, corpus.licence, [first])
    try:
        if load.searches:
            _search(draft, watch, patience_s)
        if not draft.ended:
            _start(draft, task, watch)
        last = draft.traffics[-1]
        draft.partial = last.interrupted or last.raised is not None
    except KeyboardInterrupt:
        draft.partial = True
    finally:
        whole = draft.run()
        keep(whole)
    if draft.traffics[-1].raised is not None:
        raise _error(draft.traffics[-1])
    return whole


def _search(draft: Draft, watch: Watch, patience_s: float) -> None:
    """Look for the highest rate that keeps the bound; each rate is tried in a fresh process."""
    first = draft.traffics[0]
    if draft.ended or first.ready is None or first.speed is None or _beyond(first):
        return
    ceiling = first.speed.throughput
    bracket = Bracket(0.0, ceiling).after(ceiling / 2, _kept(first))
    refused = tuple(item for item, _ in first.ready["refused"])
    while not bracket.settled(ceiling):
        rate = bracket.middle
        seed = draft.load.seed + len(draft.traffics)
        load = replace(draft.load, rate=rate, seed=seed)
        task = replace(first.task, load=load, check=0, warm=16, without=refused)
        watch.begin("warm up")
        traffic = take(task, watch, _hopeless, patience_s)
        draft.traffics.append(traffic)
        if draft.ended:
            return
        bracket = bracket.after(rate, _kept(traffic))


def _start(draft: Draft, task: Task, watch: Watch) -> None:
    """Launch fresh processes for start-up time and memory."""
    watch.begin("start")
    arguments = {
        name: getattr(task, name)
        for name in ("workload", "engine", "threads", "model", "corpus", "limit")
    }
    job = draft.job
    draft.start, failures = start.launches(arguments, draft.start_name, job.launches, watch)
    draft.failures.extend(failures)


def _beyond(first: Traffic) -> bool:
    """Whether the bound is missed even when nothing waits, so that no rate can keep it."""
    took = [row["took_s"] for row in first.warm]
    return not took or percentile(took, first.load.percentile) > first.load.bound_s


def _hopeless(load: Load, requests: Sequence[Request]) -> bool:
    """Whether a rate that is tried cannot keep the bound any more."""
    if load.queries is None:
        return False
    late = sum(request.latency_s > load.bound_s for request in requests)
    return late > may_be_late(load.queries, load.percentile)


def _kept(traffic: Traffic) -> bool:
    """Whether a rate kept the bound."""
    load = traffic.load
    latencies = [
        request.latency_s
        for request in traffic.requests
        if "refusal" not in traffic.calls.get(request.sequence, {"refusal": "not told"})
    ]
    return keeps(latencies, load.queries or 0, load.bound_s, load.percentile)


def _error(traffic: Traffic) -> Exception:
    """Return why a process ended, as the error that it was where it is one of ours."""
    assert traffic.ending is not None
    kind = getattr(errors, traffic.raised or "", None)
    if isinstance(kind, type) and issubclass(kind, Error):
        return kind(traffic.ending.message)
    what = f"{traffic.raised}: " if traffic.raised else f"{traffic.ending.kind}: "
    return Error(f"{traffic.task.engine} under load: {what}{traffic.ending.message}")
