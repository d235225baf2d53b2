"""The pictures of a gate: what each launch showed of a case, and what calibration found of it."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from typing import Any

from asrbench.gate.verdict import Gated, Launch, Verdict
from asrbench.report.gate import wording

Curves = Mapping[str, Sequence[tuple[float, float]]]
"""By case: relative slowdowns that were tried, and the share of replayed gate runs that alarmed."""

_POINTS = (("judged", 2, "circle"), ("confirmation", 3, "diamond"))
_ROOM = {"rangemode": "tozero", "automargin": True}


def plots(gated: Gated, curves: Curves) -> list[dict[str, Any]]:
    """Return the plots, as those of asrbench.report.plots: what matters first, then calibration.

    A plot for each metric that did not pass, and one for a case that did: its first metric.
    """
    drawn = [*(v for outcome in wording.SERIOUS for v in wording.of(gated, outcome))]
    told = {verdict.case for verdict in drawn}
    for case, verdicts in wording.by_case(wording.of(gated, "pass")).items():
        sampled = [v for v in verdicts if (case, v.metric) in gated.launches]
        drawn += sampled[:1] if case not in told else []
    made = [
        _launches(verdict, shown)
        for verdict in drawn
        if (shown := changes(gated, verdict)) is not None
    ]
    return made + ([_detection(curves)] if curves else [])


def changes(gated: Gated, verdict: Verdict) -> list[tuple[Launch, float, bool]] | None:
    """Return launches in order: each, its relative change, and whether it confirmed.

    Those with nothing at the base have no relative change and are left out. None where no launch
    has one, as of what is exact.
    """
    launches = gated.launches.get((verdict.case, verdict.metric), ())
    first = len(launches) - verdict.confirmed
    found = [
        (launch, launch.head / launch.base - 1, place >= first)
        for place, launch in enumerate(launches)
        if launch.base > 0 and math.isfinite(launch.head / launch.base)
    ]
    return found or None


def bound(verdict: Verdict) -> float:
    """Return the relative change from which a verdict counts: below zero for an improvement."""
    return -verdict.effect if verdict.outcome == "improvement" else verdict.effect


def _launches(verdict: Verdict, shown: Sequence[tuple[Launch, float, bool]]) -> dict[str, Any]:
    """Return a point a launch in order, the interval of the change, and the line of what counts."""
    count = len(shown)
    ends = [0.5, count + 0.5]
    found = verdict.change
    data: list[dict[str, Any]] = [
        _level(ends, found.low, "90 % interval", 0, "dot"),
        {**_level(ends, found.high, "90 % interval", 0, "dot"), "showlegend": False},
        _level(ends, found.value, "estimate", 0, "solid"),
        _level(ends, bound(verdict), f"counts from {wording.effect(verdict.effect)}", 1, "dash"),
    ]
    for name, colour, symbol in _POINTS:
        some = [(n, one) for n, one in enumerate(shown, 1) if one[2] is (name == "confirmation")]
        if some:
            data.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": f"launch, {name}",
                    "x": [place for place, _ in some],
                    "y": [change for _, (_, change, _) in some],
                    "text": [_values(launch, verdict.unit) for _, (launch, _, _) in some],
                    "marker": {"size": 9, "colour": colour, "symbol": symbol},
                    "hovertemplate": "%{text}: %{y:+.2%}<extra></extra>",
                }
            )
    return {
        "title": _safe(f"{verdict.outcome}: {verdict.case}, {verdict.metric}"),
        "note": _safe(wording.sentence(verdict)),
        "height": 320,
        "data": data,
        "layout": {
            "xaxis": {"title": {"text": "launch, in order"}, "range": ends, "dtick": _step(count)},
            "yaxis": {"title": {"text": "change"}, "tickformat": "+.1%", **_ROOM},
            "showlegend": True,
        },
    }


def _level(ends: Sequence[float], at: float, name: str, colour: int, dash: str) -> dict[str, Any]:
    """Return a line across the plot; none for an interval without an end."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": list(ends),
        "y": [at if math.isfinite(at) else None] * 2,
        "line": {"width": 2 if dash == "solid" else 1, "dash": dash, "colour": colour},
        "hoverinfo": "skip",
    }


def _detection(curves: Curves) -> dict[str, Any]:
    """Return the share of gate runs that alarmed by how much slower the head was, a line a case."""
    return {
        "title": "What the gate finds: calibration",
        "note": "share of replayed gate runs that alarmed, by the slowdown that was put in; at 0 "
        "these are false alarms",
        "height": 380,
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": _safe(case),
                "x": [slowdown for slowdown, _ in sorted(points)],
                "y": [share for _, share in sorted(points)],
                "line": {"width": 2, "colour": index},
                "marker": {"size": 8, "colour": index, "symbol": index},
                "hovertemplate": "%{x:+.1%} slower: %{y:.1%}<extra>" + _safe(case) + "</extra>",
            }
            for index, (case, points) in enumerate(curves.items())
        ],
        "layout": {
            "xaxis": {"title": {"text": "slowdown"}, "tickformat": ".0%", "rangemode": "tozero"},
            "yaxis": {
                "title": {"text": "found"},
                "tickformat": ".0%",
                "range": [-0.02, 1.02],
                "automargin": True,
            },
            "showlegend": True,
        },
    }


def _values(launch: Launch, unit: str) -> str:
    """Return what a launch gave."""
    return _safe(f"launch {launch.number}: {wording.values(launch.base, launch.head, unit)}")


def _step(count: int) -> int:
    """Return how far apart the numbers on the axis are: whole, and about ten."""
    return max(1, round(count / 10))


def _safe(words: str) -> str:
    """Text that plotly, which reads tags in labels, shows as it is."""
    return html.escape(wording.printable(words), quote=False)
