"""A path's payoff, and what its Greeks are the means of, discounted (Glasserman 2004, ch. 7)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


class Terms(NamedTuple):
    """The terms of a contract, as asrbench.pricing.contract explains them."""

    kind: str
    right: str
    spot: float
    strike: float
    rate: float
    volatility: float
    years: float
    steps: int
    knock: str
    barrier: float


def outputs(terms: Terms, path: Values) -> Values:
    """Return price, delta, gamma, vega, rho, theta of each path: (6, n).

    `path` is Brownian, (n, steps), in units of a step. The price of an Asian option is that beyond
    the one on the geometric mean.
    """
    dt = terms.years / terms.steps
    times = dt * np.arange(1, terms.steps + 1, dtype=np.float64)
    brownian = path * math.sqrt(dt)
    drift = terms.rate - terms.volatility**2 / 2
    prices = terms.spot * np.exp(drift * times + terms.volatility * brownian)
    made = _barrier if terms.kind == "barrier" else _smooth
    paid: Values = math.exp(-terms.rate * terms.years) * made(terms, times, brownian, prices)
    return paid


def _paid(terms: Terms, price: Values) -> Values:
    sign = 1 if terms.right == "call" else -1
    return np.maximum(sign * (price - terms.strike), 0.0)


def _smooth(terms: Terms, times: Values, brownian: Values, prices: Values) -> Values:
    """Pathwise: a price's own derivative where it pays; gamma by the first step's density."""
    s, sigma, years = terms.spot, terms.volatility, terms.years
    mean = prices.mean(axis=1)
    paid = _paid(terms, mean)
    slope = np.where(paid > 0, 1.0 if terms.right == "call" else -1.0, 0.0)
    price = paid
    if terms.kind == "asian":
        price = paid - _paid(terms, np.exp(np.log(prices).mean(axis=1)))
    by_sigma = (prices * (brownian - sigma * times)).mean(axis=1)
    by_rate = (prices * times).mean(axis=1)
    drift = terms.rate - sigma**2 / 2
    by_years = (prices * (drift * times / years + sigma * brownian / (2 * years))).mean(axis=1)
    score = brownian[:, 0] / (sigma * times[0])
    return np.stack(
        [
            price,
            slope * mean / s,
            slope * terms.strike / s**2 * score,
            slope * by_sigma,
            slope * by_rate - years * paid,
            terms.rate * paid - slope * by_years,
        ]
    )


def _barrier(terms: Terms, times: Values, brownian: Values, prices: Values) -> Values:
    """Likelihood ratios: the payoff times the derivative of the path's log density."""
    s, sigma, years, n = terms.spot, terms.volatility, terms.years, terms.steps
    up = terms.knock.startswith("up")
    hit = (prices >= terms.barrier if up else prices <= terms.barrier).any(axis=1)
    paid = np.where(hit == terms.knock.endswith("in"), _paid(terms, prices[:, -1]), 0.0)
    dt = times[0]
    steps = np.diff(brownian, axis=1, prepend=0.0) / math.sqrt(dt)
    squares = (steps**2).sum(axis=1)
    end = brownian[:, -1]
    first = brownian[:, 0] / (sigma * dt)
    drift = terms.rate - sigma**2 / 2
    return np.stack(
        [
            paid,
            paid * first / s,
            paid * (first**2 - 1 / (sigma**2 * dt) - first) / s**2,
            paid * ((squares - n) / sigma - end),
            paid * (end / sigma - years),
            paid * (terms.rate - (squares - n) / (2 * years) - end * drift / (sigma * years)),
        ]
    )
