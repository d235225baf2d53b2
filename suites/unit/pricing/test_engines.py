"""Engines price the same contracts, wrong prices are seen, and the corpus is what it says."""

from __future__ import annotations

import pickle
from dataclasses import replace
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path

import pytest

import asrbench.engine
from asrbench import workload
from asrbench.engine import EngineOptions
from asrbench.errors import CorpusError, EngineError
from asrbench.pricing.cases import Priced, Pricing
from asrbench.pricing.corpus import PATHS, find
from asrbench.pricing.engines.native import Native, float64, sobol
from asrbench.pricing.engines.numba import Numba
from asrbench.pricing.engines.numpy import Numpy, whole
from asrbench.pricing.engines.oracle import Oracle
from asrbench.pricing.engines.quantlib import QuantLib
from asrbench.pricing.price import BOUND, Estimate, Greeks, Price, agree
from asrbench.pricing.references import reference
from asrbench.pricing.request import Request
from suites.unit.pricing.contracts import CONTRACTS, EUROPEAN

ROOT = Path(__file__).parents[3]
OPTIONS = EngineOptions()
WANTED = 'pip install "asrbench-perf[peers-pricing]"'
PEERS = [
    pytest.param(Numpy, id="numpy"),
    pytest.param(whole, id="numpy-whole"),
    pytest.param(
        Numba, id="numba", marks=pytest.mark.skipif(not find_spec("numba"), reason=WANTED)
    ),
    pytest.param(
        QuantLib, id="quantlib", marks=pytest.mark.skipif(not find_spec("QuantLib"), reason=WANTED)
    ),
]


@pytest.mark.parametrize("make", PEERS)
@pytest.mark.parametrize("name", CONTRACTS)
def test_a_peer_prices_the_same_contract(make: type[Numpy], name: str) -> None:
    request = Request(name, CONTRACTS[name], 20_000)

    found = make(OPTIONS).run(request)

    check = agree(Native(OPTIONS, "float64").run(request), found)
    assert check.passed, check.detail
    assert found.stream == "own"
    assert found.standard_error > 0 or CONTRACTS[name].steps == 1


@pytest.mark.parametrize("make", PEERS)
def test_a_peer_is_as_uncertain_as_the_core_for_as_many_paths(make: type[Numpy]) -> None:
    for name in ("european call", "asian call", "up and out"):
        request = Request(name, CONTRACTS[name], 20_000)

        ratio = make(OPTIONS).run(request).standard_error / (
            Native(OPTIONS).run(request).standard_error
        )

        assert 0.8 < ratio < 1.25, name


def test_numpy_in_pieces_and_in_whole_arrays_are_two_engines_of_the_same_price() -> None:
    request = Request("european", EUROPEAN, 40_000)
    pieces, all_at_once = Numpy(OPTIONS), whole(OPTIONS)

    assert (pieces.name, all_at_once.name) == ("numpy", "numpy-whole")
    assert pieces.run(request).value == pytest.approx(all_at_once.run(request).value, rel=1e-12)


@pytest.mark.parametrize("make", PEERS)
def test_a_peer_says_what_it_cannot_do(make: type[Numpy]) -> None:
    with pytest.raises(EngineError, match="threads is 2; expected 1"):
        make(EngineOptions(threads=2))
    with pytest.raises(EngineError, match="greeks are asked for"):
        make(OPTIONS).run(Request("x", EUROPEAN, 1000, greeks=True))


@pytest.mark.parametrize("make", [Native, float64, Oracle, Numpy])
def test_a_case_of_a_right_engine_passes(make: type[Native]) -> None:
    for request in find("european", 2).requests:
        case = Priced(make(OPTIONS), request, lambda: Oracle(OPTIONS))
        case.prepare()

        check = case.check(case.run())

        assert check.passed, check.detail


def test_a_case_of_sobols_sequence_passes_and_refuses_other_paths() -> None:
    (case,) = (
        Priced(sobol(OPTIONS), r, lambda: Oracle(OPTIONS)) for r in find("sobol", 1).requests
    )

    assert case.check(case.run()).passed
    with pytest.raises(EngineError, match="expected a power of two"):
        sobol(OPTIONS).run(find("european", 2).requests[1])


class Shifted:
    """A pricing engine whose prices are off by some standard errors."""

    name = "shifted"

    def __init__(self, engine: Pricing, by: float) -> None:
        self._engine, self._by = engine, by

    def run(self, item: Request) -> Price:
        price = self._engine.run(item)
        return replace(price, value=price.value + self._by * price.standard_error)

    def close(self) -> None: ...


@pytest.mark.parametrize(("make", "by"), [(Native, 0.01), (float64, 1e-4), (Numpy, 11)])
def test_a_case_of_a_wrong_engine_fails(make: type[Native], by: float) -> None:
    request = find("european", 2).requests[1]
    case = Priced(Shifted(make(OPTIONS), by), request, lambda: Oracle(OPTIONS))

    check = case.check(case.run())

    assert not check.passed
    assert "the oracle's is" in check.detail


def test_a_wrong_error_and_a_wrong_greek_are_seen() -> None:
    greeks = Greeks(*([Estimate(1.0, 0.1)] * 5))
    price = Price(8.0, 0.1, "philox64", greeks)

    assert agree(price, price).passed
    assert not agree(price, replace(price, standard_error=0.1001)).passed
    wrong = replace(price, greeks=greeks._replace(rho=Estimate(1.001, 0.1)))
    assert "rho is 1.001" in agree(price, wrong).detail


def test_right_prices_of_other_streams_lie_within_the_bound() -> None:
    price = Price(8.0, 0.3, "philox64")

    assert agree(price, Price(8.0 + 0.99 * BOUND * 0.5, 0.4, "own")).passed
    assert not agree(price, Price(8.0 + 1.01 * BOUND * 0.5, 0.4, "own")).passed


@pytest.mark.parametrize("error", [float("nan"), float("inf"), -1.0])
def test_a_price_without_an_error_is_none(error: float) -> None:
    with pytest.raises(ValueError, match="expected numbers"):
        Price(8.0, error, "own")


def test_a_price_and_a_request_leave_their_process() -> None:
    request = find("asian", 1).requests[0]
    price = Native(OPTIONS).run(request)

    assert pickle.loads(pickle.dumps((request, price))) == (request, price)


def test_the_corpus_has_every_kind_and_sobols_paths() -> None:
    every = find("embedded").requests

    assert [r.id for r in every] == [f"{k} {n}" for k, counts in PATHS.items() for n in counts]
    assert [r.paths for r in find("sobol").requests] == [65_536, 2048]
    assert all(reference(r.contract) is not None for r in every)
    for name, limit in (("nonsense", None), ("", None), ("asian", 0)):
        with pytest.raises(CorpusError, match="expected"):
            find(name, limit)


def test_the_score_is_the_price_farthest_from_its_reference() -> None:
    record = workload.find("pricing")
    corpus = find("european", 2)
    outputs = {r.id: Native(OPTIONS).run(r) for r in corpus.requests}

    score = record.score(corpus, outputs)

    assert score.value is not None
    assert score.value == max(abs(item["z"]) for item in score.items.values())
    assert score.value < BOUND
    assert record.score(corpus, {}).value is None


def test_every_engine_that_is_announced_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    announced = [line.split('"')[1::2] for line in lines if line.startswith('"pricing.')]

    for name, target in announced:
        assert callable(EntryPoint(name, target, asrbench.engine.GROUP).load())
    assert {name for name, _ in announced} >= {"pricing.native", "pricing.oracle", "pricing.numpy"}
