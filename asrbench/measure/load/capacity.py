"""The highest rate of requests that keeps a latency bound, found by bisection."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

FINEST = 1 / 32  # of the ceiling: where bisection ends
LOWEST = 1 / 8  # of the ceiling: below it no rate is tried, which would take hours


@dataclass(frozen=True, slots=True)
class Bracket:
    """`low` requests a second keep the bound, `high` do not; the capacity lies between.

    `low` is 0 where no rate that was tried keeps it. Invariants: 0 <= low < high.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        """Refuse a bracket that nothing lies in."""
        if not 0 <= self.low < self.high:
            raise ValueError(f"the bracket is [{self.low}, {self.high}]; expected 0 <= low < high")

    @property
    def middle(self) -> float:
        """The next rate to try."""
        return (self.low + self.high) / 2

    def settled(self, ceiling: float) -> bool:
        """Whether it is narrow enough, or as low as rates are tried."""
        return self.high - self.low <= FINEST * ceiling or self.high <= LOWEST * ceiling

    def after(self, rate: float, kept: bool) -> Bracket:
        """Return the bracket that is left when `rate` was tried."""
        return Bracket(rate, self.high) if kept else Bracket(self.low, rate)


def bisect(ceiling: float, keeps: Callable[[float], bool]) -> Bracket:
    """Halve the rates between 0 and `ceiling` until what is left is FINEST of the ceiling.

    `ceiling` is the throughput: at it, or above, requests pile up without end, so it is never
    tried. `keeps` tries a rate, in requests a second.
    """
    bracket = Bracket(0.0, ceiling)
    while not bracket.settled(ceiling):
        rate = bracket.middle
        bracket = bracket.after(rate, keeps(rate))
    return bracket


def may_be_late(planned: int, percentile: float) -> int:
    """How many of `planned` requests may miss a bound that the percentile (nearest rank) keeps."""
    return planned - math.ceil(round(percentile * planned, 9))


def keeps(latencies_s: Sequence[float], planned: int, bound_s: float, percentile: float) -> bool:
    """Whether the answers to `planned` requests keep the bound at the percentile.

    A request that has no latency, being refused or never answered, is late.
    """
    in_time = sum(latency <= bound_s for latency in latencies_s)
    return planned - in_time <= may_be_late(planned, percentile)
