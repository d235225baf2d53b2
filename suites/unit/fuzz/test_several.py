"""Several targets at a time: a fault of one is told with what the others did."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from asrbench.cli.fuzz_table import Outcome, records, table
from asrbench.errors import Error
from asrbench.fuzz.finding import Finding
from asrbench.fuzz.log import Status
from asrbench.fuzz.session import Session, Show
from asrbench.fuzz.several import Stopped, several
from asrbench.fuzz.target import Target

TARGETS = [Target(Path(f"fuzz_{name}.py")) for name in "abc"]
STATUS = Status(
    executions=90_000, per_second=6000, coverage=70, features=80, counters=500, functions=2
)


def test_outcomes_keep_the_order_of_the_targets_and_an_error_is_one_of_them() -> None:
    def work(target: Target, show: Show) -> str:
        show(STATUS, 1.0)
        if target.name == "b":
            raise Error("b is blind")
        return target.name

    a, b, c = several(TARGETS, 2, work, lambda _: None)

    assert (a, str(b), c) == ("a", "b is blind", "c")
    assert isinstance(b, Error)


def test_two_at_a_time_are_two_at_a_time() -> None:
    meeting = threading.Barrier(2, timeout=20)
    most: list[int] = []

    def work(target: Target, show: Show) -> None:
        if target.name != "c":
            meeting.wait()  # neither a nor b goes on without the other
        show(STATUS, 1.0)

    several(TARGETS, 2, work, lambda under_way: most.append(len(under_way)))

    assert 1 <= max(most) <= 2


def test_an_interrupt_ends_what_is_under_way_and_begins_nothing_new() -> None:
    started: list[str] = []
    stopped: list[str] = []

    def work(target: Target, show: Show) -> None:
        started.append(target.name)
        if target.name == "a":
            raise KeyboardInterrupt
        try:
            for _ in range(10_000):
                show(STATUS, 1.0)
                threading.Event().wait(0.001)
        except Stopped:
            stopped.append(target.name)
            raise

    with pytest.raises(KeyboardInterrupt):
        several(TARGETS, 2, work, lambda _: None)

    assert set(stopped) == set(started) - {"a"}


def session(target: Target) -> Session:
    return Session(target, STATUS, 15.0, None, "")


def test_the_table_has_a_line_for_each_target_and_tells_what_was_found() -> None:
    a, b, c = TARGETS
    small = Finding(Path("small"), "heap-buffer-overflow", 3, 12, "asrbench fuzz a --replay small")

    lines = table(
        [
            Outcome(a, session(a), small),
            Outcome(b, error=Error("no clang++-19")),
            Outcome(c, session(c)),
        ]
    ).splitlines()

    assert [line.split()[:2] for line in lines[1:4]] == [
        ["FOUND", "a"],
        ["ERROR", "b"],
        ["ok", "c"],
    ]
    assert lines[3].split()[2:] == ["15", "s", "90,000", "6,000", "70", "80", "500", "places"]
    assert "heap-buffer-overflow" in lines
    assert "  again   asrbench fuzz a --replay small" in lines
    assert lines[-1] == "b: no clang++-19"


def test_json_has_null_where_nothing_could_be_fuzzed() -> None:
    a, b, _ = TARGETS

    well, bad = records([Outcome(a, session(a)), Outcome(b, error=Error("no clang++-19"))])

    assert (well["per_second"], well["native_places"], well["error"]) == (6000, 500, None)
    assert (bad["per_second"], bad["error"]) == (None, "no clang++-19")


def test_an_outcome_is_a_session_or_an_error() -> None:
    with pytest.raises(ValueError, match="has session None, error None"):
        Outcome(TARGETS[0])
