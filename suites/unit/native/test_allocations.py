"""Allocations of the extension are counted exactly: each once, in every thread, while told to."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from asrbench import _native
from asrbench.engine import CountingEngine
from asrbench.errors import MeterError
from asrbench.measure.isolate import isolate
from asrbench.speech.engines.native import Native
from suites.unit.native.allocated import both, works

WORKS = works()
SANITIZED = any(word in _native.build_flags() for word in ("fsanitize", "address", "thread"))
hooked = pytest.mark.skipif(SANITIZED, reason="this build leaves operator new to a sanitizer")


def counted(work: Callable[[], object]) -> tuple[int, int]:
    """How many allocations some work makes, and of how many bytes."""
    before = _native.count_allocations(True)
    work()
    after = _native.count_allocations(False)
    return after[0] - before[0], after[1] - before[1]


def test_a_build_counts_unless_it_is_one_with_a_sanitizer() -> None:
    assert _native.counts_allocations() == (not SANITIZED)


@hooked
@pytest.mark.parametrize("name", WORKS)
def test_the_same_work_allocates_the_same_again(name: str) -> None:
    WORKS[name]()
    first = counted(WORKS[name])

    assert (first == (0, 0)) == (name == "nothing")
    assert [counted(WORKS[name]) for _ in range(3)] == [first] * 3


@hooked
def test_every_allocation_is_counted_once_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "every_new.so"
    source = Path(__file__).with_name("every_new.cpp")
    compiler = os.environ.get("CXX", "c++")
    flags = ["-std=c++20", "-O1", "-shared", "-fPIC"]
    subprocess.run([compiler, *flags, str(source), "-o", str(library)], check=True)
    monkeypatch.setenv("LD_PRELOAD", str(library))
    answer = isolate(both, {"every_new": str(library)})

    assert answer.ending is None
    assert set(answer.value) == set(WORKS)
    for name, rounds in answer.value.items():
        for count, size, seen, seen_size in rounds:
            assert (name, count, size) == (name, seen, seen_size)


@hooked
def test_values_that_come_back_are_counted_by_the_byte() -> None:
    def gelu(values: int) -> tuple[int, int]:
        row, isa = np.ones(values, np.float32), _native.isa()
        return counted(lambda: _native.kernels.gelu(row, isa=isa))

    gelu(1)
    few, some, many = gelu(100), gelu(101), gelu(100_100)

    assert few[0] == some[0] == many[0] > 0
    assert some[1] - few[1] == 4
    assert many[1] - few[1] == 400_000


def test_nothing_is_counted_while_nobody_counts() -> None:
    before = _native.count_allocations(False)
    WORKS["transcription"]()

    assert _native.count_allocations(False) == before


@hooked
def test_threads_that_allocate_at_once_lose_no_count() -> None:
    def often() -> None:
        for _ in range(200):
            WORKS["log_mel"]()

    count, size = counted(WORKS["log_mel"])
    threads = [threading.Thread(target=often) for _ in range(4)]

    def together() -> None:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert counted(together) == (800 * count, 800 * size)


@hooked
def test_a_child_after_fork_counts_for_itself() -> None:
    work = WORKS["log_mel"]
    expected = counted(work)
    before = _native.count_allocations(True)
    child = os.fork()
    if child == 0:
        work()
        after = _native.count_allocations(False)
        os._exit((after[0] - before[0], after[1] - before[1]) != expected)
    _, status = os.waitpid(child, 0)

    assert status == 0
    assert _native.count_allocations(False) == before


class Loaded(Native):
    """The engine, without a model: it is not run."""

    def __init__(self) -> None:
        self.name = "native"


@hooked
def test_the_engine_counts_and_says_where_it_was_built_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = Loaded()
    assert isinstance(engine, CountingEngine)
    assert engine.count_allocations(False) == _native.count_allocations(False)
    monkeypatch.setattr(_native, "counts_allocations", lambda: False)

    with pytest.raises(MeterError, match="built without the hook that counts allocations"):
        engine.count_allocations(True)
