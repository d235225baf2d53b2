"""Contracts of every kind for tests, and what the oracle says of them."""

from __future__ import annotations

import dataclasses

from asrbench.pricing.contract import Contract
from asrbench.pricing.oracle.payoffs import Terms
from asrbench.pricing.oracle.simulate import Estimates, simulate
from asrbench.pricing.references import ASIAN, BARRIER

EUROPEAN = Contract("european", "call", 100.0, 105.0, 0.05, 0.2, 1.0)
CONTRACTS = {
    "european call": EUROPEAN,
    "european put": Contract("european", "put", 20.0, 19.0, -0.02, 0.6, 3.0),
    "asian call": ASIAN,
    "asian put of 7 dates": Contract("asian", "put", 50.0, 55.0, 0.01, 0.4, 0.5, 7),
    "asian put of 1 date": Contract("asian", "put", 50.0, 55.0, 0.01, 0.4, 0.5, 1),
    "up and out": BARRIER,
    "up and in": dataclasses.replace(BARRIER, knock="up-and-in"),
    "down and in": Contract(
        "barrier", "put", 100.0, 105.0, 0.05, 0.2, 1.0, 13, "down-and-in", 90.0
    ),
    "down and out": Contract("barrier", "put", 1e-9, 1e-9, 0.0, 0.3, 2.0, 1, "down-and-out", 8e-10),
}


def terms(contract: Contract) -> Terms:
    """The contract as the oracle takes it."""
    return Terms(*dataclasses.astuple(contract))


def expected(
    contract: Contract, paths: int, seed: int, method: str = "philox", precision: str = "float64"
) -> Estimates:
    """The oracle's price and Greeks."""
    return simulate(terms(contract), paths, seed, method, precision)
