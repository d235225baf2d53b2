"""The service refuses what cannot be priced, keeps its deadline and serves many threads at once."""

from __future__ import annotations

import dataclasses
import math
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asrbench import _native
from asrbench.errors import DeadlineError, OptionError
from asrbench.pricing import Contract, Price, PricingService
from asrbench.pricing.request import Request
from suites.unit.pricing.contracts import CONTRACTS, EUROPEAN

PRICER = _native.pricing.Pricer()
BAD = [
    ("volatility", -0.2, "volatility is -0.2; expected 0.0001 to 5"),
    ("volatility", 0.0, "volatility is 0"),
    ("volatility", math.nan, "volatility is nan"),
    ("volatility", 5.1, "volatility is 5.1"),
    ("spot", 0.0, "spot is 0"),
    ("spot", -1.0, "spot is -1"),
    ("spot", math.inf, "spot is inf"),
    ("strike", -105.0, "strike is -105"),
    ("strike", 2e8, "strike is 2e[+]08|strike is 200000000"),
    ("rate", math.nan, "rate is nan"),
    ("rate", 11.0, "rate is 11"),
    ("years", 0.0, "years is 0"),
    ("years", 1001.0, "years is 1001"),
    ("steps", 0, "steps is 0; expected 1"),
    ("steps", 2, "steps is 2; expected 1"),
    ("kind", "american", "kind is .american.; expected one of"),
    ("right", "both", "right is .both.; expected one of"),
    ("knock", "sideways", "knock is .sideways.; expected one of"),
    ("knock", "up-and-out", "knock is "),
]


def native(contract: dict[str, Any], paths: int = 1000, **more: Any) -> object:
    settings_ = {"seed": 0, "method": "philox", "precision": "float32", "greeks": False, **more}
    return PRICER.price(**contract, paths=paths, **settings_)


@pytest.mark.parametrize(("field", "value", "message"), BAD)
def test_a_contract_that_cannot_be_priced_is_refused_on_both_sides(
    field: str, value: Any, message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        dataclasses.replace(EUROPEAN, **{field: value})
    with pytest.raises(OptionError, match=message):
        native({**dataclasses.asdict(EUROPEAN), field: value})


@pytest.mark.parametrize(
    ("knock", "barrier", "side"),
    [("up-and-out", 100.0, "above"), ("up-and-in", 1.0, "above"), ("down-and-in", 101.0, "below")],
)
def test_a_barrier_that_the_spot_has_passed_is_refused(
    knock: str, barrier: float, side: str
) -> None:
    changed: dict[str, Any] = {"kind": "barrier", "steps": 8, "knock": knock, "barrier": barrier}
    message = f"barrier is {barrier:g}.*{side} the spot, 100"
    with pytest.raises(OptionError, match=message):
        dataclasses.replace(EUROPEAN, **changed)
    with pytest.raises(OptionError, match=message):
        native({**dataclasses.asdict(EUROPEAN), **changed})


@pytest.mark.parametrize(
    ("method", "paths", "message"),
    [
        ("philox", 0, "paths is 0; expected an even number"),
        ("philox", 2, "paths is 2; expected an even number"),
        ("philox", 1001, "paths is 1001; expected an even number"),
        ("philox", 2**41, "paths is 2199023255552; expected"),
        ("sobol", 1000, "paths is 1000; expected a power of two"),
        ("sobol", 256, "paths is 256; expected a power of two"),
        ("halton", 1000, "method is .halton.; expected one of"),
    ],
)
def test_paths_that_no_method_has_are_refused_on_both_sides(
    method: Any, paths: int, message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        Request("x", EUROPEAN, paths, method=method)
    with pytest.raises(OptionError, match=message):
        PricingService(method=method).price(EUROPEAN, paths)


def test_more_dates_than_sobols_table_has_are_refused() -> None:
    long = dataclasses.replace(CONTRACTS["asian call"], steps=129)

    with pytest.raises(OptionError, match="steps is 129; expected at most 128"):
        PricingService(method="sobol").price(long, 1024)
    with pytest.raises(OptionError, match="steps is 129; expected at most 128"):
        Request("x", long, 1024, method="sobol")
    assert PricingService().price(dataclasses.replace(long, steps=1024), 64).value > 0


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_of_more_than_64_bits_is_refused(seed: int) -> None:
    with pytest.raises(OptionError, match="seed is"):
        Request("x", EUROPEAN, 1000, seed)
    with pytest.raises((TypeError, OptionError)):
        PricingService().price(EUROPEAN, 1000, seed)


@settings(max_examples=300, deadline=None)
@given(
    fields=st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["european", "asian", "barrier"]),
            "right": st.sampled_from(["call", "put"]),
            **dict.fromkeys(
                ["spot", "strike", "rate", "volatility", "years", "barrier"],
                st.one_of(st.floats(), st.sampled_from([0.0, 0.05, 0.2, 1.0, 90.0, 100.0, 130.0])),
            ),
            "steps": st.integers(0, 70),
            "knock": st.sampled_from(["", "up-and-out", "down-and-in"]),
        }
    ),
    precision=st.sampled_from(["float32", "float64"]),
)
def test_both_sides_refuse_the_same_and_every_other_price_is_finite(
    fields: dict[str, Any], precision: str
) -> None:
    try:
        Contract(**fields)
    except OptionError:
        with pytest.raises(OptionError):
            native(fields, 64, greeks=True, precision=precision)
        return

    found = native(fields, 64, greeks=True, precision=precision)

    assert isinstance(found, tuple)
    for value, error in found:
        assert math.isfinite(value)
        assert 0 <= error < math.inf


@pytest.mark.parametrize("threads", [0, 257])
def test_a_number_of_threads_that_nobody_has_is_refused(threads: int) -> None:
    with pytest.raises(OptionError, match="threads is"):
        PricingService(threads)


def test_a_deadline_stops_the_work_and_the_next_price_is_right() -> None:
    service = PricingService(2)
    begun = time.perf_counter()

    with pytest.raises(DeadlineError, match=r"deadline of 0\.02 s"):
        service.price(CONTRACTS["asian call"], 100_000_000, deadline_s=0.02)

    assert time.perf_counter() - begun < 2.0  # the work would take ten seconds
    again = service.price(EUROPEAN, 10_000, 1, deadline_s=60.0)
    assert again == PricingService().price(EUROPEAN, 10_000, 1)


def test_a_deadline_of_nothing_or_in_the_past_is_answered() -> None:
    with pytest.raises(DeadlineError):
        PricingService().price(EUROPEAN, 1000, deadline_s=0.0)
    with pytest.raises(OptionError, match="deadline_s is -1"):
        PricingService().price(EUROPEAN, 1000, deadline_s=-1.0)
    with pytest.raises(OptionError, match="deadline_s is nan"):
        PricingService().price(EUROPEAN, 1000, deadline_s=math.nan)


def test_one_service_gives_many_threads_the_same_prices() -> None:
    service, names = PricingService(2), [*CONTRACTS] * 8

    def priced(name: str) -> Price:
        return service.price(CONTRACTS[name], 4096, 9, greeks=True)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(priced, names))

    assert found == [priced(name) for name in names]


def test_buffers_are_used_again() -> None:
    """A call allocates what its arguments take, however many parts its paths are cut into."""
    if not _native.counts_allocations():
        pytest.skip("allocations are not counted in a build with sanitizers")
    service, contract = PricingService(), CONTRACTS["asian call"]

    def allocated(paths: int) -> int:
        service.price(contract, paths)
        before, _ = _native.count_allocations(True)
        service.price(contract, paths)
        after, _ = _native.count_allocations(False)
        return after - before

    assert allocated(1000) == allocated(30_000) <= 8
