"""Five functions give the same through every toolkit; what a call costs is told by round."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import asrbench.engine
from asrbench import OptionError, _native
from asrbench.boundary.answer import agree
from asrbench.boundary.calls import ARGUMENTS, VALUES, Calls
from asrbench.boundary.cases import Calling, Crossing
from asrbench.boundary.corpus import find
from asrbench.boundary.engines.cffi import Five
from asrbench.boundary.engines.native import native
from asrbench.boundary.engines.python import python
from asrbench.boundary.engines.toolkit import built
from asrbench.boundary.oracle import five
from asrbench.boundary.overhead import costs, table
from asrbench.engine import EngineOptions
from asrbench.errors import CorpusError, EngineError

ROOT = Path(__file__).parents[3]
TOOLKITS = ("native", "pybind11", "nanobind", "cffi")


def functions(name: str) -> Any:
    """Return the five through a toolkit; skip where this build has none of it."""
    if name == "native":
        return _native.boundary
    try:
        return Five() if name == "cffi" else built(name)
    except EngineError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("name", TOOLKITS)
@given(
    count=st.integers(0, 300),
    scale=st.floats(-1e6, 1e6),
    values=st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), max_size=40),
    data=st.binary(max_size=300),
)
def test_every_toolkit_gives_what_the_oracle_gives(
    name: str, count: int, scale: float, values: list[float], data: bytes
) -> None:
    through = functions(name)
    array = np.array(values, np.float32)

    for expected, found in (
        (None, through.nothing()),
        (five.scalars(count, scale), through.scalars(count, scale)),
        (five.array_in(array), through.array_in(array)),
        (five.array_out(count), through.array_out(count)),
        (five.bytes_in(data), through.bytes_in(data)),
    ):
        check = agree(expected, found)
        assert check.passed, check.detail


@pytest.mark.parametrize("name", TOOLKITS)
@pytest.mark.parametrize(
    "wrong", [VALUES.astype(np.float64), VALUES.reshape(2, 200), VALUES[::2], VALUES.astype(">f4")]
)
def test_every_toolkit_refuses_what_is_no_float32_in_a_row(name: str, wrong: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        functions(name).array_in(wrong)


@pytest.mark.parametrize("name", TOOLKITS)
def test_what_comes_out_owns_its_memory(name: str) -> None:
    first = functions(name).array_out(4)
    for _ in range(50):
        functions(name).array_out(4)[:] = -1

    np.testing.assert_array_equal(first, [0, 1, 2, 3])


def test_more_than_a_result_may_hold_is_refused() -> None:
    for count in (-1, 2**24 + 1):
        with pytest.raises(OptionError, match=f"count is {count}; expected 0 to 16777216"):
            _native.boundary.array_out(count)


def test_another_type_or_value_is_wrong() -> None:
    assert agree(1.0, 1.0).passed
    assert not agree(1.0, 1).passed
    assert not agree(1.0, 2.0).passed
    assert not agree(None, 0).passed
    assert not agree(np.zeros(2, np.float32), np.zeros(2)).passed  # type: ignore[arg-type]
    assert not agree(np.zeros(2, np.float32), np.ones(2, np.float32)).passed


@pytest.mark.parametrize("function", ARGUMENTS)
def test_a_case_is_checked_and_counts_its_calls(function: str) -> None:
    engine = native(EngineOptions())
    case = Crossing(engine, Calls(function, 3), lambda: python(EngineOptions()))
    case.prepare()

    assert case.check(case.run()).passed
    assert (case.amount.value, case.amount.unit) == (3.0, "calls")
    assert not case.check("something else").passed  # type: ignore[arg-type]  # that is the test


def test_the_calls_are_found_by_name() -> None:
    assert [calls.function for calls in find("embedded").calls] == list(ARGUMENTS)
    assert [calls.function for calls in find("array_in").calls] == ["array_in"]
    for name, limit in (("nonsense", None), ("embedded", 0)):
        with pytest.raises(CorpusError, match="expected one"):
            find(name, limit)


def test_an_engine_and_its_calls_say_what_they_cannot_do() -> None:
    with pytest.raises(EngineError, match="threads is 2; expected 1"):
        native(EngineOptions(threads=2))
    with pytest.raises(EngineError, match=r"none: .*_boundary_none is not there.*pip install"):
        built("none")
    with pytest.raises(ValueError, match="expected one of"):
        Calls("sixth")
    with pytest.raises(ValueError, match="repeats is 0"):
        Calls("nothing", 0)


class Slow:
    """An engine whose calls take so many seconds on a clock of its own."""

    def __init__(self, name: str, call_s: float, now: list[float]) -> None:
        self.name = name
        self._call_s = call_s
        self._now = now

    def run(self, item: Calls) -> None:
        self._now[0] += item.repeats * self._call_s

    def close(self) -> None:
        """Nothing is held."""


def test_a_cost_is_the_difference_to_the_empty_call_of_its_round() -> None:
    now = [0.0]
    engines: dict[str, Calling] = {
        "python": Slow("python", 40e-9, now),
        "native": Slow("native", 130e-9, now),
    }

    found = costs(engines, lambda: now[0], rounds=5, repeats=1000)

    by_engine = {(cost.engine, cost.function): cost.typical_ns for cost in found}
    assert by_engine["native", "array_in"] == pytest.approx(90)
    assert by_engine["python", "nothing"] == pytest.approx(0)
    assert table(found)[-1].split() == ["native", *["90"] * 5]
    with pytest.raises(EngineError, match="expected python among them"):
        costs({"native": engines["native"]}, lambda: 0.0, 1, 1)


def test_every_engine_that_is_announced_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    announced = [line.split('"')[1::2] for line in lines if line.startswith('"boundary.')]

    for name, target in announced:
        assert callable(EntryPoint(name, target, asrbench.engine.GROUP).load())
    assert {name for name, _ in announced} == {f"boundary.{n}" for n in (*TOOLKITS, "python")}
