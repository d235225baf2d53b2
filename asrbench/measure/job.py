"""A Job says what to measure; running it starts, checks and times an engine and gives a Run."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import asrbench.engine
from asrbench.engine import EngineOptions
from asrbench.errors import EngineError
from asrbench.measure import apart, environment, scenario, start
from asrbench.measure.call import Call, Listener, unheard
from asrbench.measure.interleave import Clock
from asrbench.measure.meters import DEFAULT, KINDS, WALL
from asrbench.measure.run import CaseResult, Failure, Item, Run
from asrbench.measure.samples import Samples
from asrbench.measure.scenario import Instruments, Limits, single_stream
from asrbench.measure.soak import READINGS, Soak
from asrbench.measure.watch import Watch
from asrbench.workload import Amount, Case, Check, Score, Workload


@dataclass(frozen=True, slots=True)
class Job:
    """What to measure: an engine of a workload, on a corpus, and how thoroughly.

    `check` answers are compared with the oracle's (the first ones, or all when there are no more);
    `launches` fresh processes show start-up and memory; `limit` cuts the corpus to its first items;
    `meters` are names of asrbench.measure.meters.KINDS; a `soak` reads memory all along.
    Invariants: counts are not negative, meters are known and named once.
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

    def __post_init__(self) -> None:
        """Refuse negative counts, and meters that nobody knows or that come twice."""
        for name in self.meters:
            if name not in KINDS:
                raise ValueError(f"no meter {name!r}; expected one of {sorted(KINDS)}")
            if self.meters.count(name) > 1:
                raise ValueError(f"meter {name!r} comes twice; expected it once")
        for name in ("check", "launches"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name)}; expected 0 or more")


@dataclass(slots=True)
class _Draft:
    """A Run that is still being written: whatever is in it when the work ends is the Run."""

    job: Job
    cases: Sequence[Case[Any]]
    licence: str
    partial: bool = True
    checked: int = 0
    agree: int = 0
    score: Score | None = None
    failures: list[Failure] = field(default_factory=list)
    start: tuple[Samples, ...] = ()
    stream: tuple[Samples, ...] = ()

    def run(self) -> Run:
        job = self.job
        about = self.score.items if self.score else {}
        return Run(
            partial=self.partial,
            environment=environment.describe(job.options.threads, job.workload.build()),
            items=tuple(Item(c.item, c.amount, about.get(c.item, {})) for c in self.cases),
            errors=tuple(self.failures),
            cases=tuple(self._results()),
            settings={
                "workload": job.workload.name,
                "engine": job.engine,
                "corpus": job.corpus,
                "licence": self.licence,
                "limit": job.limit,
                "model": dict(job.workload.model(job.options.model)),
                "seed": job.limits.seed,
                "seconds": job.limits.seconds,
                "values": job.limits.values,
                "checked": self.checked,
                "launches": job.launches,
                "meters": list(job.meters),
                "soak": job.soak,
            },
        )

    def _results(self) -> list[CaseResult]:
        """Return the cases that something is known of."""
        results = []
        unit = self.cases[0].amount.unit
        lengths = sorted(case.amount.value for case in self.cases)
        if self.start:
            work = Amount(lengths[len(lengths) // 2] + lengths[-1], unit)
            results.append(self._result(self.start_name, start.SCENARIO, work, None, self.start))
        if self.stream or self.checked:
            work = Amount(sum(lengths), unit)
            name = self.cases[0].name
            results.append(self._result(name, scenario.NAME, work, self._check(), self.stream))
        return results

    @property
    def start_name(self) -> str:
        return f"{self.job.workload.name}/{self.job.engine}/start"

    def _result(
        self,
        name: str,
        how: str,
        amount: Amount,
        check: Check | None,
        samples: tuple[Samples, ...],
    ) -> CaseResult:
        return CaseResult(
            name, self.job.workload.name, self.job.engine, how, amount, check, samples
        )

    def _check(self) -> Check | None:
        if not self.checked:
            return None
        detail = (
            f"{self.agree} of {self.checked} answers agree with the oracle; "
            f"{self.checked} of {len(self.cases)} items were checked"
        )
        return Check(self.agree == self.checked, detail)


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
    so does a fault of the engine, which is raised after it is kept. Raises MeterError, CorpusError,
    ModelError or EngineError, and keeps nothing, when there is nothing to measure.
    """
    apart.check(job.meters)
    beside = (name for name in job.meters if KINDS[name].how == "beside" and name != WALL)
    instruments = Instruments(clock, tuple(KINDS[name].make() for name in beside))
    watch.begin("load")
    corpus = job.workload.corpus(job.corpus, job.limit)
    engine = asrbench.engine.build(job.workload.name, job.engine, job.options)
    oracle = functools.cache(
        lambda: asrbench.engine.build(job.workload.name, job.workload.oracle, job.options)
    )
    cases = job.workload.cases(engine, corpus, oracle)
    draft = _Draft(job, cases, corpus.licence)
    try:
        _fill(draft, corpus, watch, instruments, listen)
    except KeyboardInterrupt:
        draft.partial = True
    except Exception as error:
        message = f"{type(error).__name__}: {error}"
        draft.failures.append(Failure(cases[0].name, None, "fault", message))
        draft.partial = True
        raise
    finally:
        whole = draft.run()
        keep(whole)
    engine.close()
    if oracle.cache_info().currsize:
        oracle().close()
    return whole


def _fill(
    draft: _Draft, corpus: Any, watch: Watch, instruments: Instruments, listen: Listener
) -> None:
    """Do the work stage by stage; what each brings is in the draft at once."""
    job = draft.job
    watch.begin("start")
    arguments = {
        "workload": job.workload.name,
        "engine": job.engine,
        "threads": job.options.threads,
        "model": None if job.options.model is None else str(job.options.model),
        "corpus": job.corpus,
        "limit": job.limit,
    }
    draft.start, failures = start.launches(arguments, draft.start_name, job.launches, watch)
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
        _read_apart(draft, arguments, watch)
        draft.partial = False


def _read_apart(draft: _Draft, arguments: dict[str, Any], watch: Watch) -> None:
    """Read the meters that would disturb the clock, one after another."""
    for name in draft.job.meters:
        how = KINDS[name].how
        if how == "beside":
            continue
        watch.begin(name)
        if how == "apart":
            samples, failures = apart.read_apart(draft.cases, name, watch.at)
        else:
            samples, failures = apart.read_fresh(draft.cases, name, arguments, watch.at)
        draft.stream += samples
        draft.failures.extend(failures)


def _check(draft: _Draft, watch: Watch) -> None:
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
