"""A trial: so many streams at once of one engine on one corpus, and what they brought as a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import asrbench.engine
from asrbench.engine import Final, StreamingEngine
from asrbench.measure.call import Call, Listener
from asrbench.measure.interleave import Clock
from asrbench.measure.job import Job
from asrbench.measure.run import CaseResult, Failure
from asrbench.measure.samples import Samples
from asrbench.measure.streaming.metrics import samples
from asrbench.measure.streaming.play import NAME, Open, Pace, Played, announced_s, plan
from asrbench.measure.streaming.threads import Streamed, stream_all
from asrbench.measure.watch import Watch
from asrbench.workload import Amount, Contrast, Streams


@dataclass(frozen=True, slots=True)
class Given:
    """What is streamed: by item id its amount, and the engine's answer to all of it at once.

    `engines` begins with the engine; more are built, and put there, where streams cannot share it.
    """

    job: Job
    streams: Streams[Any, Any, Any]
    pace: Pace
    corpus: Any
    amounts: Mapping[str, Amount]
    batch: Mapping[str, Any]
    engines: list[Any]


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who is told while it goes on, and the clock."""

    watch: Watch
    clock: Clock
    listen: Listener


@dataclass(frozen=True, slots=True)
class Trial:
    """What so many streams brought: a case, the final texts as outputs by item, what failed.

    `behind` are the streams that were cut, as failures: whether they are is for the caller to say.
    """

    case: CaseResult
    outputs: Mapping[str, Any]
    failures: tuple[Failure, ...]
    behind: tuple[Failure, ...]
    streamed: Streamed


def case_name(job: Job, streams: int) -> str:
    """Return what a case is called: "speech/native/stream@4"."""
    return f"{job.workload.name}/{job.engine}/stream@{streams}"


def trial(given: Given, hearing: Hearing) -> Trial:
    """Play `given.pace.streams` streams at once; each has the corpus in an order of its own."""
    job, pace = given.job, given.pace
    arrivals = given.streams.arrivals(given.corpus, pace.chunk_s)
    plans = plan(arrivals, pace, job.limits)
    announced = announced_s(plans)
    total = sum(map(len, plans))
    ended = 0

    def told(now_s: float, played: Played | None) -> None:
        nonlocal ended
        ended += played is not None
        note = f"{pace.streams} at once for {announced:.0f} s, {ended} of {total} items"
        hearing.watch.at(min(1.0, now_s / announced), note)
        if played is not None and played.ending in ("final", "refused"):
            hearing.listen(_call(played, given.amounts[played.item]))

    begins = _begins(given)
    hearing.watch.begin("stream")
    streamed = stream_all(begins, plans, hearing.clock, told)
    return _of(given, streamed, announced)


def _begins(given: Given) -> list[Open]:
    """Return what opens a session, for each stream; engines that cannot be shared are built."""
    job, engines, count = given.job, given.engines, given.pace.streams
    if isinstance(engines[0], StreamingEngine):
        return [engines[0].open] * count
    while len(engines) < count:
        engines.append(asrbench.engine.build(job.workload.name, job.engine, job.options))
    return [given.streams.whole(engine).open for engine in engines[:count]]


def _of(given: Given, streamed: Streamed, announced: float) -> Trial:
    """Return what was streamed as a case with its failures."""
    job, workload, corpus = given.job, given.job.workload, given.corpus
    name = case_name(job, given.pace.streams)
    timings = {
        item: given.streams.timing(corpus, item, output) for item, output in given.batch.items()
    }
    metrics, sessions = samples(streamed, timings, given.pace)
    outputs: dict[str, Any] = {}
    for played in streamed.played:
        if played.text is not None:
            outputs.setdefault(played.item, given.streams.output(played.text))
    score = workload.score(corpus, outputs) if outputs else None
    if score is not None and score.value is not None:
        rate = (score.value,)
        metrics += (Samples(score.metric, score.unit, score.better, rate, counts=score.counts),)
    apart = workload.contrast(corpus, outputs, given.batch) if outputs else None
    lengths = list(given.amounts.values())
    behind = sorted({one.stream for one in streamed.played if one.ending == "cut"})
    case = CaseResult(
        name,
        workload.name,
        job.engine,
        NAME,
        Amount(sum(length.value for length in lengths), lengths[0].unit),
        None,
        metrics,
        other={
            "streams": given.pace.streams,
            "partial_results": isinstance(given.engines[0], StreamingEngine),
            "announced_s": announced,
            "took_s": streamed.took_s,
            "behind": behind,
            "word_ends": sorted({timing.source for timing in timings.values()}),
            "stream_minus_batch": None if apart is None else _contrast(apart),
            "sessions": sessions,
        },
    )
    cut = f"had audio waiting at {streamed.took_s:.1f} s of {announced:.1f} s, and was cut"
    late = tuple(Failure(name, None, "behind", f"stream {number} {cut}") for number in behind)
    return Trial(case, outputs, _failures(name, streamed), late, streamed)


def _failures(name: str, streamed: Streamed) -> tuple[Failure, ...]:
    """Return the items that were refused, and those that an engine left without a final text."""
    found: dict[tuple[str, str], Failure] = {}
    for one in streamed.played:
        if one.ending == "refused":
            kind, message = "refused", one.message
        elif one.ending == "final" and not any(isinstance(e, Final) for _, e in one.heard):
            kind, message = "mismatch", "finish() gave no Final; expected one"
        else:
            continue
        found.setdefault((one.item, kind), Failure(name, one.item, kind, message))
    return tuple(found.values())


def _call(played: Played, amount: Amount) -> Call:
    """Return an item of a stream as a call: when it began, seconds of work in the engine."""
    times = (played.begins_s, played.work_s)
    if played.ending == "refused":
        return Call(played.item, amount, played.stream, *times, "refused", message=played.message)
    return Call(played.item, amount, played.stream, *times, output=played.text)


def _contrast(apart: Contrast) -> dict[str, Any]:
    """Return how the streams' texts differ from the batch answers, as JSON values."""
    return {**asdict(apart), "lines": list(apart.lines)}
