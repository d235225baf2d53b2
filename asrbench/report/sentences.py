"""A comparison in words: the tables that a terminal and a page show of it."""

from __future__ import annotations

from asrbench.measure.samples import Samples
from asrbench.measure.statistics import median
from asrbench.report.comparison import Group, Pair, Side, Start, threaded
from asrbench.report.summary import counted, spread
from asrbench.report.units import points, shown, times, work
from asrbench.report.wording import metric_name

_SHORT = {"wer": "WER"}  # what a column is headed, where its name is long
START_COLUMNS = ("fresh process", "import and load", "with an answer", "peak memory", "loads")


def group_title(group: Group) -> str:
    """Return what a group is: its kind of items, its threads, how much work."""
    amount = work(group.amount.value, group.amount.unit)
    return f"{group.name}, {threaded(group.threads)}: {group.items} items, {amount}"


def group_columns(group: Group) -> tuple[str, ...]:
    """Return the heads of a group's table; the first engine is what the others are held against.

    The workload says what its answers are scored by; where they are not, no column is about it.
    """
    first = group.sides[0].engine
    speed = "RTF" if _audio(group) else f"time / {group.amount.unit}"
    scored = _score_name(group)
    scores = (scored, f"{scored} of {first} minus its", "counts") if scored else ()
    return ("engine", speed, f"time of {first} / its", *scores)


def group_rows(group: Group) -> list[tuple[str, ...]]:
    """Return a row an engine, under the columns of the group."""
    pairs = [None, *group.pairs]
    width = len(group_columns(group))
    return [_row(group, side, pair)[:width] for side, pair in zip(group.sides, pairs, strict=True)]


def group_note(group: Group) -> str:
    """Return what the intervals of a group are, or why there are none."""
    if not all(pair.ratio for pair in group.pairs):
        return "too few rounds for an interval of times; 6 are needed"
    contrasted = any(pair.contrast is not None for pair in group.pairs)
    scores = f", of {_score_name(group)} over items" if contrasted else ""
    return f"in brackets: 95 % intervals, of times over rounds{scores}"


def contrast_lines(group: Group) -> list[str]:
    """Return the texts that differ between the first engine and another, a line each."""
    return [
        f"{pair.second}: {line}" if len(group.pairs) > 1 else line
        for pair in group.pairs
        if pair.contrast is not None
        for line in pair.contrast["lines"]
    ]


def start_row(start: Start) -> tuple[str, ...]:
    """Return an engine's row under START_COLUMNS: medians, and how far the values lie apart."""
    return (
        f"{start.engine}, {threaded(start.threads)}",
        _median(start.load),
        _median(start.ready),
        _median(start.peak_memory),
        "" if start.load is None else spread(start.load.values, start.load.unit),
    )


def _median(samples: Samples | None) -> str:
    return "-" if samples is None else shown(median(samples.values), samples.unit)


def _score_name(group: Group) -> str:
    """Return what the answers of a group are scored by, "" where nothing is said of them."""
    metrics = [side.score.metric.partition("/")[0] for side in group.sides if side.score]
    metrics += [str(pair.contrast["metric"]) for pair in group.pairs if pair.contrast]
    if not metrics:
        return "score" if any(side.loops for side in group.sides) else ""
    return _SHORT.get(metrics[0], metric_name(metrics[0]))


def _audio(group: Group) -> bool:
    return group.amount.unit == "audio_s"


def _speed(group: Group, side: Side) -> str:
    """Seconds an amount of work: a factor where the work is seconds of audio, else a time."""
    if side.rtf is None:
        return "-"
    return f"{side.rtf:.4f}" if _audio(group) else shown(side.rtf, "s")


def _row(group: Group, side: Side, pair: Pair | None) -> tuple[str, ...]:
    counts = [counted(side.score.counts)] if side.score else []
    if side.loops:
        counts.append(f"loops: {', '.join(side.loops)}")
    return (
        side.engine,
        _speed(group, side),
        _ratio(pair) if pair else "",
        shown(side.score.values[0], side.score.unit) if side.score else "-",
        _contrast(pair) if pair else "",
        "; ".join(counts),
    )


def _ratio(pair: Pair) -> str:
    """How many times as long the first engine takes as the other."""
    if pair.ratio is None:
        return "-"
    return f"{times(pair.ratio.value)} [{pair.ratio.low:.3f}, {pair.ratio.high:.3f}]"


def _contrast(pair: Pair) -> str:
    """How much higher the first engine's score is than the other's."""
    if pair.contrast is None:
        return "-"
    unit = str(pair.contrast["unit"])
    difference, low, high = (pair.contrast[name] for name in ("difference", "low", "high"))
    if unit == "fraction":
        return f"{points(difference)} [{100 * low:+.2f}, {100 * high:+.2f}]"
    return f"{difference:+.3g} {unit} [{low:+.3g}, {high:+.3g}]"
