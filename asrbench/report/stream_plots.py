"""The plots of streams: words against the clock, waits, backlog; every text is escaped."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from asrbench.measure.run import CaseResult, Run
from asrbench.measure.samples import Samples
from asrbench.measure.statistics import carried, percentile
from asrbench.measure.streaming.metrics import BACKLOG, WAITS
from asrbench.report.streaming import ends, streamed

_DRAWN = 3  # items of a timeline
_SAID = {  # what a wait is called in a plot
    "first_partial": "first words, from the beginning of the item",
    "commit_latency": "a word committed, from its end",
    "finalisation": "the final text, from the end of the item",
    "chunk_latency": "a chunk done with, from when it was there",
}


def stream_plots(run: Run) -> list[dict[str, Any]]:
    """Return plots of a Run's streams, as those of asrbench.report.plots; none where it has none.

    The timeline and the backlog are those of the case with the most streams.
    """
    cases = [case for case in streamed(run) if case.other.get("sessions")]
    if not cases:
        return []
    most = max(cases, key=lambda case: int(case.other["streams"]))
    made = [_timeline(most, _speed(run))]
    if plot := _waits(most):
        made.append(plot)
    if (backlog := most.metric(BACKLOG)) is not None:
        made.append(_backlog(backlog))
    return made


def _speed(run: Run) -> float:
    return float(run.settings.get("speed", 1.0))


def _timeline(case: CaseResult, speed: float) -> dict[str, Any]:
    """Return the first items of the first stream: audio, and words, against the clock."""
    sessions = [s for s in case.other["sessions"] if s["stream"] == 0 and s["done_s"]][:_DRAWN]
    there: list[tuple[float | None, float | None]] = []
    pushed: list[tuple[float | None, float | None]] = []
    shown: list[tuple[float, float, str]] = []
    committed: list[tuple[float, float, str]] = []
    final: list[tuple[float, float, str]] = []
    before_s = 0.0
    for session in sessions:
        begins = session["begins_s"]
        audio = [before_s + speed * (due - begins) for due in session["due_s"]]
        there += [(begins, before_s), *zip(session["due_s"], audio, strict=True), (None, None)]
        pushed += [*zip(session["done_s"], audio, strict=False), (None, None)]
        for word in session["words"]:
            if word["end_s"] is not None:
                at = before_s + word["end_s"]
                shown.append((word["shown_s"], at, word["text"]))
                committed.append((word["committed_s"], at, word["text"]))
        final += [
            (event["at_s"], audio[-1], event["text"])
            for event in session["heard"]
            if event["kind"] == "final"
        ]
        before_s = audio[-1]
    partial = case.other.get("partial_results")
    return {
        "title": f"Streaming timeline: {_safe(case.engine)}",
        "note": f"the first {len(sessions)} items of the first of {int(case.other['streams'])} "
        "streams, pauses left out of the audio; a word is drawn at its end in the audio, to the "
        "right of the line by what it waited; word ends are "
        + _safe(ends(case))
        + ("" if partial else "; the engine has no partial results"),
        "height": 460,
        "data": [
            _line("audio is there", there, 6, "linear"),
            _line("audio pushed", pushed, 5, "hv"),
            _marks("word shown for good", shown, (0, "circle-open")),
            _marks("word committed", committed, (1, "circle")),
            _marks("final text", final, (2, "diamond")),
        ],
        "layout": {
            "xaxis": {"title": {"text": "seconds on the clock"}, "rangemode": "tozero"},
            "yaxis": {"title": {"text": "audio, s"}, "rangemode": "tozero"},
            "showlegend": True,
        },
    }


def _line(
    name: str, points: Sequence[tuple[float | None, float | None]], colour: int, shape: str
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
        "line": {"width": 2, "colour": colour, "shape": shape},
        "hovertemplate": "%{y:.2f} s of audio at %{x:.2f} s<extra>" + name + "</extra>",
    }


def _marks(
    name: str, points: Sequence[tuple[float, float, str]], look: tuple[int, str]
) -> dict[str, Any]:
    colour, symbol = look
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [x for x, _, _ in points],
        "y": [y for _, y, _ in points],
        "text": [_safe(text) for _, _, text in points],
        "marker": {"size": 8, "colour": colour, "symbol": symbol},
        "hovertemplate": "%{text}<br>%{x:.2f} s, audio %{y:.2f} s<extra>" + name + "</extra>",
    }


def _waits(case: CaseResult) -> dict[str, Any] | None:
    """Return what part of all waits was over within a time, a line for each kind."""
    data = []
    counts = []
    for index, metric in enumerate(WAITS):
        if (found := case.metric(metric)) is None:
            continue
        ordered = sorted(found.values)
        count = len(ordered)
        counts.append(f"{metric} {count}" + ("" if carried(0.95, count) else " (p95 needs 200)"))
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": _SAID[metric],
                "x": [ordered[0], *ordered],
                "y": [0.0, *((rank + 1) / count for rank in range(count))],
                "line": {"shape": "hv", "width": 2, "colour": index},
                "hovertemplate": "%{y:.1%} within %{x:.3f} s<extra></extra>",
            }
        )
    if not data:
        return None
    return {
        "title": "Waits: the part that was over within a time",
        "note": f"values: {', '.join(counts)}",
        "height": 400,
        "data": data,
        "layout": {
            "xaxis": {"title": {"text": "seconds"}},
            "yaxis": {"title": {"text": "part"}, "tickformat": ".0%", "range": [0, 1.02]},
            "showlegend": True,
        },
    }


def _backlog(backlog: Samples) -> dict[str, Any]:
    """Return how much audio was waiting as each call returned, a line for each stream."""
    by_stream: dict[int, list[tuple[float, float]]] = {}
    for stream, at_s, value in zip(backlog.block, backlog.at_s, backlog.values, strict=True):
        if stream is not None and at_s is not None:
            by_stream.setdefault(stream, []).append((at_s, value))
    worst = percentile(backlog.values, 0.95) if carried(0.95, len(backlog.values)) else None
    return {
        "title": "Backlog: audio that was there and not yet pushed",
        "note": f"{len(backlog.values)} values of {len(by_stream)} streams"
        + ("" if worst is None else f"; p95 {worst:.2f} s of audio"),
        "height": 320,
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "name": f"stream {stream}",
                "x": [at_s for at_s, _ in points],
                "y": [value for _, value in points],
                "line": {"width": 1.5, "colour": stream},
                "hovertemplate": "%{y:.2f} s waiting at %{x:.2f} s<extra></extra>",
            }
            for stream, points in by_stream.items()
        ],
        "layout": {
            "xaxis": {"title": {"text": "seconds on the clock"}, "rangemode": "tozero"},
            "yaxis": {"title": {"text": "audio, s"}, "rangemode": "tozero"},
            "showlegend": 1 < len(by_stream) <= 8,  # more names than fit
        },
    }


def _safe(text: str) -> str:
    """Text that plotly, which reads tags in labels, shows as it is."""
    return html.escape(text, quote=False)
