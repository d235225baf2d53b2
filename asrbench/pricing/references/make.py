"""Makes the reference prices: 10^8 paths in float64, half an hour: `nice python -m <this module>`.

NumPy's own generator and normal deviates (PCG64, ziggurat), so that nothing is shared with what is
checked against them. Antithetic pairs; the arithmetic mean has the geometric one as its control.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import numpy as np

from asrbench.pricing.oracle.closed_form import geometric_asian

SPOT, STRIKE, RATE, VOLATILITY, YEARS = 100.0, 105.0, 0.05, 0.2, 1.0
STEPS = 64
BARRIER = 130.0  # up and out, looked at on the same dates
PATHS = 100_000_000
SEED = 20261123
_CHUNK = 10_000  # pairs: 5 MB of normals


def _chunk(chance: np.random.Generator, pairs: int) -> np.ndarray:
    """Return each pair's mean payoffs, discounted: (2, pairs), the Asian's less its control."""
    dt = YEARS / STEPS
    noise = VOLATILITY * np.cumsum(chance.standard_normal((STEPS, pairs)), axis=0) * math.sqrt(dt)
    drift = ((RATE - VOLATILITY**2 / 2) * dt * np.arange(1, STEPS + 1))[:, None]
    total = np.zeros((2, pairs))
    for leg in (noise, -noise):
        log_prices = leg + drift
        prices = SPOT * np.exp(log_prices)
        geometric = SPOT * np.exp(log_prices.mean(axis=0))
        arithmetic = prices.mean(axis=0)
        total[0] += np.maximum(arithmetic - STRIKE, 0) - np.maximum(geometric - STRIKE, 0)
        total[1] += np.where(prices.max(axis=0) < BARRIER, np.maximum(prices[-1] - STRIKE, 0), 0)
    return total / 2 * math.exp(-RATE * YEARS)


def main() -> None:
    """Simulate, and write the prices with their standard errors beside this file."""
    chance = np.random.default_rng(SEED)
    sums, squares, done = np.zeros(2), np.zeros(2), 0
    while done < PATHS // 2:
        pairs = min(_CHUNK, PATHS // 2 - done)
        values = _chunk(chance, pairs)
        sums += values.sum(axis=1)
        squares += (values * values).sum(axis=1)
        done += pairs
    mean = sums / done
    error = np.sqrt((squares / done - mean**2) / (done - 1))
    control = geometric_asian(SPOT, STRIKE, RATE, VOLATILITY, YEARS, STEPS, 1)
    found = {
        "asian": {"price": mean[0] + control, "standard_error": error[0]},
        "barrier": {"price": mean[1], "standard_error": error[1]},
    }
    made = {"paths": PATHS, "seed": SEED, "numpy": np.__version__, "prices": found}
    path = Path(__file__).with_name("references.json")
    scratch = path.with_suffix(".tmp")
    with scratch.open("w", encoding="utf-8") as file:
        file.write(json.dumps(made, indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)


if __name__ == "__main__":
    main()
