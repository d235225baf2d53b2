"""What load shows: throughput, lateness, and the highest rate that keeps a bound."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from asrbench.measure.load.capacity import keeps
from asrbench.measure.load.series import LATENCY, SERVICE
from asrbench.measure.run import CaseResult, Run
from asrbench.measure.samples import Samples
from asrbench.measure.statistics import carried, needed, percentile
from asrbench.report.units import duration

PERCENTILED = (SERVICE,)  # metrics that are shown by percentiles, as latency is
QUERY = "query_latency"

Row = tuple[str, float | None, str, str]
"""A figure's name, value, unit, and what it rests on."""


def about(case: CaseResult) -> Mapping[str, Any] | None:
    """Return what the load of a case was, as its Run has it; None where it was under none."""
    found: Mapping[str, Any] | None = case.other.get("traffic")
    return found


def loaded(run: Run) -> list[CaseResult]:
    """Return the cases that were under load and have answers."""
    return [case for case in run.cases if about(case) and case.metric(LATENCY)]


def query_latency(case: CaseResult) -> Samples | None:
    """Return how long requests that were asked at once took until the last of them was answered.

    None where requests come one at a time. Seconds, a value a query.
    """
    latency = case.metric(LATENCY)
    if latency is None or case.scenario != "multi-stream":
        return None
    longest: dict[int | None, float] = {}
    for query, value in zip(latency.block, latency.values, strict=True):
        longest[query] = max(value, longest.get(query, 0.0))
    return Samples(QUERY, "s", "lower", tuple(longest.values()), block=tuple(longest))


def rows(run: Run, case: CaseResult) -> list[Row]:
    """Return what a case under load shows besides its metrics; nothing for another case."""
    load, latency = about(case), case.metric(LATENCY)
    if load is None or latency is None:
        return []
    count = len(latency.values)
    span_s = lasted_s(latency)
    amounts = {item.id: item.amount.value for item in run.items}
    announced = f"; {duration(load['announced_s'])} were announced"
    found: list[Row] = [
        ("throughput", count / span_s, "/s", f"{count} answers in {duration(span_s)}{announced}")
    ]
    if case.amount.unit == "audio_s":
        worked = math.fsum(amounts[item] for item in latency.item if item is not None)
        workers = f"{load['workers']} worker{'s' if load['workers'] > 1 else ''}"
        found.append(("rtfx", worked / span_s, "", f"seconds of audio a second, {workers}"))
    if case.scenario == "server":
        late = sum(value > load["bound_s"] for value in latency.values)
        note = f"{late} of {count} later than {duration(load['bound_s'])}, at {load['rate']:.4g}/s"
        found.append(("late", late / count, "fraction", note))
    return found


def headline(run: Run, case: CaseResult) -> list[Row]:
    """Return the capacity, to be shown with the first rate that was tried; else nothing."""
    tried = searched(run)
    return [capacity(run, tried)] if tried and case is tried[0] else []


def lasted_s(latency: Samples) -> float:
    """Return the seconds from the first request's schedule to the last answer."""
    ends = [
        at + value for at, value in zip(latency.at_s, latency.values, strict=True) if at is not None
    ]
    return max(ends)


def searched(run: Run) -> list[CaseResult]:
    """Return the cases of the rates that were tried; none where the rate was given."""
    asked = run.settings.get("traffic")
    if not asked or asked["scenario"] != "server" or asked["rate"] is not None:
        return []
    return loaded(run)


def kept(case: CaseResult) -> bool:
    """Whether a rate that was tried kept its bound."""
    load, latency = case.other["traffic"], case.metric(LATENCY)
    assert latency is not None
    return keeps(latency.values, load["queries"], load["bound_s"], load["percentile"])


def capacity(run: Run, tried: list[CaseResult]) -> Row:
    """Return the highest rate that kept the bound, and the lowest that did not.

    No value where the search was cut short.
    """
    load = tried[0].other["traffic"]
    rates = {case.other["traffic"]["rate"]: kept(case) for case in tried}
    low = max((rate for rate, good in rates.items() if good), default=0.0)
    high = min((rate for rate, good in rates.items() if not good), default=load["throughput"])
    p = f"p{100 * load['percentile']:g}"
    outcome = (
        f"{low:.4g}/s kept it, {high:.4g}/s did not" if low else f"{high:.4g}/s did not keep it"
    )
    note = f"{p} at most {duration(load['bound_s'])}: {outcome}; {len(tried)} rates were tried"
    whole = not run.partial and all(
        error.kind not in ("died", "hung", "fault", "memory") for error in run.errors
    )
    return ("capacity", low if whole else None, "/s", note)


def reached(case: CaseResult) -> tuple[float | None, str]:
    """Return the latency at the percentile of the case's bound, seconds, and what it rests on."""
    load, latency = case.other["traffic"], case.metric(LATENCY)
    count = len(latency.values) if latency else 0
    if latency is None or not carried(load["percentile"], count):
        return None, f"{count} of {needed(load['percentile'])} values"
    return percentile(latency.values, load["percentile"]), f"{count} values"
