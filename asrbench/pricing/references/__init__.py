"""What contracts are worth that have no formula: made once by `make.py`, 10^8 paths in float64."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from asrbench.pricing.contract import Contract
from asrbench.pricing.oracle.closed_form import european
from asrbench.pricing.price import Estimate

# The contracts of make.py: its constants, which a test compares.
ASIAN = Contract("asian", "call", 100.0, 105.0, 0.05, 0.2, 1.0, 64)
BARRIER = Contract("barrier", "call", 100.0, 105.0, 0.05, 0.2, 1.0, 64, "up-and-out", 130.0)


def reference(contract: Contract) -> Estimate | None:
    """Return what is known of a price: by formula without an error, by simulation with one."""
    c = contract
    if c.kind == "european":
        sign = 1 if c.right == "call" else -1
        return Estimate(european(c.spot, c.strike, c.rate, c.volatility, c.years, sign), 0.0)
    return _made().get(contract)


@cache
def _made() -> dict[Contract, Estimate]:
    path = Path(__file__).with_name("references.json")
    prices = json.loads(path.read_text(encoding="utf-8"))["prices"]
    contracts = {"asian": ASIAN, "barrier": BARRIER}
    return {contracts[name]: Estimate(**_renamed(made)) for name, made in prices.items()}


def _renamed(made: dict[str, float]) -> dict[str, float]:
    return {"value": made["price"], "standard_error": made["standard_error"]}
