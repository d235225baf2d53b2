"""The figures of a Run, computed from its values when it is read: what every report shows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asrbench.measure.run import CaseResult, Run
from asrbench.measure.samples import Samples
from asrbench.measure.soak import METRIC as RESIDENT
from asrbench.measure.statistics import carried, median, median_interval, needed, percentile
from asrbench.measure.streaming.play import NAME as SCENARIO
from asrbench.report import limits, load, streaming
from asrbench.report.soak import latency_drift, memory_slope
from asrbench.report.units import shown

PERCENTILES = (0.5, 0.95)  # shown always, or how many values there are of those they need
TAILS = (0.99,)  # shown only when they are carried
STAGE = "stage/"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table: a name, a value with its unit, what it rests on.

    `value` is None where there are not enough values to show it; `note` then says how many there
    are. `name` is a word for machines, stable between versions.
    """

    case: str
    name: str
    value: float | None
    unit: str
    note: str = ""


def figures(run: Run) -> list[Figure]:
    """Every figure of a Run, case by case."""
    return [figure for case in run.cases for figure in _of_case(run, case)]


def speed(run: Run, case: CaseResult) -> Figure | None:
    """Return the real-time factor: seconds of work / seconds of audio, over all calls.

    None where the case's work is not audio, was under load, or nothing was timed.
    """
    latency = case.metric("latency")
    if load.about(case) or latency is None or not latency.item or case.amount.unit != "audio_s":
        return None
    amounts = {item.id: item.amount.value for item in run.items}
    worked = math.fsum(amounts[item] for item in latency.item if item is not None)
    rtf = math.fsum(latency.values) / worked
    passes = _passes(latency, amounts)
    interval = median_interval(passes)
    note = f"{len(latency.values)} calls"
    if interval is not None:
        note += f"; 95 % of the median pass {interval.low:.4f} to {interval.high:.4f}"
    return Figure(case.name, "rtf", rtf, "", note)


def stages(case: CaseResult) -> list[Samples]:
    """Return the samples of the stages that the engine told of, in its order."""
    return [samples for samples in case.samples if samples.metric.startswith(STAGE)]


def _passes(latency: Samples, amounts: dict[str, float]) -> list[float]:
    """Return the real-time factor of each pass that touched every item."""
    items = set(latency.item)
    blocks: dict[int | None, list[tuple[str, float]]] = {}
    for block, item, value in zip(latency.block, latency.item, latency.values, strict=True):
        if item is not None:
            blocks.setdefault(block, []).append((item, value))
    return [
        math.fsum(value for _, value in block) / math.fsum(amounts[item] for item, _ in block)
        for block in blocks.values()
        if {item for item, _ in block} == items
    ]


def _of_case(run: Run, case: CaseResult) -> list[Figure]:
    """Return the figures of one case: percentiles, speed, stages, and the plain metrics."""
    found = [Figure(case.name, *row) for row in load.headline(run, case)]
    latency = case.metric("latency")
    if latency is not None:
        found.extend(_percentiles(case.name, latency))
    rtf = speed(run, case)
    if rtf is not None and rtf.value is not None:
        found.append(rtf)
        found.append(Figure(case.name, "rtfx", 1 / rtf.value, "", "seconds of audio a second"))
    worked = case.metric("service") or latency  # under load latency is mostly waiting
    total = math.fsum(worked.values) if worked else 0.0
    for samples in stages(case):
        spent = math.fsum(samples.values)
        share = f"{100 * spent / total:.1f} % of the time" if total else ""
        found.append(Figure(case.name, samples.metric, spent / len(samples.values), "s", share))
    for samples in case.samples:
        if load.about(case) and samples.metric in load.PERCENTILED:
            found.extend(_percentiles(case.name, samples))
        elif samples.metric in streaming.PERCENTILED:
            found.extend(_percentiles(case.name, samples, streaming.note(case, samples.metric)))
        elif samples is not latency and not samples.metric.startswith(STAGE):
            found.append(_plain(case.name, samples))
    found.extend(_soaked(case))
    if (queries := load.query_latency(case)) is not None:
        found.extend(_percentiles(case.name, queries))
    found.extend(Figure(case.name, *row) for row in load.rows(run, case))
    found.extend(Figure(case.name, *row) for row in limits.rows(run, case))
    return [*found, *_streamed(run, case)]


def _streamed(run: Run, case: CaseResult) -> list[Figure]:
    """Return what a case of streams shows besides its metrics; nothing for another case."""
    if case.scenario != SCENARIO:
        return []
    found = []
    if (drift := streaming.drift(case)) is not None:
        found.append(Figure(case.name, "wer_stream_minus_batch", drift[0], "fraction", drift[1]))
    carried_ = streaming.capacity(run)
    if carried_ is not None and case is streaming.streamed(run)[-1]:
        count, note = carried_
        found.append(Figure(case.name, "streams_carried", count, "streams", note))
    return found


def _soaked(case: CaseResult) -> list[Figure]:
    """Return how memory and latency changed during a soak; nothing where there was none."""
    if case.metric(RESIDENT) is None:
        return []
    trends = {
        ("memory_slope", "bytes/utterance"): memory_slope(case),
        ("latency_drift", "fraction"): latency_drift(case),
    }
    return [
        Figure(case.name, name, trend[0].value if trend[0] else None, unit, trend[1])
        for (name, unit), trend in trends.items()
        if trend is not None
    ]


def _percentiles(case: str, samples: Samples, more: str = "") -> list[Figure]:
    """Return the percentiles that are carried; for the others, how many values there are.

    `more` is put behind each note.
    """
    count = len(samples.values)
    found = []
    for p in (*PERCENTILES, *(tail for tail in TAILS if carried(tail, count))):
        name = f"{samples.metric}_p{100 * p:g}"
        if carried(p, count):
            value = percentile(samples.values, p)
            found.append(Figure(case, name, value, samples.unit, f"{count} values{more}"))
        else:
            note = f"{count} of {needed(p)} values{more}"
            found.append(Figure(case, name, None, samples.unit, note))
    return found


def _plain(case: str, samples: Samples) -> Figure:
    """Return the median of a metric, and beside it the counts or the spread."""
    note = counted(samples.counts) if samples.counts else spread(samples.values, samples.unit)
    return Figure(case, samples.metric, median(samples.values), samples.unit, note)


def counted(counts: Mapping[str, int]) -> str:
    """Return counts in words, "12 utterances, 0 errors, 160 words", without those that are zero."""
    return ", ".join(
        f"{count} {name}" for name, count in counts.items() if count or name == "errors"
    )


def spread(values: Sequence[float], unit: str) -> str:
    """Return how far apart values lie, in words."""
    if len(values) == 1:
        return "1 value"
    return f"median of {len(values)}, {shown(min(values), unit)} to {shown(max(values), unit)}"
