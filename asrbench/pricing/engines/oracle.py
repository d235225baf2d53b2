"""The oracle as an engine: what is right, at NumPy's speed."""

from __future__ import annotations

import dataclasses

from asrbench.engine import EngineOptions
from asrbench.pricing.oracle.payoffs import Terms
from asrbench.pricing.oracle.simulate import simulate
from asrbench.pricing.price import Estimate, Greeks, Price, Stream
from asrbench.pricing.request import Request


class Oracle:
    """Prices in float64 with the random numbers of the core's simulation, in one thread."""

    name = "oracle"

    def __init__(self, options: EngineOptions) -> None:
        """Nothing to choose."""

    def run(self, item: Request) -> Price:
        """Price; the request's precision says how many bits its deviates have."""
        terms = Terms(*dataclasses.astuple(item.contract))
        found = simulate(terms, item.paths, item.seed, item.method, item.precision)
        stream: Stream = f"{item.method}{item.precision[-2:]}"  # type: ignore[assignment]
        greeks = Greeks(*(Estimate(*each) for each in found[1:])) if item.greeks else None
        return Price(*found[0], stream, greeks)

    def close(self) -> None:
        """Nothing is held."""
