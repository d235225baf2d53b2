"""How many streams one machine carries: more and more of them until a percentile passes a bound."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from asrbench.measure.run import CaseResult
from asrbench.measure.statistics import carried, needed, percentile

METRIC = "commit_latency"


@dataclass(frozen=True, slots=True)
class Bound:
    """A percentile of commit latency that a reader takes, seconds, and the most streams tried.

    Invariants: seconds above zero, `p` between 0 and 1, one stream or more.
    """

    seconds: float
    p: float = 0.95
    most: int = 64

    def __post_init__(self) -> None:
        """Refuse a bound that nothing keeps, and no streams."""
        if not 0 < self.seconds < math.inf:
            raise ValueError(f"the bound is {self.seconds} s; expected more than zero")
        if not 0 < self.p < 1:
            raise ValueError(f"p is {self.p}; expected a fraction between 0 and 1, such as 0.95")
        if self.most < 1:
            raise ValueError(f"most is {self.most}; expected one stream or more")


def reached(case: CaseResult, p: float) -> tuple[float | None, str]:
    """Return percentile `p` of a case's commit latency, seconds, and how many values it rests on.

    None where too few values carry it.
    """
    found = case.metric(METRIC)
    count = 0 if found is None else len(found.values)
    if found is None or not carried(p, count):
        return None, f"{count} of {needed(p)} values"
    return percentile(found.values, p), f"{count} values"


def kept(case: CaseResult, bound: Bound) -> bool | None:
    """Return whether a case kept the bound and its time; None where too few values tell.

    Streams that were cut, being too far behind, did not keep it.
    """
    if case.other.get("behind"):
        return False
    value, _ = reached(case, bound.p)
    return None if value is None else value <= bound.seconds


def search(carries: Callable[[int], bool | None], most: int) -> int | None:
    """Return the most streams that are carried, at most `most`; None as soon as one does not tell.

    Doubles the streams until they are too many, then halves the distance. It takes for granted
    that more streams are never easier; zero where not even one is carried.
    """
    good, bad = 0, most + 1
    trial = 1
    while good + 1 < bad:
        answer = carries(trial)
        if answer is None:
            return None
        if answer:
            good = trial
        else:
            bad = trial
        trial = min(2 * good, most) if bad > most else (good + bad) // 2
        trial = max(trial, good + 1)
    return good
