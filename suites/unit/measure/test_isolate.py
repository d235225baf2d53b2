"""Whatever becomes of a fresh process comes back as a value."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from asrbench.measure.bounds import Ending
from asrbench.measure.isolate import isolate
from asrbench.measure.memory import peak_bytes
from suites.unit.measure import fresh

needs_proc = pytest.mark.skipif(peak_bytes() is None, reason="this system has no /proc/self/status")


def ending_of(function: Callable[[], object], timeout_s: float = 60.0) -> Ending:
    answer = isolate(function, {}, timeout_s)
    assert answer.value is None
    assert answer.peak_bytes is None
    assert answer.ending is not None
    return answer.ending


def test_a_function_runs_in_another_process_and_its_value_comes_back() -> None:
    answer = isolate(fresh.add, {"first": 2, "second": 3})

    assert answer.ending is None
    assert answer.value["sum"] == 5
    assert answer.value["pid"] != os.getpid()


@needs_proc
def test_peak_memory_is_that_of_the_process_itself() -> None:
    ballast = bytearray(b"x" * (300 * 2**20))  # a fat parent must not show
    base = isolate(fresh.grow, {"mebibytes": 0}).peak_bytes
    grown = isolate(fresh.grow, {"mebibytes": 64}).peak_bytes

    assert base is not None
    assert grown is not None
    assert len(ballast) == 300 * 2**20
    assert base < 100 * 2**20
    assert grown - base == pytest.approx(64 * 2**20, abs=3 * 2**20)


def test_what_it_raises_is_told() -> None:
    ending = ending_of(fresh.complain)

    assert (ending.kind, ending.message) == ("raised", "ValueError: 42 is wrong; expected 41")


def test_a_crash_is_told_with_its_signal_and_last_words() -> None:
    ending = ending_of(fresh.abort)

    assert ending.kind == "died"
    assert "SIGABRT" in ending.message
    assert "the last words" in ending.message


def test_an_exit_without_an_answer_is_told_with_its_code() -> None:
    ending = ending_of(fresh.leave)

    assert (ending.kind, ending.message) == ("died", "exited with code 7 and no answer")


def test_a_hang_ends_at_its_limit() -> None:
    began = time.monotonic()
    ending = ending_of(fresh.hang, timeout_s=1.0)

    assert (ending.kind, ending.message) == ("hung", "no answer within 1 s")
    assert time.monotonic() - began < 20


def test_a_value_that_is_no_json_is_a_death_that_says_so() -> None:
    ending = ending_of(fresh.odd)

    assert ending.kind == "died"
    assert "not JSON serializable" in ending.message


def test_memory_in_a_unit_nobody_expects_is_refused(tmp_path: Path) -> None:
    status = tmp_path / "status"
    status.write_text("Name:\tx\nVmHWM:\t 12 pages\n")

    with pytest.raises(ValueError, match="'12 pages'; expected a number of kB"):
        peak_bytes(status)


def test_memory_is_read_in_bytes_and_is_none_where_it_is_not_told(tmp_path: Path) -> None:
    status = tmp_path / "status"
    status.write_text("Name:\tx\nVmPeak:\t 99 kB\nVmHWM:\t  2048 kB\n")

    assert peak_bytes(status) == 2048 * 1024
    assert peak_bytes(tmp_path / "missing") is None
