"""Numba as an engine: the loop over paths, compiled from Python."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from asrbench.engine import EngineOptions, missing
from asrbench.errors import EngineError
from asrbench.pricing.contract import Contract
from asrbench.pricing.oracle.closed_form import geometric_asian
from asrbench.pricing.price import Price
from asrbench.pricing.request import Request

_KINDS = {"european": 0, "asian": 1, "barrier": 2}


class Numba:
    """Prices by a loop over pairs in one thread, with Numba's normal deviates (Mersenne Twister).

    The same estimators as the core's: antithetic pairs, the geometric mean as control. No Greeks.
    """

    name = "numba"

    def __init__(self, options: EngineOptions) -> None:
        """Compile when first run. Raises EngineError without it, or for several threads."""
        if options.threads != 1:
            raise EngineError(f"threads is {options.threads}; expected 1, in which its loop runs")
        try:
            import numba
        except ModuleNotFoundError as error:
            raise missing(self.name, error, "peers-pricing") from error
        self._pairs: Any = numba.njit(_pairs)

    def run(self, item: Request) -> Price:
        """Price. Raises EngineError if Greeks are asked for."""
        if item.greeks:
            raise EngineError("greeks are asked for; expected a price alone of numba")
        c, pairs = item.contract, item.paths // 2
        sign = 1.0 if c.right == "call" else -1.0
        step = c.years / c.steps
        drift, noise = (c.rate - c.volatility**2 / 2) * step, c.volatility * math.sqrt(step)
        level, up, out = _barrier(c)
        total, squares = self._pairs(
            item.seed % 2**32, pairs, c.steps, _KINDS[c.kind], sign, c.spot, c.strike, drift, noise,
            level, up, out,
        )  # fmt: skip
        mean = total / pairs
        error = math.sqrt(max(0.0, squares / pairs - mean * mean) / (pairs - 1))
        discount = math.exp(-c.rate * c.years)
        control = 0.0
        if c.kind == "asian":
            control = geometric_asian(
                c.spot, c.strike, c.rate, c.volatility, c.years, c.steps, int(sign)
            )
        return Price(discount * mean + control, discount * error, "own")

    def close(self) -> None:
        """Nothing is held."""


def _barrier(c: Contract) -> tuple[float, float, bool]:
    """Return the level as a logarithm, 1 for up and -1 for down, whether it knocks out."""
    if c.kind != "barrier":
        return 0.0, 1.0, True
    up = 1.0 if c.knock.startswith("up") else -1.0
    return up * math.log(c.barrier / c.spot), up, c.knock.endswith("out")


def _pairs(
    seed: int,
    pairs: int,
    steps: int,
    kind: int,
    sign: float,
    spot: float,
    strike: float,
    drift: float,
    noise: float,
    level: float,
    up: float,
    out: bool,
) -> tuple[float, float]:
    """Return the sum of what pairs pay, and of its square; Numba compiles it."""
    np.random.seed(seed)
    total = squares = 0.0
    z = np.empty(steps)
    for _ in range(pairs):
        for i in range(steps):
            z[i] = np.random.standard_normal()
        pair = 0.0
        for way in (1.0, -1.0):
            x = mean = logs = 0.0
            highest = -math.inf
            for i in range(steps):
                x += drift + way * noise * z[i]
                if kind == 1:
                    mean += math.exp(x)
                    logs += x
                elif kind == 2:
                    highest = max(highest, up * x)
            if kind == 1:
                paid = max(sign * (spot * mean / steps - strike), 0.0)
                paid -= max(sign * (spot * math.exp(logs / steps) - strike), 0.0)
            else:
                paid = max(sign * (spot * math.exp(x) - strike), 0.0)
                if kind == 2 and (highest >= level) == out:
                    paid = 0.0
            pair += paid / 2
        total += pair
        squares += pair * pair
    return total, squares
