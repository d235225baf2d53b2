"""The plots of a Run, as data that plotly's JavaScript draws; every text in them is escaped."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from typing import Any

from asrbench.measure.run import CaseResult, Run
from asrbench.measure.samples import Samples
from asrbench.measure.statistics import carried, median, percentile
from asrbench.report.comparison import timed, title
from asrbench.report.load import about
from asrbench.report.load_plots import load_plots
from asrbench.report.soak import memory_plot
from asrbench.report.stream_plots import stream_plots
from asrbench.report.summary import PERCENTILES, STAGE, TAILS, stages
from asrbench.report.trade import wer_by_speed

_MOST_BARS = 60  # items in the stage stack; of more, some are picked evenly over the lengths
_LONGEST_NAME = 28  # characters of an id on an axis

Plot = dict[str, Any]
"""title, note, height in pixels, plotly's data and layout."""

Line = tuple[str, CaseResult, Samples]
"""What a case is called in a plot, the case, and its latency."""


def plots(run: Run) -> list[Plot]:
    """Return the plots that the Run has values for.

    WER against speed where several engines have both, latency CDF, RTF by length, stage stack,
    memory over time where there was a soak; those of load and of streams where there were any.
    """
    lines = [
        (title(run, c), c, latency)
        for c in timed(run)
        if (latency := c.metric("latency")) and not about(c)
    ]
    others = [*load_plots(run), *stream_plots(run)]
    if not lines:
        return others
    made = [plot] if (plot := wer_by_speed(run)) else []
    made.append(_cdf(lines))
    if lines[0][1].amount.unit == "audio_s":
        made.append(_rtf_by_length(run, lines))
    made.extend(_stage_stack(run, case, latency) for _, case, latency in lines if stages(case))
    made.extend(plot for _, case, _ in lines if (plot := memory_plot(case)) is not None)
    return made + others


def _cdf(lines: Sequence[Line]) -> Plot:
    """Return what part of all calls was done within a time."""
    data = []
    for index, (name, _, latency) in enumerate(lines):
        ordered = sorted(latency.values)
        count = len(ordered)
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers" if count <= 400 else "lines",
                "name": _safe(name),
                "x": [ordered[0], *ordered],
                "y": [0.0, *((rank + 1) / count for rank in range(count))],
                "line": {"shape": "hv", "width": 2, "colour": index},
                "marker": {"size": 4, "colour": index, "symbol": index},
                "hovertemplate": "%{y:.1%} within %{x:.4f} s<extra></extra>",
            }
        )
    return {
        "title": "Latency: the part of all calls that was done within a time",
        "note": f"{len(lines[0][2].values)} calls"
        + (" each" if len(lines) > 1 else "")
        + "; lines mark the percentiles that enough values carry",
        "height": 380,
        "data": data,
        "marks": [] if len(lines) > 1 else _marks(lines[0][2].values),
        "layout": {
            "xaxis": {"title": {"text": "latency, s"}, "rangemode": "tozero"},
            "yaxis": {"title": {"text": "part of calls"}, "tickformat": ".0%", "range": [0, 1.02]},
            "showlegend": len(lines) > 1,
        },
    }


def _marks(values: Sequence[float]) -> list[dict[str, Any]]:
    """Return the percentiles that the values carry, to be marked by lines."""
    return [
        {"p": f"p{100 * p:g}", "x": percentile(values, p)}
        for p in (*PERCENTILES, *TAILS)
        if carried(p, len(values))
    ]


def _rtf_by_length(run: Run, lines: Sequence[Line]) -> Plot:
    """Seconds of work a second of audio, by the length of the item."""
    amounts = {item.id: item.amount.value for item in run.items}
    data = []
    for index, (name, _, latency) in enumerate(lines):
        middle = {item: median(values) for item, values in _by_item(latency).items()}
        ids = sorted(middle, key=lambda item: amounts[item])
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": _safe(name),
                "x": [amounts[item] for item in ids],
                "y": [middle[item] / amounts[item] for item in ids],
                "text": [_safe(item) for item in ids],
                "marker": {"size": 8, "colour": index, "symbol": index, "opacity": 0.8},
                "hovertemplate": "%{text}<br>%{x:.2f} s of audio, RTF %{y:.4f}<extra></extra>",
            }
        )
    return {
        "title": "Real-time factor by length of the audio",
        "note": "a point an utterance, the median of its calls; lower is better",
        "height": 340,
        "data": data,
        "layout": {
            "xaxis": {"title": {"text": "audio, s"}, "rangemode": "tozero"},
            "yaxis": {"title": {"text": "RTF"}, "rangemode": "tozero"},
            "showlegend": len(lines) > 1,
        },
    }


def _stage_stack(run: Run, case: CaseResult, latency: Samples) -> Plot:
    """Where the time goes, item by item."""
    amounts = {item.id: item.amount.value for item in run.items}
    total = {item: _mean(values) for item, values in _by_item(latency).items()}
    ids = _picked(sorted(total, key=lambda item: (amounts[item], item)))
    parts = {
        samples.metric[len(STAGE) :]: {i: _mean(v) for i, v in _by_item(samples).items()}
        for samples in stages(case)
    }
    parts["rest"] = {
        item: max(0.0, total[item] - math.fsum(part.get(item, 0.0) for part in parts.values()))
        for item in ids
    }
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": _safe(name),
            "y": list(range(len(ids))),
            "x": [part.get(item, 0.0) for item in ids],
            "text": [_safe(item) for item in ids],
            "textposition": "none",
            "marker": {"colour": index},
            "hovertemplate": "%{text}<br>" + _safe(name) + " %{x:.4f} s<extra></extra>",
        }
        for index, (name, part) in enumerate(parts.items())
    ]
    shown = f"{len(ids)} of {len(total)} items" if len(ids) < len(total) else f"{len(ids)} items"
    return {
        "title": f"Where the time goes, by utterance: {_safe(case.engine)}",
        "note": f"mean seconds a call; {shown}, the shortest at the bottom",
        "height": 130 + 20 * len(ids),
        "data": data,
        "layout": {
            "barmode": "stack",
            "xaxis": {"title": {"text": "seconds"}},
            "yaxis": {
                "tickvals": list(range(len(ids))),
                "ticktext": [_safe(_short(item)) for item in ids],
                "automargin": True,
            },
            "showlegend": True,
        },
    }


def _by_item(samples: Samples) -> Mapping[str, list[float]]:
    """Return the values of each item."""
    found: dict[str, list[float]] = {}
    for item, value in zip(samples.item, samples.values, strict=True):
        if item is not None:
            found.setdefault(item, []).append(value)
    return found


def _picked(ids: list[str]) -> list[str]:
    """At most _MOST_BARS of the ids, evenly spread, first and last among them."""
    if len(ids) <= _MOST_BARS:
        return ids
    step = (len(ids) - 1) / (_MOST_BARS - 1)
    return [ids[round(index * step)] for index in range(_MOST_BARS)]


def _mean(values: Sequence[float]) -> float:
    """Return the arithmetic mean."""
    return math.fsum(values) / len(values)


def _short(name: str) -> str:
    """Return a name that fits on an axis; its end is what tells ids apart."""
    return name if len(name) <= _LONGEST_NAME else "…" + name[1 - _LONGEST_NAME :]


def _safe(text: str) -> str:
    """Text that plotly, which reads tags in labels, shows as it is."""
    return html.escape(text, quote=False)
