"""Products are the oracle's in every instruction set, and limits do the work they stand for."""

from __future__ import annotations

import pickle
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest

import asrbench.engine
from asrbench import _native
from asrbench.engine import EngineOptions
from asrbench.errors import CorpusError, EngineError
from asrbench.kernels.answer import Answer, agree
from asrbench.kernels.cases import kernels
from asrbench.kernels.corpus import SHAPES, find
from asrbench.kernels.engines.native import Native
from asrbench.kernels.engines.oracle import Oracle
from asrbench.kernels.limits import Limits, check
from asrbench.kernels.work import PRECISIONS, Loop, Precision, Product, Read, Work

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("isa", _native.isas())
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("shape", [(1, 33, 64), (49, 17, 70), (2, 5, 1500)])
def test_every_instruction_set_gives_the_oracles_product(
    isa: str, precision: Precision, shape: tuple[int, int, int]
) -> None:
    a, w = Product("given", *shape, precision).operands()
    product = _native.kernels.Product(a, w, precision, isa=isa)

    exact = a.astype(np.int64) @ w.astype(np.int64).T
    found = agree(Answer(lambda: exact.astype(np.float64)), Answer(product.result))

    assert found.passed, found.detail


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("isa", _native.isas())
def test_a_loop_makes_the_operations_asked_for(isa: str, precision: Precision) -> None:
    loop = Loop(precision, 1_000_001)

    assert check(loop, Limits(isa).run(loop)).passed
    assert not check(loop, 1_000_000.0).passed
    assert not check(loop, 1_020_000.0).passed


def test_a_read_passes_over_every_byte() -> None:
    read = Read(4096, 3)

    assert check(read, Limits(_native.isa()).run(read)).passed
    assert not check(read, 4094).passed


def test_products_of_one_row_are_bound_by_reading_their_weights() -> None:
    assert Product("decoder", 1, 1152, 384, "int16").limit == Read(442_368, 113)
    assert Product("decoder", 1, 1152, 384, "float32").bytes == 4 * 442_368 * 113
    assert Product("encoder", 2, 1152, 384, "int16").limit == Loop("int16")
    assert Product("encoder", 2, 1152, 384, "int16").bytes is None


def test_all_shapes_come_in_every_precision_and_each_limit_once() -> None:
    every = find("embedded")
    ids = [work.id for work in every.work]

    assert len(every.products) == 3 * sum(map(len, SHAPES.values()))
    assert len(set(ids)) == len(ids)
    assert {product.limit for product in every.products} <= set(every.work)
    assert [p.part for p in find("vocabulary").products] == ["vocabulary"] * 3


@pytest.mark.parametrize("name", ["", "nonsense", "0x5x5", "5x5", "1x999999x999999"])
def test_shapes_that_are_none_are_refused(name: str) -> None:
    with pytest.raises(CorpusError, match="expected"):
        find(name)


def test_an_engine_says_what_it_cannot_do() -> None:
    with pytest.raises(EngineError, match="threads is 2; expected 1"):
        Native(EngineOptions(threads=2))
    with pytest.raises(EngineError, match="abacus does not run here"):
        Native(EngineOptions(), "abacus")


def test_an_answer_leaves_its_process_as_an_array() -> None:
    answer = Native(EngineOptions()).run(Product("given", 3, 5, 7, "int8"))
    assert isinstance(answer, Answer)

    again = pickle.loads(pickle.dumps(answer))

    np.testing.assert_array_equal(again.values(), answer.values())


def test_a_product_of_another_shape_or_with_a_nan_is_wrong() -> None:
    two = Answer(lambda: np.ones((2, 2)))

    assert not agree(two, Answer(lambda: np.ones((2, 3)))).passed
    assert not agree(two, Answer(lambda: np.array([[1, 1], [np.nan, 1]]))).passed
    assert agree(two, two).passed


def test_a_kernel_of_a_refusing_engine_is_refused_when_it_is_timed() -> None:
    class Refusing(Native):
        def run(self, item: Work) -> Answer | float:
            raise EngineError("not today")

    refusing = Refusing(EngineOptions())
    case = kernels(refusing, find("vocabulary", 1), lambda: Oracle(EngineOptions()))[-1]
    case.prepare()

    with pytest.raises(EngineError, match="not today"):
        case.run()


def test_every_engine_that_is_announced_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    announced = [line.split('"')[1::2] for line in lines if line.startswith('"kernels.')]

    for name, target in announced:
        assert callable(EntryPoint(name, target, asrbench.engine.GROUP).load())
    assert {name for name, _ in announced} >= {"kernels.native", "kernels.oracle"}
