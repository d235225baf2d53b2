"""A call of any binding leaves nothing behind: no reference, no block, no memory."""

from __future__ import annotations

import os

import pytest

from asrbench.fuzz.growth import Growth, growth
from suites.unit.native.every_binding import CALLS, REFUSALS, Call, names

EVERY = {**CALLS, **REFUSALS}
FEW, MANY = 1000, 100_000
PAGE = 4096


def leaks(call: Call, calls: int) -> list[str]:
    """What so many calls leave behind."""
    left = growth(call.run, call.arguments, calls)
    return [*left.kept(), *left.memory()]


def test_every_binding_is_called() -> None:
    assert set(names()) == set(CALLS)


@pytest.mark.parametrize("name", EVERY)
def test_a_call_leaves_nothing_behind(name: str) -> None:
    assert leaks(EVERY[name], FEW) == []


@pytest.mark.full
@pytest.mark.parametrize("name", EVERY)
def test_a_hundred_thousand_calls_leave_nothing_behind(name: str) -> None:
    assert leaks(EVERY[name], MANY) == []


def test_a_reference_that_is_kept_is_seen() -> None:
    argument, kept = object(), []
    call = Call(lambda: kept.append(argument), (argument,))

    assert leaks(call, FEW)[0] == f"references to argument 0 grow with each of {FEW} calls"


def test_an_object_that_is_kept_is_seen() -> None:
    kept: list[object] = []

    assert "blocks of Python's allocator" in leaks(Call(lambda: kept.append(object())), FEW)[0]


def test_memory_that_is_kept_is_seen() -> None:
    kept = []
    call = Call(lambda: kept.append(os.urandom(1500)))

    assert any("resident memory grows by" in said for said in leaks(call, FEW))


def test_a_leak_does_not_hide_in_memory_that_was_freed() -> None:
    kept = []
    call = Call(lambda: kept.append(os.urandom(1500)))
    freed = [os.urandom(1500) for _ in range(10 * FEW)]
    guard = os.urandom(1500)  # behind them all, so that they are not given back from the end
    del freed

    assert any("resident memory grows by" in said for said in leaks(call, FEW))
    assert guard


def test_memory_that_grows_once_is_no_leak() -> None:
    once = Growth(1000, (), 0, (0, 0, 50 * PAGE, *([50 * PAGE] * 8)))

    assert once.bytes_per_call == 0
    assert once.memory() == []


def test_a_page_with_each_batch_is_a_leak() -> None:
    steady = Growth(1000, (), 0, tuple(PAGE * i for i in range(11)))

    assert steady.bytes_per_call == PAGE / 100
    assert steady.memory() == ["resident memory grows by 41 bytes a call"]


@pytest.mark.parametrize(("calls", "resident"), [(9, 11), (0, 1), (5, 1)])
def test_batches_without_calls_are_refused(calls: int, resident: int) -> None:
    with pytest.raises(ValueError, match="expected one in each"):
        Growth(calls, (), 0, (0,) * resident)
    with pytest.raises(ValueError, match="expected at least 10"):
        growth(lambda: None, (), calls)
