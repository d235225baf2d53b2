"""Prices are the oracle's value by value, and right within the chance; Greeks are derivatives."""

from __future__ import annotations

import dataclasses
import json
import math
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asrbench import _native
from asrbench.pricing import references
from asrbench.pricing.contract import Contract, Kind, Right
from asrbench.pricing.oracle.closed_form import european, european_greeks, geometric_asian
from asrbench.pricing.price import Estimate, Greeks, Price, agree
from asrbench.pricing.references import make
from asrbench.pricing.repeat import repeat
from asrbench.pricing.request import Method, Precision
from asrbench.pricing.service import PricingService
from suites.unit.pricing.contracts import CONTRACTS, EUROPEAN, expected

ISAS = _native.isas()
SEEDS = range(200)
BOUND = 4.5
MEMO = cache(expected)


def as_price(found: list[tuple[float, float]], method: str, precision: str) -> Price:
    stream = f"{method}{precision[-2:]}"
    greeks = Greeks(*(Estimate(*each) for each in found[1:]))
    return Price(*found[0], stream, greeks)  # type: ignore[arg-type]  # it is one of the streams


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("method", ["philox", "sobol"])
@pytest.mark.parametrize("name", CONTRACTS)
def test_a_price_and_its_greeks_are_the_oracles(
    name: str, method: Method, precision: Precision, isa: str
) -> None:
    service = PricingService(method=method, precision=precision, isa=isa)
    paths = 1024 if method == "sobol" else 1030  # the last vectors are not full

    found = service.price(CONTRACTS[name], paths, 2**40 + 7, greeks=True)
    oracle = MEMO(CONTRACTS[name], paths, 2**40 + 7, method, precision)

    check = agree(as_price(oracle, method, precision), found)
    assert check.passed, check.detail


@pytest.mark.parametrize("isa", ISAS)
@settings(max_examples=40, deadline=None)
@given(
    kind=st.sampled_from(["european", "asian"]),
    right=st.sampled_from(["call", "put"]),
    spot=st.floats(1e-3, 1e6),
    moneyness=st.floats(0.5, 2.0),
    rate=st.floats(-0.2, 0.3),
    volatility=st.floats(0.05, 0.9),
    years=st.floats(0.1, 4.0),
    steps=st.integers(1, 40),
    pairs=st.integers(2, 300),
    seed=st.integers(0, 2**64 - 1),
)
def test_any_price_is_the_oracles(
    isa: str,
    kind: Kind,
    right: Right,
    spot: float,
    moneyness: float,
    rate: float,
    volatility: float,
    years: float,
    steps: int,
    pairs: int,
    seed: int,
) -> None:
    steps = 1 if kind == "european" else steps
    contract = Contract(kind, right, spot, spot * moneyness, rate, volatility, years, steps)

    found = PricingService(precision="float64", isa=isa).price(
        contract, 2 * pairs, seed, greeks=True
    )

    oracle = as_price(expected(contract, 2 * pairs, seed), "philox", "float64")
    check = agree(oracle, found)
    assert check.passed, check.detail


@pytest.mark.parametrize("method", ["philox", "sobol"])
@pytest.mark.parametrize("name", ["european call", "asian call", "up and out"])
def test_threads_change_no_bit(name: str, method: Method) -> None:
    paths = 2**18 if name == "european call" else 2**14

    prices = {
        PricingService(threads, method=method).price(CONTRACTS[name], paths, 3, greeks=True)
        for threads in (1, 2, 3, 5)
    }

    assert len(prices) == 1


def test_another_seed_gives_another_price() -> None:
    service = PricingService()

    prices = {service.price(EUROPEAN, 1000, seed).value for seed in (0, 1, 2**32, 2**63)}

    assert len(prices) == 4


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", ["european call", "european put"])
def test_european_prices_lie_round_black_and_scholes(name: str, precision: Precision) -> None:
    service, contract = PricingService(precision=precision), CONTRACTS[name]
    reference = references.reference(contract)
    assert reference is not None

    done = repeat(lambda seed: service.price(contract, 10_000, seed), reference, SEEDS, float)

    assert max(map(abs, done.z)) <= BOUND
    assert done.kolmogorov_p is not None
    assert done.kolmogorov_p > 1e-4


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize(
    "contract", [references.ASIAN, references.BARRIER], ids=["asian", "barrier"]
)
def test_other_prices_lie_round_their_references(contract: Contract, precision: Precision) -> None:
    service, reference = PricingService(precision=precision), references.reference(contract)
    assert reference is not None

    done = repeat(lambda seed: service.price(contract, 2000, seed), reference, SEEDS, float)

    assert max(map(abs, done.z)) <= BOUND
    assert done.faults == []


@pytest.mark.parametrize(
    ("contract", "paths", "most"), [(EUROPEAN, 65_536, 1e-3), (references.ASIAN, 2048, 3e-3)]
)
def test_sobols_sequence_is_as_near_as_it_has_to_be(
    contract: Contract, paths: int, most: float
) -> None:
    """With as many paths as take 100 us; `asrbench price --repeat` takes the time."""
    service, reference = PricingService(method="sobol"), references.reference(contract)
    assert reference is not None

    done = repeat(lambda seed: service.price(contract, paths, seed), reference, SEEDS, float)

    assert done.rms_error <= most
    assert done.faults == []


@pytest.mark.parametrize("method", ["philox", "sobol"])
@pytest.mark.parametrize("name", ["european call", "european put"])
def test_european_greeks_are_those_of_the_formula(name: str, method: Method) -> None:
    c = CONTRACTS[name]
    sign = 1 if c.right == "call" else -1
    formula = european_greeks(c.spot, c.strike, c.rate, c.volatility, c.years, sign)

    found = PricingService(method=method).price(c, 2**18, 5, greeks=True).greeks

    assert found is not None
    for known, each in zip(formula, found, strict=True):
        assert (
            abs(each.value - known) <= (BOUND if method == "philox" else 12) * each.standard_error
        )
        assert each.standard_error < 0.02 * max(abs(known), 1)


BUMPS = {"vega": ("volatility", 1e-3), "rho": ("rate", 1e-3), "theta": ("years", -1e-3)}


@pytest.mark.parametrize(
    "name", ["asian call", "asian put of 7 dates", "up and out", "down and in"]
)
def test_greeks_without_a_formula_are_differences_of_prices(name: str) -> None:
    """Two services' prices of the same paths, one field moved both ways."""
    contract, service = CONTRACTS[name], PricingService(2, precision="float64")
    paths = 200_000
    greeks = service.price(contract, paths, 11, greeks=True).greeks
    assert greeks is not None

    def moved(field: str, by: float) -> float:
        there = dataclasses.replace(contract, **{field: getattr(contract, field) + by})
        return service.price(there, paths, 11).value

    spot = contract.spot * 0.01
    up, here, down = moved("spot", spot), moved("spot", 0.0), moved("spot", -spot)
    slopes = {field: (moved(*bump), moved(bump[0], -bump[1])) for field, bump in BUMPS.items()}
    differences = {
        "delta": (up - down) / (2 * spot),
        "gamma": (up - 2 * here + down) / spot**2,
        **{n: (a - b) / (2 * abs(BUMPS[n][1])) for n, (a, b) in slopes.items()},
    }
    for greek, difference in differences.items():
        each = getattr(greeks, greek)
        slack = 0.25 * abs(difference) if name in ("up and out", "down and in") else 0.02
        assert abs(each.value - difference) <= BOUND * each.standard_error + slack, greek


def test_in_and_out_together_are_the_european_option() -> None:
    service = PricingService(precision="float64")
    out, knocked_in = (service.price(CONTRACTS[n], 20_000, 2) for n in ("up and out", "up and in"))
    both = Estimate(out.value + knocked_in.value, math.hypot(out.standard_error, 0.1))

    assert (
        abs(both.value - european(100.0, 105.0, 0.05, 0.2, 1.0, 1)) <= BOUND * both.standard_error
    )


def test_an_asian_option_of_one_date_is_european_and_its_control_exact() -> None:
    price = PricingService(precision="float64").price(CONTRACTS["asian put of 1 date"], 1000)

    assert price.value == pytest.approx(european(50.0, 55.0, 0.01, 0.4, 0.5, -1), rel=1e-12)
    assert price.standard_error < 1e-9
    assert geometric_asian(50.0, 55.0, 0.01, 0.4, 0.5, 1, -1) == pytest.approx(price.value)


def test_the_references_are_of_the_contracts_and_as_long_as_they_say() -> None:
    made = json.loads(Path(make.__file__).with_name("references.json").read_text(encoding="utf-8"))
    c = references.ASIAN

    assert made["paths"] == make.PATHS == 10**8
    assert (c.spot, c.strike, c.rate) == (make.SPOT, make.STRIKE, make.RATE)
    assert (c.volatility, c.years, c.steps) == (make.VOLATILITY, make.YEARS, make.STEPS)
    assert references.BARRIER.barrier == make.BARRIER
    for prices in made["prices"].values():
        assert 0 < prices["standard_error"] < 1e-3
