"""Prices and Greeks that have a formula: European options, and Asian ones on the geometric mean.

Black and Scholes 1973; the geometric mean of lognormal prices is lognormal (Kemna and Vorst 1990).
"""

from __future__ import annotations

import math
from statistics import NormalDist

_density = NormalDist().pdf


def _cdf(x: float) -> float:
    """Return the normal distribution function: by erfc, which keeps its digits far below 0."""
    return math.erfc(-x / math.sqrt(2)) / 2


def black(forward: float, strike: float, deviation: float, discount: float, sign: int) -> float:
    """Return the price of an option on something lognormal (Black 1976).

    `forward` is its mean, `deviation` the standard deviation of its logarithm; `sign` is 1 for a
    call, -1 for a put.
    """
    d1 = math.log(forward / strike) / deviation + deviation / 2
    d2 = d1 - deviation
    return sign * discount * (forward * _cdf(sign * d1) - strike * _cdf(sign * d2))


def european(
    spot: float, strike: float, rate: float, volatility: float, years: float, sign: int
) -> float:
    """Return the price of a European option."""
    forward = spot * math.exp(rate * years)
    return black(forward, strike, volatility * math.sqrt(years), math.exp(-rate * years), sign)


def european_greeks(
    spot: float, strike: float, rate: float, volatility: float, years: float, sign: int
) -> tuple[float, float, float, float, float]:
    """Return delta, gamma, vega, rho, theta of a European option (Hull, "Options", ch. 19).

    vega and rho are for 1, not for 1 %; theta is for a year.
    """
    deviation = volatility * math.sqrt(years)
    d1 = (math.log(spot / strike) + rate * years) / deviation + deviation / 2
    d2 = d1 - deviation
    discounted = strike * math.exp(-rate * years)
    delta = sign * _cdf(sign * d1)
    gamma = _density(d1) / (spot * deviation)
    vega = spot * _density(d1) * math.sqrt(years)
    rho = sign * discounted * years * _cdf(sign * d2)
    theta = -vega * volatility / (2 * years) - sign * rate * discounted * _cdf(sign * d2)
    return delta, gamma, vega, rho, theta


def geometric_asian(
    spot: float, strike: float, rate: float, volatility: float, years: float, steps: int, sign: int
) -> float:
    """Return the price of an option on the geometric mean of the prices at `steps` dates.

    Dates are equally far apart, the last one at the end, none at the beginning. The logarithm of
    the mean is normal: its mean is the drift over (n + 1) / (2n) of the time, its variance
    volatility^2 years (n + 1) (2n + 1) / (6 n^2).
    """
    n = steps
    drift = (rate - volatility * volatility / 2) * years * (n + 1) / (2 * n)
    variance = volatility * volatility * years * (n + 1) * (2 * n + 1) / (6 * n * n)
    forward = spot * math.exp(drift + variance / 2)
    return black(forward, strike, math.sqrt(variance), math.exp(-rate * years), sign)
