"""A streaming Job: the batch answers first, then the streams, and a Run however that ends."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import asrbench.engine
from asrbench.errors import EngineError, OptionError
from asrbench.measure import environment, start
from asrbench.measure.call import Listener, unheard
from asrbench.measure.interleave import Clock
from asrbench.measure.job import Job
from asrbench.measure.run import CaseResult, Failure, Item, Run
from asrbench.measure.streaming.capacity import Bound, kept, search
from asrbench.measure.streaming.play import NAME, Pace
from asrbench.measure.streaming.trial import Given, Hearing, case_name, trial
from asrbench.measure.streaming.virtual import VirtualClock
from asrbench.measure.watch import Watch
from asrbench.workload import Amount, Case, Check


@dataclass(slots=True)
class _Draft:
    """A Run that is still being written."""

    job: Job
    pace: Pace
    virtual: bool
    corpus: Any
    cases: Sequence[Case[Any]]
    bound: Bound | None = None
    partial: bool = True
    checked: int = 0
    agree: int = 0
    batch: dict[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    results: list[CaseResult] = field(default_factory=list)

    def check(self) -> Check | None:
        if not self.checked:
            return None
        detail = (
            f"{self.agree} of {self.checked} batch answers agree with the oracle; "
            f"{self.checked} of {len(self.cases)} items were checked"
        )
        return Check(self.agree == self.checked, detail)

    def run(self) -> Run:
        job = self.job
        about = job.workload.score(self.corpus, self.outputs).items if self.outputs else {}
        return Run(
            partial=self.partial,
            environment=environment.describe(job.options.threads, job.workload.build()),
            items=tuple(Item(c.item, c.amount, about.get(c.item, {})) for c in self.cases),
            errors=tuple(self.failures),
            cases=tuple(self.results),
            settings={
                "workload": job.workload.name,
                "engine": job.engine,
                "corpus": job.corpus,
                "licence": self.corpus.licence,
                "limit": job.limit,
                "model": dict(job.workload.model(job.options.model)),
                "seed": job.limits.seed,
                "seconds": job.limits.seconds,
                "checked": self.checked,
                "launches": job.launches,
                "scenario": NAME,
                "speed": self.pace.speed,
                "chunk_s": self.pace.chunk_s,
                "gap_s": self.pace.gap_s,
                "virtual": self.virtual,
                "bound": None if self.bound is None else asdict(self.bound),
            },
        )


def run(
    job: Job,
    pace: Pace,
    watch: Watch,
    clock: Clock,
    keep: Callable[[Run], None],
    listen: Listener = unheard,
    bound: Bound | None = None,
) -> Run:
    """Measure start-up, answers to whole items, which the oracle checks, then streams of them.

    With a `bound` more and more streams are tried, each number a case of the Run; else there are
    `pace.streams`. An engine that has no `open` is streamed as what it is: it answers at the end of
    each item, and every stream has one of its own, for nothing says that one may be called by
    several threads. On a VirtualClock one stream takes the time of its work. `listen` is told of
    every item as it ends; its time is that spent inside the engine. `keep` is given the Run however
    the work ends; Ctrl-C leaves a partial one. An engine's fault is raised after it is kept. Raises
    OptionError where the workload has no streams, the job is isolated or a soak, or several streams
    are to share a virtual clock.
    """
    if job.workload.streams is None:
        raise OptionError(f"{job.workload.name} has no streams; expected another scenario")
    if job.isolation is not None or job.soak:
        raise OptionError("streams are played in this process; expected no isolation, no soak")
    virtual = isinstance(clock, VirtualClock)
    if virtual and (pace.streams > 1 or bound is not None):
        raise OptionError(f"a virtual clock plays one stream; expected 1, not {pace.streams}")
    watch.begin("load")
    corpus = job.workload.corpus(job.corpus, job.limit)
    build = functools.partial(asrbench.engine.build, job.workload.name)
    engine = build(job.engine, job.options)
    oracle = functools.cache(lambda: build(job.workload.oracle, job.options))
    engines = [engine]
    draft = _Draft(job, pace, virtual, corpus, job.workload.cases(engine, corpus, oracle))
    draft.bound = bound
    amounts = {case.item: case.amount for case in draft.cases}
    try:
        _launch(draft, watch)
        _batch(draft, watch)
        given = Given(job, job.workload.streams, pace, corpus, amounts, draft.batch, engines)
        measure = functools.partial(_measure, draft, given, Hearing(watch, clock, listen))
        if bound is None:
            measure(pace.streams)
        else:
            search(lambda streams: kept(measure(streams), bound), bound.most)
        draft.partial = False
    except KeyboardInterrupt:
        draft.partial = True
    except Exception as error:
        draft.partial = True
        name = case_name(job, pace.streams)
        draft.failures.append(Failure(name, None, "fault", f"{type(error).__name__}: {error}"))
        raise
    finally:
        whole = draft.run()
        keep(whole)
    for each in engines:
        each.close()
    if oracle.cache_info().currsize:
        oracle().close()
    return whole


def _launch(draft: _Draft, watch: Watch) -> None:
    """Start the engine in fresh processes, to see how long that takes, and the memory."""
    job = draft.job
    watch.begin("start")
    name = f"{job.workload.name}/{job.engine}/start"
    found, failures = start.launches(job.arguments, name, job.launches, watch)
    draft.failures.extend(failures)
    if found:
        lengths = sorted(case.amount.value for case in draft.cases)
        work = Amount(lengths[len(lengths) // 2] + lengths[-1], draft.cases[0].amount.unit)
        about = (job.workload.name, job.engine, start.SCENARIO)
        draft.results.append(CaseResult(name, *about, work, None, found))


def _batch(draft: _Draft, watch: Watch) -> None:
    """Answer every item whole, and compare the first answers with the oracle's."""
    watch.begin("batch")
    job = draft.job
    for number, case in enumerate(draft.cases):
        watch.at(number / len(draft.cases), case.item)
        case.prepare()
        try:
            output = case.run()
        except EngineError:
            continue  # the stream will be refused, too, and lists it
        draft.batch[case.item] = output
        if number < job.check and job.engine != job.workload.oracle:
            check = case.check(output)
            draft.checked += 1
            draft.agree += check.passed
            if not check.passed:
                draft.failures.append(Failure(case.name, case.item, "mismatch", check.detail))


def _measure(draft: _Draft, given: Given, hearing: Hearing, streams: int) -> CaseResult:
    """Play so many streams; what they brought is in the draft however they end."""
    done = trial(replace(given, pace=replace(given.pace, streams=streams)), hearing)
    case = replace(done.case, check=draft.check())
    draft.results.append(case)
    draft.outputs = done.outputs
    draft.failures.extend(done.failures)
    if draft.bound is None:  # a search for the most streams has to find too many
        draft.failures.extend(done.behind)
    if done.streamed.fault is not None:
        raise done.streamed.fault
    if done.streamed.interrupted:
        raise KeyboardInterrupt
    return case
