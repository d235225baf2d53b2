"""The answer to a query: groups with counts, exact sums and percentiles; bad lines with reasons."""

from __future__ import annotations

import builtins
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from asrbench.jsonlog.oracle.lines import CAP, lines
from asrbench.jsonlog.oracle.record import Record, Value

PERCENTILES = (0.50, 0.95, 0.99)
_UNIT = 1 << 1074  # parts of 1, of which every double is a whole number
Condition = tuple[str, str, str]  # field, comparison, what it is compared with


@dataclass(slots=True)
class Group:
    """What is known of the lines of one group: how many, and the values of two fields."""

    count: int = 0
    errors: int = 0
    summed: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    @property
    def sum(self) -> float:
        """The double nearest to the exact sum, ties to even; infinite beyond the largest."""
        try:
            return math.fsum(self.summed)
        except OverflowError:  # of the sum, or only on the way to it
            ratios = [value.as_integer_ratio() for value in self.summed]
            total = builtins.sum(above * (_UNIT // below) for above, below in ratios)
        try:
            return total / _UNIT  # of integers: correctly rounded
        except OverflowError:
            return math.inf if total > 0 else -math.inf

    def percentiles(self) -> tuple[float, ...] | None:
        """Return p50, p95 and p99, None of no values; interpolated around rank (n - 1) p."""
        ordered = sorted(self.values)
        return tuple(_percentile(ordered, p) for p in PERCENTILES) if ordered else None


def _percentile(ordered: Sequence[float], p: float) -> float:
    rank = (len(ordered) - 1) * p
    below = int(rank)
    if below + 1 == len(ordered):
        return ordered[below]
    low, high = ordered[below], ordered[below + 1]
    return low + (high / 2 - low / 2) * (2 * (rank - below))  # a difference may be too large


@dataclass(slots=True)
class Answer:
    """Groups by key (None: the field is not there, or null), and every bad line's reason."""

    groups: dict[str | None, Group] = field(default_factory=dict)
    bad: list[tuple[int, str]] = field(default_factory=list)
    lines: int = 0
    blank: int = 0


def aggregate(
    log: Iterable[bytes],
    *,
    by: str | None = None,
    value: str | None = None,
    sum: str | None = None,  # noqa: A002  as the native one
    status: str | None = None,
    ok: str = "ok",
    where: Sequence[Condition] = (),
    strict: bool = False,
    cap: int = CAP,
) -> Answer:
    """Return what `_native.jsonlog.scan` returns, of an iterable of lines with their newlines."""
    fields = [by, value, sum, status, *(condition[0] for condition in where)]
    names = list(dict.fromkeys(name for name in fields if name is not None))
    answer = Answer()
    for number, record in lines(log, names, strict, cap):
        answer.lines = number
        if record is None:
            answer.blank += 1
        elif isinstance(record, str):
            answer.bad.append((number, record))
        elif (holds := _hold(where, record)) is not True:
            if holds is None:
                answer.bad.append((number, "type"))
        elif _of_other_types(record, (by, status), (value, sum)):
            answer.bad.append((number, "type"))
        else:
            key = record[by].text if by is not None and record[by].there else None
            group = answer.groups.setdefault(key, Group())
            group.count += 1
            if status is not None and record[status].there:
                group.errors += record[status].text != ok
            if sum is not None and record[sum].there:
                group.summed.append(record[sum].number)
            if value is not None and record[value].there:
                group.values.append(record[value].number + 0.0)  # no -0
    return answer


def _of_other_types(
    record: Record, texts: Iterable[str | None], numbers: Iterable[str | None]
) -> bool:
    return any(name is not None and record[name].kind == "container" for name in texts) or any(
        name is not None and not _number_or_none(record[name]) for name in numbers
    )


def _number_or_none(value: Value) -> bool:
    return value.kind == "number" or not value.there


def _hold(where: Sequence[Condition], record: Record) -> bool | None:
    """Whether all conditions hold; None where the first that does not is of another type."""
    for name, comparison, text in where:
        held = _holds(record[name], comparison, text)
        if held is not True:
            return held
    return True


def _holds(value: Value, comparison: str, text: str) -> bool | None:
    if value.kind == "container":
        return None
    if comparison in ("=", "!="):
        return (value.there and value.text == text) == (comparison == "=")
    if not _number_or_none(value):
        return None
    if not value.there:
        return False
    left, right = value.number, float(text)
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[
        comparison
    ]
