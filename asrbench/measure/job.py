"""A Job says what to measure; running it starts, checks and times an engine and gives a Run."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import asrbench.engine
from asrbench.engine import Engine, EngineOptions
from asrbench.errors import EngineError, WorkerError
from asrbench.measure import apart, start
from asrbench.measure.bounds import Bounds
from asrbench.measure.call import Call, Listener, unheard
from asrbench.measure.draft import Draft
from asrbench.measure.interleave import Clock
from asrbench.measure.meters import DEFAULT, KINDS, WALL
from asrbench.measure.run import Failure, Run
from asrbench.measure.samples import Samples
from asrbench.measure.scenario import Instruments, Limits, single_stream
from asrbench.measure.soak import READINGS, Soak
from asrbench.measure.watch import Watch
from asrbench.measure.worker import Apart, Isolation, Worker
from asrbench.workload import Workload


@dataclass(frozen=True, slots=True)
class Job:
    """What to measure: an engine of a workload, on a corpus, and how thoroughly.

    `check` answers are compared with the oracle's (the first ones, or all when there are no more);
    `launches` fresh processes show start-up and memory; `limit` cuts the corpus to its first items;
    `meters` are names of asrbench.measure.meters.KINDS; a `soak` reads memory all along; with an
    `isolation` the engine is in a process of its own, else in this one.
    Invariants: counts are not negative, meters are known and named once; a soak is not isolated,
    since it reads this process.
    """

    workload: Workload[Any, Any, Any]
    engine: str
    corpus: str
    options: EngineOptions = field(default_factory=EngineOptions)
    limits: Limits = field(default_factory=Limits)
    check: int = 16
    launches: int = 5
    limit: int | None = None
    meters: tuple[str, ...] = DEFAULT
    soak: bool = False
    isolation: Isolation | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        """What a fresh process needs to know to build the same engine and cases; all of it JSON."""
        return {
            "workload": self.workload.name,
            "engine": self.engine,
            "threads": self.options.threads,
            "model": None if self.options.model is None else str(self.options.model),
            "corpus": self.corpus,
            "limit": self.limit,
        }

    def __post_init__(self) -> None:
        """Refuse negative counts, meters that nobody knows or that come twice, isolated soaks."""
        if self.soak and self.isolation is not None:
            raise ValueError("a soak reads the memory of this process; expected no isolation")
        for name in self.meters:
            if name not in KINDS:
                raise ValueError(f"no meter {name!r}; expected one of {sorted(KINDS)}")
            if self.meters.count(name) > 1:
                raise ValueError(f"meter {name!r} comes twice; expected it once")
        for name in ("check", "launches"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name)}; expected 0 or more")


def run(
    job: Job,
    watch: Watch,
    clock: Clock,
    keep: Callable[[Run], None],
    listen: Listener = unheard,
) -> Run:
    """Measure: start-up in fresh processes, then the oracle's check, then single-stream.

    `listen` is told of every timed call. Meters that would disturb the clock come last.
    `keep` is given the Run however the work ends. Ctrl-C leaves a partial one, which is returned;
    so does a fault of the engine, which is raised after it is kept; of an isolated engine only one
    while it loads, or a meter that cannot be read of it, and other faults fail their item.
    Raises MeterError, CorpusError, ModelError or EngineError, and keeps nothing, when there is
    nothing to measure.
    """
    beside = [name for name in job.meters if KINDS[name].how == "beside" and name != WALL]
    watch.begin("load")
    corpus = job.workload.corpus(job.corpus, job.limit)
    worker = None if job.isolation is None else Worker(job.engine, job.arguments, job.isolation)
    engine: Engine[Any, Any] = worker or asrbench.engine.build(
        job.workload.name, job.engine, job.options
    )
    apart.check(job.meters, engine)
    instruments = Instruments(clock, tuple(KINDS[name].make(engine) for name in beside))
    oracle = functools.cache(
        lambda: asrbench.engine.build(job.workload.name, job.workload.oracle, job.options)
    )
    cases = job.workload.cases(engine, corpus, oracle)
    if worker is not None:
        cases = [Apart(case, worker) for case in cases]
        instruments = replace(instruments, measure=worker.measuring(beside))
    if job.limits.values is not None:
        least = job.workload.passes * len(cases)
        limits = replace(job.limits, values=max(job.limits.values, least))
        job = replace(job, limits=limits)
    draft = Draft(job, engine, cases, corpus.licence, worker)
    try:
        if worker is not None:
            worker.start()
            apart.check(job.meters, engine)  # only now there is somebody to ask
        _fill(draft, corpus, watch, instruments, listen)
    except KeyboardInterrupt:
        draft.partial = True
    except Exception as error:
        kind = error.kind if isinstance(error, WorkerError) else "fault"
        message = f"{type(error).__name__}: {error}"
        draft.failures.append(Failure(cases[0].name, None, kind, message))
        draft.partial = True
        raise
    finally:
        whole = draft.run()
        keep(whole)
        if worker is not None:
            worker.close()
    engine.close()
    if oracle.cache_info().currsize:
        oracle().close()
    return whole


def _fill(
    draft: Draft, corpus: Any, watch: Watch, instruments: Instruments, listen: Listener
) -> None:
    """Do the work stage by stage; what each brings is in the draft at once."""
    job = draft.job
    watch.begin("start")
    bounds = Bounds() if job.isolation is None else job.isolation.launch_bounds
    draft.start, failures = start.launches(
        job.arguments, draft.start_name, job.launches, watch, bounds
    )
    draft.failures.extend(failures)

    watch.begin("prepare")
    for number, case in enumerate(draft.cases):
        watch.at(number / len(draft.cases), case.item)
        case.prepare()
    _check(draft, watch)

    watch.begin("measure")
    soak = Soak(job.limits.seconds / READINGS) if job.soak else None
    count = 0

    def hear(call: Call) -> None:
        nonlocal count
        count += call.status == "ok"
        listen(call)
        if soak is not None:
            soak(call)
        watch.at(job.limits.reached(count, call.ended_s), f"{count} values")

    stream = single_stream(draft.cases, instruments, job.limits, job.workload.stages, hear)
    draft.failures.extend(stream.failures)
    draft.score = score = job.workload.score(corpus, stream.outputs)
    draft.stream = (
        *((stream.latency,) if stream.latency else ()),
        *stream.stages,
        *stream.meters,
        *stream.first,
        *(soak.samples() if soak is not None else ()),
        *(
            (Samples(score.metric, score.unit, score.better, (score.value,), counts=score.counts),)
            if score.value is not None
            else ()
        ),
    )
    draft.partial = stream.interrupted
    if not stream.interrupted:
        draft.partial = True  # until the last of the other meters is read
        _read_apart(draft, instruments, watch)
        draft.partial = False


def _read_apart(draft: Draft, instruments: Instruments, watch: Watch) -> None:
    """Read the meters that would disturb the clock, one after another."""
    job, worker = draft.job, draft.worker
    bounds = Bounds() if job.isolation is None else job.isolation.launch_bounds
    for name in job.meters:
        how = KINDS[name].how
        if how == "beside":
            continue
        watch.begin(name)
        if how == "apart":
            measure = instruments.measure if worker is None else worker.measuring([name])
            reading = Instruments(instruments.clock, (KINDS[name].make(draft.engine),), measure)
            samples, failures = apart.read_apart(draft.cases, reading, watch.at)
        else:
            samples, failures = apart.read_fresh(draft.cases, name, job.arguments, watch.at, bounds)
        draft.stream += samples
        draft.failures.extend(failures)


def _check(draft: Draft, watch: Watch) -> None:
    """Warm up, and compare the first answers with the oracle's, unless the engine is the oracle."""
    job = draft.job
    watch.begin("check")
    if job.engine == job.workload.oracle or job.check == 0:
        with contextlib.suppress(EngineError):  # refused: the stream will be, too, and lists it
            min(draft.cases, key=lambda case: case.amount.value).run()
        return
    some = draft.cases[: job.check]
    for number, case in enumerate(some):
        watch.at(number / len(some), case.item)
        try:
            output = case.run()
        except EngineError:
            continue  # as above
        check = case.check(output)
        draft.checked += 1
        draft.agree += check.passed
        if not check.passed:
            draft.failures.append(Failure(case.name, case.item, "mismatch", check.detail))
