"""Meters read what was done: CPU that was burnt, pages that were touched, memory that was held."""

import sys
import threading
import time
from collections.abc import Callable

import pytest

from asrbench.errors import MeterError
from asrbench.measure import apart, callgrind, counters
from asrbench.measure.counters import PAGE_FAULTS, Counter, Event
from asrbench.measure.isolate import isolate
from asrbench.measure.meters import DEFAULT, KINDS, WALL, Meter
from suites.unit.measure import fresh

MIB = 2**20
SIZES = (1, 5, 30, 300)
linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's marks are Linux's")


def read(name: str, work: Callable[[], object]) -> float:
    meter: Meter = KINDS[name].make(None)
    meter.start()
    work()
    return meter.stop()


def burn(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def in_a_thread(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def hold(mebibytes: float) -> None:
    block = bytearray(int(mebibytes * MIB))
    block[::4096] = b"x" * len(block[::4096])


def close(measured_bytes: float, mebibytes: float) -> bool:
    return abs(measured_bytes / MIB - mebibytes) <= max(0.3, 0.02 * mebibytes)


def test_sleep_is_time_on_the_wall_and_no_cpu() -> None:
    assert read(WALL, lambda: time.sleep(0.05)) >= 0.05
    assert read("cpu", lambda: time.sleep(0.05)) < 0.02


def test_cpu_is_that_of_all_threads_and_thread_cpu_that_of_the_caller() -> None:
    assert read("cpu", lambda: in_a_thread(lambda: burn(0.05))) >= 0.05
    assert read("thread-cpu", lambda: in_a_thread(lambda: burn(0.05))) < 0.04
    assert read("thread-cpu", lambda: burn(0.05)) == pytest.approx(0.05, abs=0.02)


def test_pages_that_are_touched_for_the_first_time_are_minor_faults() -> None:
    faults = read("minor-faults", lambda: hold(64))

    assert faults >= 1000 or faults >= 64 / 2  # of 4 KiB, or of 2 MiB where the kernel gives those
    assert read("minor-faults", lambda: None) < 10
    assert read("major-faults", lambda: None) == 0


@linux
def test_who_is_pushed_off_the_processor_counts_it() -> None:
    answer = isolate(fresh.pushed, {})

    assert answer.value >= 3


@linux
@pytest.mark.parametrize("mebibytes", SIZES)
def test_the_peak_of_a_call_is_what_it_held_the_first_time_and_again(mebibytes: int) -> None:
    answer = isolate(fresh.one_block, {"mebibytes": mebibytes})

    assert all(close(reading, mebibytes) for reading in answer.value), answer


@linux
@pytest.mark.parametrize("mebibytes", SIZES)
def test_the_peak_of_many_small_blocks_is_their_sum_the_first_time_and_again(
    mebibytes: int,
) -> None:
    answer = isolate(fresh.small_blocks, {"mebibytes": mebibytes})

    assert all(close(reading, mebibytes) for reading in answer.value), answer


@linux
def test_the_peak_is_of_the_call_and_not_of_what_was_before() -> None:
    answer = isolate(fresh.after_a_large_one, {})

    five, none, five_twice = answer.value
    assert close(five, 5)
    assert close(none, 0)
    assert close(five_twice, 5)  # one after the other


@linux
def test_a_counter_of_the_kernel_counts() -> None:
    try:
        counter = Counter("faults", PAGE_FAULTS)
    except MeterError as error:
        pytest.skip(str(error))
    counter.start()
    hold(64)

    assert counter.stop() >= 32
    assert counter.unit == "pages"


def test_an_event_that_this_machine_does_not_count_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MeterError, match="odd: this machine lets no such event be counted"):
        Counter("odd", Event(99999, 0, "times"))
    monkeypatch.setattr(counters, "_CALL", {})
    with pytest.raises(MeterError, match="no perf_event_open on"):
        Counter("cycles", counters.CYCLES)


@pytest.mark.parametrize("name", ["cycles", "retired", "cache-misses"])
def test_hardware_is_counted_or_the_reason_is_given(name: str) -> None:
    try:
        counted = read(name, lambda: burn(0.01))
    except MeterError as error:
        assert str(error).startswith(name.replace("-", "_"))  # noqa: PT017  either is right
    else:
        assert counted > 0


def test_a_machine_without_valgrind_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(MeterError, match="no valgrind on the PATH; apt-get install valgrind"):
        apart.check(["instructions"], None)
    apart.check(DEFAULT, None)


def test_callgrind_is_read_only_under_callgrind() -> None:
    with pytest.raises(MeterError, match="does not run under callgrind"):
        KINDS["instructions"].make(None)


def test_the_total_of_a_callgrind_file_is_read() -> None:
    assert callgrind.total("version: 1\nevents: Ir\nfn=x\n1 2\n\ntotals: 1234\n") == 1234
    with pytest.raises(ValueError, match="no totals"):
        callgrind.total("version: 1\n")
