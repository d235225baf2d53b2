"""A trend: the slope of values over time with an interval that outliers do not move."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import NormalDist

from asrbench.measure.statistics import Estimate, median

LEAST = 6  # points below which there is no interval
_MOST = 40  # points above which neighbours are averaged, since they resemble each other


def slope(xs: Sequence[float], ys: Sequence[float], confidence: float = 0.95) -> Estimate | None:
    """Return how much y grows as x grows by one, with its interval; None for too few points.

    The median of the slopes of all pairs of points; the interval lies between the order statistics
    of those slopes that Kendall's test does not refuse. It takes points to be independent: where
    neighbours resemble each other it is too narrow. Points come in the order of x, and no x comes
    twice. Source: Sen, Estimates of the Regression Coefficient Based on Kendall's Tau (1968).
    """
    if len(xs) != len(ys):
        raise ValueError(f"{len(xs)} x against {len(ys)} y; expected pairs")
    for before, after in pairwise(xs):
        if not before < after:
            raise ValueError(f"x goes from {before} to {after}; expected it to grow")
    xs, ys = _thinned(xs), _thinned(ys)
    count = len(xs)
    if count < LEAST:
        return None
    slopes = sorted(
        (ys[j] - ys[i]) / (xs[j] - xs[i]) for i in range(count) for j in range(i + 1, count)
    )
    spread = math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    half = NormalDist().inv_cdf((1 + confidence) / 2) * spread
    rank = max(1, math.floor((len(slopes) - half) / 2))
    return Estimate(median(slopes), slopes[rank - 1], slopes[len(slopes) - rank])


def _thinned(values: Sequence[float]) -> Sequence[float]:
    """Return at most _MOST values, each the mean of as many neighbours but the last."""
    size = math.ceil(len(values) / _MOST)
    groups = [values[start : start + size] for start in range(0, len(values), size or 1)]
    return [math.fsum(group) / len(group) for group in groups]
