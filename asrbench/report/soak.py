"""What a soak shows: whether memory grows with the utterances, and latency with the hours."""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import Any

from asrbench.measure.run import CaseResult
from asrbench.measure.samples import Samples
from asrbench.measure.soak import METRIC
from asrbench.measure.statistics import Estimate, median
from asrbench.measure.trend import LEAST, slope

_HOUR_S = 3600.0


def memory_slope(case: CaseResult) -> tuple[Estimate | None, str] | None:
    """Return bytes an utterance that resident memory grows by after the first pass, and a note.

    None where the case was no soak; no estimate where there are too few readings.
    """
    memory, latency = case.metric(METRIC), case.metric("latency")
    if memory is None or latency is None:
        return None
    began = [at for at in latency.at_s if at is not None]
    points: dict[int, float] = {}
    for value, block, at in zip(memory.values, memory.block, memory.at_s, strict=True):
        if block and at is not None:
            points[bisect_left(began, at)] = value  # calls begun, so ended, before the reading
    grown = slope(list(points), list(points.values()))
    return grown, _note(grown, len(points), "readings after the first pass", "bytes/utterance")


def latency_drift(case: CaseResult) -> tuple[Estimate | None, str] | None:
    """Return the part of itself that a pass's mean latency grows by in an hour, and a note.

    Passes that touched every item count, the first apart. None where the case was no soak.
    """
    latency = case.metric("latency")
    if case.metric(METRIC) is None or latency is None:
        return None
    points = _passes(latency)[1:]
    means = [mean for _, mean in points]
    grown = slope([at / _HOUR_S for at, _ in points], means)
    if grown is not None:
        usual = median(means)
        grown = Estimate(grown.value / usual, grown.low / usual, grown.high / usual)
    return grown, _note(grown, len(points), "whole passes after the first", "")


def memory_plot(case: CaseResult) -> dict[str, Any] | None:
    """Return resident memory over time, as a plot of asrbench.report.plots; None for no soak."""
    memory = case.metric(METRIC)
    if memory is None:
        return None
    minutes = [None if at is None else at / 60 for at in memory.at_s]
    grown = memory_slope(case)
    return {
        "title": "Memory over time",
        "note": "resident after malloc gave back what it kept; growth after the first pass: "
        + (grown[1] if grown else "not known"),
        "height": 320,
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": "resident memory",
                "x": minutes,
                "y": [value / 2**20 for value in memory.values],
                "line": {"width": 2, "colour": 0},
                "marker": {"size": 5, "colour": 0},
                "hovertemplate": "%{y:.2f} MiB after %{x:.2f} min<extra></extra>",
            }
        ],
        "layout": {
            "xaxis": {"title": {"text": "minutes"}, "rangemode": "tozero"},
            "yaxis": {
                "title": {"text": "resident memory, MiB", "standoff": 12},
                "automargin": True,
            },
            "showlegend": False,
        },
    }


def _passes(latency: Samples) -> list[tuple[float, float]]:
    """Return (when it began, its mean latency), seconds, of each pass that touched every item."""
    items = set(latency.item)
    blocks: dict[int, list[tuple[str | None, float, float]]] = {}
    for block, item, at, value in zip(
        latency.block, latency.item, latency.at_s, latency.values, strict=True
    ):
        if block is not None and at is not None:
            blocks.setdefault(block, []).append((item, at, value))
    return [
        (block[0][1], math.fsum(value for _, _, value in block) / len(block))
        for block in blocks.values()
        if {item for item, _, _ in block} == items
    ]


def _note(grown: Estimate | None, count: int, what: str, unit: str) -> str:
    """Return what an estimate rests on, in words."""
    if grown is None:
        return f"{count} {what}; {LEAST} are needed"
    if unit:
        span = f"{grown.low:+.4g} to {grown.high:+.4g} {unit}"
    else:
        span = f"{100 * grown.low:+.2f} to {100 * grown.high:+.2f} %"
    return f"95 % interval {span}; {count} {what}"
