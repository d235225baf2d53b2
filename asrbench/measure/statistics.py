"""What values say: percentiles that are carried by enough values, and intervals that are honest."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

_EXACT = 60  # pairs up to which the signed-rank distribution is counted out instead of approximated


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with the interval that holds it, at the confidence that was asked for.

    Invariants: `low <= value <= high`.
    """

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        """Refuse an interval that does not hold its value."""
        if not self.low <= self.value <= self.high:
            raise ValueError(
                f"value {self.value} is outside [{self.low}, {self.high}]; expected it inside"
            )


def needed(p: float) -> int:
    """How many values carry percentile `p` (0 < p < 1): 10/(1-p), so p50 20, p95 200, p99 1000."""
    if not 0 < p < 1:
        raise ValueError(f"p is {p}; expected a fraction between 0 and 1, such as 0.95")
    return math.ceil(round(10 / (1 - p), 6))


def carried(p: float, count: int) -> bool:
    """Whether `count` values are enough to show percentile `p` as such."""
    return count >= needed(p)


def percentile(values: Sequence[float], p: float) -> float:
    """Return the smallest value that at least the fraction `p` of all values does not exceed.

    Nearest rank: the answer is always one of the values. Source: Hyndman and Fan, Sample Quantiles
    in Statistical Packages (1996), definition 1; MLPerf's load generator ranks the same way.
    """
    if not values:
        raise ValueError("percentile of no values; expected one or more")
    if not 0 < p < 1:
        raise ValueError(f"p is {p}; expected a fraction between 0 and 1, such as 0.95")
    rank = math.ceil(round(p * len(values), 9))
    return sorted(values)[max(rank, 1) - 1]


def median(values: Sequence[float]) -> float:
    """Return the middle value, or the mean of the two middle ones."""
    if not values:
        raise ValueError("median of no values; expected one or more")
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def median_interval(values: Sequence[float], confidence: float = 0.95) -> Estimate | None:
    """Return the median between two order statistics; None for too few values (below 6 at 95 %).

    The k-th smallest and k-th largest of n values hold the median with probability
    1 - 2 P(Binomial(n, 1/2) < k), whatever the distribution. Source: David and Nagaraja, Order
    Statistics, section 7.1.
    """
    ordered = sorted(values)
    count = len(ordered)
    tail = (1 - confidence) / 2
    below = 0.0
    rank = 0
    while rank < count // 2:
        below += math.exp(_log_choose(count, rank) - count * math.log(2))
        if below > tail:
            break
        rank += 1
    if rank == 0:
        return None
    return Estimate(median(ordered), ordered[rank - 1], ordered[count - rank])


def hodges_lehmann(differences: Sequence[float], confidence: float = 0.95) -> Estimate | None:
    """Return the centre of differences with its signed-rank interval; None for too few (below 6).

    The estimate is the median of all Walsh averages (x_i + x_j)/2, i <= j; the interval lies
    between the outermost of them that the signed-rank test does not refuse. Source: Hollander,
    Wolfe and Chicken, Nonparametric Statistical Methods, sections 3.2 and 3.3.
    """
    count = len(differences)
    walsh = sorted(
        (differences[i] + differences[j]) / 2 for i in range(count) for j in range(i, count)
    )
    rank = _signed_rank_critical(count, (1 - confidence) / 2)
    if rank == 0:
        return None
    return Estimate(median(walsh), walsh[rank - 1], walsh[len(walsh) - rank])


def signed_rank(differences: Sequence[float]) -> float:
    """Return the probability of so large a signed-rank sum if nothing differed: one-sided, exact.

    Small where the differences lie above zero. Zeros are left out; equal magnitudes share the mean
    of their ranks, and all 2^n patterns of signs of these very ranks are counted. Source:
    Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, section 3.1, comments 7 and 11.
    """
    kept = sorted((value for value in differences if value != 0), key=abs)
    if not kept:
        return 1.0
    doubled: list[int] = []  # twice the rank of each, so that a mean of two ranks is whole
    place = 0
    while place < len(kept):
        end = place
        while end < len(kept) and abs(kept[end]) == abs(kept[place]):
            end += 1
        doubled += [place + 1 + end] * (end - place)
        place = end
    found = sum(rank for rank, value in zip(doubled, kept, strict=True) if value > 0)
    ways = _patterns(tuple(doubled))
    return float(sum(ways[found:]) / 2 ** len(kept))


def ratio(firsts: Sequence[float], seconds: Sequence[float]) -> Estimate | None:
    """How many times as long the first took as the second, from paired positive times.

    The Hodges-Lehmann estimate of the log ratios, taken back from the logarithm; None when there
    are too few pairs for an interval.
    """
    if len(firsts) != len(seconds):
        raise ValueError(f"{len(firsts)} times against {len(seconds)}; expected pairs")
    for value in (*firsts, *seconds):
        if not value > 0:
            raise ValueError(f"a time is {value}; expected more than zero")
    logs = [math.log(first / second) for first, second in zip(firsts, seconds, strict=True)]
    centre = hodges_lehmann(logs)
    if centre is None:
        return None
    return Estimate(math.exp(centre.value), math.exp(centre.low), math.exp(centre.high))


def _log_choose(n: int, k: int) -> float:
    """Return the logarithm of n over k."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


@functools.lru_cache(maxsize=256)
def _patterns(ranks: tuple[int, ...]) -> tuple[int, ...]:
    """Return how many of the patterns of signs give each sum of the positive ranks."""
    ways = [1] + [0] * sum(ranks)
    for rank in ranks:
        for total in range(len(ways) - 1, rank - 1, -1):
            ways[total] += ways[total - rank]
    return tuple(ways)


@functools.lru_cache(maxsize=256)
def _signed_rank_critical(count: int, tail: float) -> int:
    """Return the largest k with P(W < k) <= tail, W the signed-rank sum of `count` values."""
    top = count * (count + 1) // 2
    if count > _EXACT:
        spread = math.sqrt(count * (count + 1) * (2 * count + 1) / 24)
        return max(0, math.floor(top / 2 + NormalDist().inv_cdf(tail) * spread))
    ways = [1] + [0] * top  # ways[w]: how many of the 2^count sign patterns give the rank sum w
    for value in range(1, count + 1):
        for total in range(top, value - 1, -1):
            ways[total] += ways[total - value]
    below = 0
    for rank in range(top + 1):
        below += ways[rank]
        if below > tail * 2**count:
            return rank
    return 0
