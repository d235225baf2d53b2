"""A comparison in words: the rows that a terminal and a page show of each group."""

from __future__ import annotations

from asrbench.report.comparison import Group, Side
from asrbench.report.summary import counted
from asrbench.report.units import points, times


def group_rows(group: Group) -> list[tuple[str, str, str]]:
    """Return (name, value, what it rests on): time ratio, RTF, score and loops, the contrast."""
    first, second = group.sides
    name = f"time of {first.engine} / time of {second.engine}"
    rows = []
    if group.ratio is None:
        rows.append((name, "-", "too few rounds for an interval; 6 are needed"))
    else:
        span = f"95 % interval over rounds {times(group.ratio.low)} to {times(group.ratio.high)}"
        rows.append((name, times(group.ratio.value), span))
    rows.extend(
        (f"RTF, {side.engine}", "-" if side.rtf is None else f"{side.rtf:.4f}", "")
        for side in group.sides
    )
    rows.extend(row for side in group.sides for row in _score_rows(side))
    if group.contrast is not None:
        contrast = group.contrast
        span = f"95 % interval {points(contrast['low'])} to {points(contrast['high'])}"
        what = f"{contrast['metric'].upper()}, {first.engine} minus {second.engine}"
        rows.append((what, points(contrast["difference"]), span))
    return rows


def contrast_lines(group: Group) -> list[str]:
    """Return the texts that differ between the two engines, a line each."""
    return [] if group.contrast is None else list(group.contrast["lines"])


def _score_rows(side: Side) -> list[tuple[str, str, str]]:
    """Return an engine's score with its counts, and its loops by name."""
    if side.score is None:
        return []
    counts = counted(side.score.counts)
    rows = [(f"WER, {side.engine}", f"{100 * side.score.values[0]:.2f} %", counts)]
    if side.loops:
        rows.append((f"loops, {side.engine}", str(len(side.loops)), ", ".join(side.loops)))
    return rows
