"""NumPy as two engines: in pieces that stay in the cache, and in whole arrays."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from asrbench.engine import EngineOptions
from asrbench.errors import EngineError
from asrbench.pricing.contract import Contract
from asrbench.pricing.oracle.closed_form import geometric_asian
from asrbench.pricing.price import Price
from asrbench.pricing.request import Request

_CHUNK = 2**13  # deviates at once: 64 KB, which stay in the cache and in the heap
Values = NDArray[np.float64]


class Numpy:
    """Prices with NumPy's own generator (PCG64, ziggurat): antithetic pairs, as the core has them.

    An Asian option has the same control, a barrier is looked at on the same dates. No Greeks.
    `numpy` has been tuned: its arrays are so small that they stay in the cache; `numpy-whole` makes
    one call for all paths, as most people write it.
    """

    def __init__(self, options: EngineOptions, chunk: int | None = _CHUNK) -> None:
        """Take the only thread, and `chunk` deviates at once, None for all. Raises EngineError."""
        self.name = "numpy" if chunk is not None else "numpy-whole"
        self._chunk = chunk
        if options.threads != 1:
            raise EngineError(f"threads is {options.threads}; expected 1, which NumPy's loops have")

    def run(self, item: Request) -> Price:
        """Price. Raises EngineError if Greeks are asked for."""
        if item.greeks:
            raise EngineError("greeks are asked for; expected a price alone of numpy")
        chance = np.random.default_rng(item.seed)
        c = item.contract
        pairs = item.paths // 2
        chunk = pairs if self._chunk is None else max(1, self._chunk // c.steps)
        total = squares = 0.0
        for first in range(0, pairs, chunk):
            z = chance.standard_normal((c.steps, min(chunk, pairs - first)))
            paid = _european(c, z[0]) if c.kind == "european" else _dated(c, z)
            total += float(paid.sum())
            squares += float(np.dot(paid, paid))
        mean = total / pairs
        error = math.sqrt(max(0.0, squares / pairs - mean * mean) / (pairs - 1))
        discount = math.exp(-c.rate * c.years)
        control = _control(c) if c.kind == "asian" else 0.0
        return Price(discount * mean + control, discount * error, "own")

    def close(self) -> None:
        """Nothing is held."""


def whole(options: EngineOptions) -> Numpy:
    """Return the engine that makes one call for all paths."""
    return Numpy(options, None)


def _paid(c: Contract, prices: Values) -> Values:
    gain = prices - c.strike if c.right == "call" else c.strike - prices
    return np.maximum(gain, 0.0, out=gain)


def _european(c: Contract, z: Values) -> Values:
    """Return the mean payoff of each pair: (pairs,)."""
    forward = c.spot * math.exp((c.rate - c.volatility**2 / 2) * c.years)
    up = np.exp(c.volatility * math.sqrt(c.years) * z)
    return (_paid(c, forward * up) + _paid(c, forward / up)) / 2


def _dated(c: Contract, z: Values) -> Values:
    """Return the mean payoff of each pair, (pairs,), of deviates (steps, pairs)."""
    dt = c.years / c.steps
    drift = ((c.rate - c.volatility**2 / 2) * dt * np.arange(1, c.steps + 1))[:, None]
    noise = np.cumsum(z, axis=0)
    noise *= c.volatility * math.sqrt(dt)
    paid = _asian if c.kind == "asian" else _barrier
    return (paid(c, drift + noise) + paid(c, drift - noise)) / 2


def _asian(c: Contract, logs: Values) -> Values:
    geometric = c.spot * np.exp(logs.mean(axis=0))
    prices = np.exp(logs, out=logs)
    return _paid(c, c.spot * prices.mean(axis=0)) - _paid(c, geometric)


def _barrier(c: Contract, logs: Values) -> Values:
    level = math.log(c.barrier / c.spot)
    hit = logs.max(axis=0) >= level if c.knock.startswith("up") else logs.min(axis=0) <= level
    paid = _paid(c, c.spot * np.exp(logs[-1]))
    return np.where(hit == c.knock.endswith("in"), paid, 0.0)


def _control(c: Contract) -> float:
    sign = 1 if c.right == "call" else -1
    return geometric_asian(c.spot, c.strike, c.rate, c.volatility, c.years, c.steps, sign)
