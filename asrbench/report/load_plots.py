"""The pictures of load: latency by when a request was due, its parts, and the rates tried."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from asrbench.measure.load.series import LATENCY
from asrbench.measure.run import CaseResult, Run
from asrbench.measure.samples import Samples
from asrbench.measure.statistics import percentile
from asrbench.report.load import kept, loaded, searched
from asrbench.report.units import duration


def load_plots(run: Run) -> list[dict[str, Any]]:
    """Return plots of a Run's load, as those of asrbench.report.plots; none where it has none."""
    lines = [(_name(c), c, latency) for c in loaded(run) if (latency := c.metric(LATENCY))]
    if not lines:
        return []
    made = [_capacity(tried)] if (tried := searched(run)) else []
    return [*made, _over_time(lines), _cdf(lines)]


def _name(case: CaseResult) -> str:
    """Return what a case is called: its rate where it has one."""
    rate = case.other["traffic"]["rate"]
    return f"{rate:.4g}/s" if rate else case.scenario


def _over_time(lines: Sequence[tuple[str, CaseResult, Samples]]) -> dict[str, Any]:
    """Return a point a request: when it was due, how long until its answer."""
    return {
        "title": "Latency by when a request was due",
        "note": "a point a request; one that waits for others is charged for it, so a stall shows "
        "as a slope",
        "height": 380,
        "data": [
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": list(latency.at_s),
                "y": list(latency.values),
                "text": [html.escape(item or "", quote=False) for item in latency.item],
                "marker": {"size": 5, "colour": index, "symbol": index, "opacity": 0.7},
                "hovertemplate": "%{text}<br>due at %{x:.3f} s, %{y:.4f} s<extra>"
                + name
                + "</extra>",
            }
            for index, (name, _, latency) in enumerate(lines)
        ],
        "layout": {
            "xaxis": {"title": {"text": "due, s"}, "rangemode": "tozero"},
            "yaxis": {"title": {"text": "latency, s"}, "rangemode": "tozero"},
            "showlegend": len(lines) > 1,
        },
    }


def _cdf(lines: Sequence[tuple[str, CaseResult, Samples]]) -> dict[str, Any]:
    """Return what part of all requests was answered within a time."""
    data = []
    for index, (name, _, latency) in enumerate(lines):
        ordered = sorted(latency.values)
        count = len(ordered)
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": name,
                "x": [ordered[0], *ordered],
                "y": [0.0, *((rank + 1) / count for rank in range(count))],
                "line": {"shape": "hv", "width": 2, "colour": index},
                "hovertemplate": "%{y:.1%} within %{x:.4f} s<extra></extra>",
            }
        )
    return {
        "title": "Latency: the part of all requests that was answered within a time",
        "note": "from when each was due; "
        + ", ".join(f"{name}: {len(latency.values)} answers" for name, _, latency in lines),
        "height": 380,
        "data": data,
        "layout": {
            "xaxis": {"title": {"text": "latency, s"}, "rangemode": "tozero"},
            "yaxis": {
                "title": {"text": "part of requests"},
                "tickformat": ".0%",
                "range": [0, 1.02],
            },
            "showlegend": len(lines) > 1,
        },
    }


def _capacity(tried: Sequence[CaseResult]) -> dict[str, Any]:
    """Return the latency at the bound's percentile of every rate that was tried, and the bound."""
    load = tried[0].other["traffic"]
    bound_s, p = load["bound_s"], load["percentile"]
    data = []
    for index, (name, good) in enumerate((("kept the bound", True), ("did not", False))):
        some = sorted(
            (case.other["traffic"]["rate"], percentile(latency.values, p), len(latency.values))
            for case in tried
            if kept(case) is good and (latency := case.metric(LATENCY))
        )
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": [rate for rate, _, _ in some],
                "y": [value for _, value, _ in some],
                "text": [f"{count} of {load['queries']} requests" for _, _, count in some],
                "marker": {"size": 11, "colour": index, "symbol": index},
                "hovertemplate": "%{x:.4g}/s: %{y:.4f} s, %{text}<extra></extra>",
            }
        )
    most = max(case.other["traffic"]["rate"] for case in tried)
    bound = {
        "type": "scatter",
        "mode": "lines",
        "name": f"bound, {duration(bound_s)}",
        "x": [0, most],
        "y": [bound_s, bound_s],
        "line": {"width": 1, "dash": "dash", "colour": 2},
        "hoverinfo": "skip",
    }
    return {
        "title": f"Latency p{100 * p:g} by rate of requests",
        "note": "a point a rate that was tried; one that cannot keep the bound any more is cut "
        "short, and its point is of the answers until then",
        "height": 360,
        "data": [*data, bound],
        "layout": {
            "xaxis": {"title": {"text": "requests a second"}, "rangemode": "tozero"},
            "yaxis": {"title": {"text": f"latency p{100 * p:g}, s"}, "rangemode": "tozero"},
            "showlegend": True,
        },
    }
