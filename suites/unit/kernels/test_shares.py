"""A kernel is right before it is timed, and is told as a part of its limit's rate."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

import asrbench.engine
from asrbench.engine import EngineOptions
from asrbench.kernels import workload
from asrbench.kernels.corpus import find
from asrbench.kernels.engines.native import Native
from asrbench.kernels.engines.oracle import Oracle
from asrbench.kernels.work import PRECISIONS, UNIT
from asrbench.measure import contest, job
from asrbench.measure.interleave import Clock
from asrbench.measure.run import CaseResult, Item, Run
from asrbench.measure.run_file import SCHEMA_FILE, from_json, to_json
from asrbench.measure.samples import Samples
from asrbench.measure.scenario import Limits
from asrbench.measure.watch import Unwatched
from asrbench.measure.worker import Isolation
from asrbench.report.html import page
from asrbench.report.limits import rows
from asrbench.report.markdown import markdown
from asrbench.report.summary import Figure, figures
from asrbench.workload import Amount
from suites.unit.kernels.counterfeits import Lawful, Slower, Time, Wrong

SMALL = "5x33x64"
ONE_ROW = "1x33x64"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    """A clock that the counterfeits move; engines of any name are found without an installation."""
    moved = Time()
    made: dict[str, Callable[[EngineOptions], Any]] = {
        "native": Native,
        "oracle": Oracle,
        "lawful": lambda _: Lawful(moved),
        "slower": lambda _: Slower(moved),
        "wrong": lambda _: Wrong(moved),
    }
    monkeypatch.setattr(asrbench.engine, "build", lambda _, name, options: made[name](options))
    return moved


def measured(engine: str, clock: Clock, corpus: str = SMALL, **choices: Any) -> Run:
    work = job.Job(workload, engine, corpus, launches=0, meters=("wall",), **choices)
    done = job.run(work, Unwatched(), clock, lambda run: None)
    jsonschema.validate(to_json(done), json.loads(SCHEMA_FILE.read_text()))
    return done


def by_name(run: Run) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures(run)}


@pytest.mark.parametrize("corpus", [SMALL, ONE_ROW])
def test_a_kernel_that_takes_twice_its_limits_time_has_half_of_it(clock: Time, corpus: str) -> None:
    found = by_name(measured("lawful", clock, corpus))

    for precision in PRECISIONS:
        share = found[f"share_of_limit/given {corpus} {precision}"]
        assert share.value == pytest.approx(0.5)
        assert "95 % 50.0 to 50.0" in share.note


def test_rates_are_operations_or_where_reading_bounds_them_bytes(clock: Time) -> None:
    many, one = by_name(measured("lawful", clock)), by_name(measured("lawful", clock, ONE_ROW))
    rate, read = many["rate/int8 loop"], one["rate/given 1x33x64 int8"]

    assert rate.value == pytest.approx(0.25 / 0.001)
    assert rate.unit == "GFLOP/s"
    repeats = round(1e8 / (2 * 33 * 64))
    assert read.value == pytest.approx(33 * 64 * repeats / 1e9 / 0.002)
    assert read.unit == "GB/s"


def test_every_item_is_timed_often_enough_for_an_interval(clock: Time) -> None:
    done = measured("lawful", clock, limits=Limits(values=1))
    latency = done.cases[0].metric("latency")

    assert latency is not None
    assert len(latency.values) == 20 * len(done.items)


def test_a_kernel_and_its_limit_are_timed_in_the_same_rounds(clock: Time) -> None:
    latency = measured("lawful", clock).cases[0].metric("latency")
    assert latency is not None
    size = len(find(SMALL).work)
    passes = [latency.item[at : at + size] for at in range(0, len(latency.item), size)]

    assert all(len(set(one)) == size for one in passes)
    assert len(set(passes)) > 1


def test_a_wrong_product_is_refused_and_never_timed(clock: Time) -> None:
    done = measured("wrong", clock, check=0)
    (latency,) = [s for s in done.cases[0].samples if s.metric == "latency"]

    assert not done.passed
    assert [(f.kind, f.item) for f in done.errors] == [("refused", f"given {SMALL} int8")]
    assert "the oracle's is" in done.errors[0].message
    assert f"given {SMALL} int8" not in latency.item
    assert f"share_of_limit/given {SMALL} int8" not in by_name(done)


def test_the_core_is_right_and_its_run_says_of_what_limit_each_product_is(clock: Time) -> None:
    done = measured("native", clock_of_steps(), limit=1)
    kept = {item.id: item.kept for item in done.items}

    assert done.passed, done.errors
    assert kept == {f"given {SMALL} float32": {"limit": "float32 loop"}, "float32 loop": {}}
    assert figures(from_json(to_json(done))) == figures(done)


def test_an_isolated_engine_is_measured_and_checked_in_the_same_way() -> None:
    work = job.Job(workload, "native", SMALL, launches=0, limit=1, isolation=Isolation())
    done = job.run(work, Unwatched(), time.perf_counter, lambda run: None)

    assert done.passed, done.errors
    assert "2 of 2 answers agree" in str(done.cases[0].check)
    assert f"share_of_limit/given {SMALL} float32" in by_name(done)


def clock_of_steps() -> Clock:
    """Return a clock that moves by a millisecond whenever it is read."""
    moved = Time()

    def read() -> float:
        moved.now_s += 0.001
        return moved.now_s

    return read


def test_pages_and_comments_show_the_share(clock: Time) -> None:
    done = measured("lawful", clock)

    assert "part of its limit, given 5x33x64 int8" in page(done)
    assert "50.00 %" in page(done)
    assert "| 50.00 % |" in markdown(done).replace("&#37;", "%")


def test_engines_compared_keep_a_share_each(clock: Time) -> None:
    work = contest.Contest(workload, ("lawful", "slower"), SMALL, rounds=6, launches=0, limit=1)
    done = contest.run(work, Unwatched(), clock, lambda run: None)
    jsonschema.validate(to_json(done), json.loads(SCHEMA_FILE.read_text()))
    shares = [f for f in figures(done) if f.name.startswith("share_of_limit/")]

    assert [share.case for share in shares] == [case.name for case in done.cases]
    assert [share.value for share in shares] == [pytest.approx(0.5), pytest.approx(0.25)]


@pytest.mark.parametrize("rounds", [0, 5])
def test_too_few_rounds_give_no_share(rounds: int) -> None:
    run = one_kernel("limit", rounds)
    (share,) = [row for row in rows(run, run.cases[0]) if row[0].startswith("share")]

    assert share == ("share_of_limit/kernel", None, "fraction", f"of limit: {rounds} of 6 rounds")


def test_a_limit_that_is_no_item_or_of_another_kind_of_work_is_none() -> None:
    for run in (one_kernel("another", 6), one_kernel("limit", 6, "GB")):
        assert rows(run, run.cases[0]) == []


def one_kernel(named: str, rounds: int, unit: str = UNIT) -> Run:
    """Return a Run of a kernel in six rounds, and of a limit in so many."""
    latency = Samples(
        "latency",
        "s",
        "lower",
        (1.0,) * (6 + rounds),
        item=("kernel",) * 6 + ("limit",) * rounds,
        block=(*range(6), *range(rounds)),
    )
    one = Amount(1.0, UNIT)
    case = CaseResult("c", "kernels", "e", "single-stream", one, None, (latency,))
    items = (Item("kernel", one, {"limit": named}), Item("limit", Amount(1.0, unit)))
    return Run(False, {"threads": 1}, items, (), (case,))
