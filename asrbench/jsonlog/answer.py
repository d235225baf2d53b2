"""What a log answers: groups with counts, sums and percentiles, and its bad lines."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from asrbench.workload import Check

PERCENTILES = (0.50, 0.95, 0.99)
_ROUNDING = 1e-9  # by which a sum may be off, as a part of it, that was added up in another order


def triple(cuts: Iterable[float | None]) -> tuple[float, float, float] | None:
    """Return p50, p95 and p99 as such; None of no three numbers."""
    numbers = [cut for cut in cuts if cut is not None]
    return (numbers[0], numbers[1], numbers[2]) if len(numbers) == len(PERCENTILES) else None


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one key; None is the key of those without the field, or with null in it.

    `values` is how many numbers `percentiles` (p50, p95, p99) rest on; None of none.
    """

    key: str | None
    count: int
    errors: int
    sum: float
    values: int
    percentiles: tuple[float, float, float] | None

    @property
    def error_rate(self) -> float:
        """Errors as a part of all lines of the group."""
        return self.errors / self.count


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is in no group: its number, from 1 on, why, and which field."""

    line: int
    reason: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Census:
    """What became of the lines of one input; the first 100 bad ones are kept one by one."""

    lines: int = 0
    blank: int = 0
    bad: Mapping[str, int] = field(default_factory=dict)
    first_bad: tuple[BadLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The groups of a log in the order of their keys, None first, and its census.

    `exact`: the sums are the doubles nearest to the exact ones. Peers say only what they find, and
    have no census.
    """

    groups: tuple[Group, ...]
    census: Census | None = None
    exact: bool = False


def agree(oracle: Answer, output: Answer) -> Check:
    """Whether an answer is the oracle's: to the last bit where it says so, else up to rounding."""
    expected = {group.key: group for group in oracle.groups}
    found = {group.key: group for group in output.groups}
    if expected.keys() != found.keys():
        odd = sorted(map(repr, expected.keys() ^ found.keys()))
        return Check(False, f"groups differ in {', '.join(odd[:5])}")
    for key, group in expected.items():
        other = found[key]
        if group != other and (output.exact or not _near(group, other)):
            return Check(False, f"group {key!r} is {other}; the oracle's is {group}")
    if output.census is not None and output.census != oracle.census:
        return Check(False, f"lines are {output.census}; the oracle's {oracle.census}")
    return Check(True)


def _near(group: Group, other: Group) -> bool:
    if (group.count, group.errors, group.values) != (other.count, other.errors, other.values):
        return False
    pairs = [(group.sum, other.sum)]
    if group.percentiles is not None and other.percentiles is not None:
        pairs += zip(group.percentiles, other.percentiles, strict=True)
    return all(math.isclose(one, two, rel_tol=_ROUNDING) for one, two in pairs)
