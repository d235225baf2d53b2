"""The picture of what speed costs in accuracy: word error rate against RTFx, engine by engine."""

from __future__ import annotations

import html
from typing import Any

from asrbench.measure.run import Run
from asrbench.report.comparison import threads_of, timed
from asrbench.report.summary import speed


def wer_by_speed(run: Run) -> dict[str, Any] | None:
    """Return the plot; None where fewer than two engines have both a WER and a speed over audio.

    An engine has a colour, and a point for each number of threads it was given, joined by a line.
    """
    points: dict[str, list[tuple[float, float, int]]] = {}
    words = 0
    for case in timed(run):
        wer, rtf = case.metric("wer"), speed(run, case)
        if wer is not None and rtf is not None and rtf.value:
            found = (1 / rtf.value, wer.values[0], threads_of(run, case))
            points.setdefault(case.engine, []).append(found)
            words = max(words, wer.counts.get("words", 0))
    if len(points) < 2:
        return None
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers+text",
            "name": html.escape(engine, quote=False),
            "x": [rtfx for rtfx, _, _ in some],
            "y": [rate for _, rate, _ in some],
            "text": [str(threads) for _, _, threads in some],
            "textposition": "top center",
            "cliponaxis": False,
            "line": {"width": 1, "colour": index},
            "marker": {"size": 12, "colour": index, "symbol": index},
            "hovertemplate": "threads %{text}: RTFx %{x:.1f}, WER %{y:.2%}",
        }
        for index, (engine, some) in enumerate(points.items())
    ]
    return {
        "title": "Word error rate against speed",
        "note": f"all items together, {words} words; right is faster, down is more accurate; "
        "the number at a point is that of threads",
        "height": 420,
        "data": data,
        "layout": {
            "xaxis": {"title": {"text": "seconds of audio a second (RTFx)"}, "rangemode": "tozero"},
            "yaxis": {
                "title": {"text": "word error rate"},
                "tickformat": ".1%",
                "rangemode": "tozero",
            },
            "showlegend": True,
        },
    }
