"""The rule: from the relative changes that launches showed, slower, not slower, or more launches.

A launch is one value, since calls of one process are alike for reasons that are not the code's.
Looks after 6, 10, 16 and 24 launches, each at its own error rate; whoever is found slower is tried
again on fresh launches. What was measured of this procedure: docs and `asrbench calibrate`.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from asrbench.measure.statistics import Estimate, hodges_lehmann, signed_rank

_FEWEST = 6  # launches that an interval, and the first look's alpha, need

Finding = Literal["slower", "faster", "same", "open"]


@dataclass(frozen=True, slots=True)
class Look:
    """When launches are looked at, and how rare a chance finding has to be.

    Invariants: six launches or more, which an interval needs; a share between 0 and 1/2.
    """

    launches: int
    alpha: float

    def __post_init__(self) -> None:
        """Refuse a look that can find nothing."""
        if self.launches < _FEWEST:
            raise ValueError(f"launches is {self.launches}; expected six or more")
        if not 0 < self.alpha < 0.5:
            raise ValueError(f"alpha is {self.alpha}; expected between 0 and 0.5")


LOOKS = (Look(6, 0.016), Look(10, 0.02), Look(16, 0.025), Look(24, 0.03))
CONFIRM = Look(10, 0.05)
_CONFIDENCE = 0.90
_NONE = 1e-12  # stands for a value of zero, which has no ratio


@dataclass(frozen=True, slots=True)
class Read:
    """What launches say of a change: the finding, and the estimate that it rests on.

    `change` is relative, 0.05 for five percent more, `spread` the robust standard deviation of one
    launch's change.
    """

    finding: Finding
    change: Estimate
    spread: float


def read(
    bases: Sequence[float],
    heads: Sequence[float],
    effect: float,
    alpha: float,
    least: float = 0.0,
) -> Read:
    """Return what pairs of values say, lower being better.

    Slower: the signed-rank test says more at `alpha`, and the Hodges-Lehmann estimate of the
    relative change is above `effect`, and above `least` in the metric's own unit. Same: the upper
    end of its 90 % interval is below either; faster: the same with the signs turned round for the
    estimate. Raises ValueError for fewer than six pairs.
    """
    logs = [_log(base, head) for base, head in zip(bases, heads, strict=True)]
    centre = hodges_lehmann(logs, _CONFIDENCE)
    if centre is None or len(logs) < _FEWEST:
        raise ValueError(f"{len(logs)} launches; expected six or more")
    change = Estimate(*(math.expm1(v) for v in (centre.value, centre.low, centre.high)))
    level = max(statistics.median(bases), _NONE)

    def counts(relative: float) -> bool:
        return relative > effect and relative * level > least

    found: Finding = "open"
    if counts(change.value) and signed_rank(logs) <= alpha:
        found = "slower"
    elif counts(-change.value) and signed_rank([-log for log in logs]) <= alpha:
        found = "faster"
    elif not counts(change.high):
        found = "same"
    return Read(found, change, spread(logs))


def spread(values: Sequence[float]) -> float:
    """Return the robust standard deviation: 1.4826 times the median distance from the median."""
    middle = statistics.median(values)
    return 1.4826 * statistics.median(abs(value - middle) for value in values)


def fastest_quarter(values: Sequence[float]) -> float:
    """Return the mean of the fastest quarter of a launch's calls, one of them at least."""
    count = max(1, len(values) // 4)
    return statistics.fmean(sorted(values)[:count])


def _log(base: float, head: float) -> float:
    """Return the log of the ratio; none at all counts as next to nothing."""
    return math.log(max(head, _NONE) / max(base, _NONE))
