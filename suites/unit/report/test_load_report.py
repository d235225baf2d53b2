"""What load shows is what a person computes from the Run's values by hand."""

import json
from dataclasses import replace
from typing import Any

import pytest

from asrbench.measure.environment import describe
from asrbench.measure.run import CaseResult, Failure, Item, Run
from asrbench.measure.samples import Samples
from asrbench.report.html import page
from asrbench.report.plots import plots
from asrbench.report.summary import Figure, figures
from asrbench.report.wording import label, quantity
from asrbench.workload import Amount
from suites.unit.report.runs import HOSTILE

LOAD = {
    "scenario": "server",
    "workers": 1,
    "rate": None,
    "bound_s": 1.0,
    "percentile": 0.9,
    "queries": 10,
    "announced_s": 5.0,
    "throughput": 4.0,
}


def under_load(
    latencies: list[float], name: str = "c", scenario: str = "server", item: str = "a", **load: Any
) -> CaseResult:
    """A case whose requests were due every half second, each worked on for 0.25 s."""
    count = len(latencies)
    parallel: dict[str, Any] = {
        "item": (item,) * count,
        "block": tuple(index // 2 for index in range(count)),
        "at_s": tuple(0.5 * index for index in range(count)),
    }
    return CaseResult(
        name,
        "speech",
        "echo",
        scenario,
        Amount(4.0, "audio_s"),
        None,
        (
            Samples("latency", "s", "lower", tuple(latencies), **parallel),
            Samples("service", "s", "lower", (0.25,) * count, **parallel),
            Samples("stage/encoder", "s", "lower", (0.2,) * count, **parallel),
        ),
        other={"traffic": {**LOAD, "scenario": scenario, **load}},
    )


def run(*cases: CaseResult, item: str = "a", **changes: Any) -> Run:
    asked = {key: LOAD[key] for key in ("scenario", "rate", "bound_s", "percentile")}
    settings = {"workload": "speech", "engine": "echo", "corpus": "x", "traffic": asked}
    items = (Item(item, Amount(4.0, "audio_s")),)
    whole = Run(False, describe(1), items, (), cases, settings)
    return replace(whole, **changes)


def by_name(found: Run) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures(found)}


SEARCH = run(
    under_load([0.5] * 10, "c@2/s", rate=2.0),
    under_load([0.5] * 9 + [1.5], "c@3/s", rate=3.0),
    under_load([1.5] * 2, "c@3.5/s", rate=3.5),
    under_load([0.5] * 8, "c@3.25/s", rate=3.25),  # two never answered
)


def test_throughput_counts_from_the_first_schedule_to_the_last_answer() -> None:
    found = by_name(run(under_load([0.5] * 9 + [1.5], rate=2.0)))

    assert found["throughput"].value == pytest.approx(10 / 6.0)  # the last: due at 4.5, took 1.5
    assert found["throughput"].note == "10 answers in 6 s; 5 s were announced"
    assert found["rtfx"].value == pytest.approx(10 * 4.0 / 6.0)
    assert found["late"].value == pytest.approx(0.1)
    assert found["late"].note == "1 of 10 later than 1 s, at 2/s"


def test_waiting_is_no_work() -> None:
    found = by_name(run(under_load([10.0] * 20, rate=2.0)))

    assert "rtf" not in found
    assert found["stage/encoder"].note == "80.0 % of the time"
    assert found["service_p50"].value == 0.25
    assert found["latency_p50"].value == 10.0


def test_requests_at_once_take_as_long_as_the_last_of_them() -> None:
    found = by_name(run(under_load([0.5, 1.0] * 20, scenario="multi-stream")))

    assert found["query_latency_p50"].value == 1.0
    assert found["query_latency_p50"].note == "20 values"
    assert "late" not in found


def test_the_capacity_is_the_highest_rate_that_kept_the_bound() -> None:
    found = [figure for figure in figures(SEARCH) if figure.name == "capacity"]

    assert [figure.value for figure in found] == [3.0]
    assert found[0].note == ("p90 at most 1 s: 3/s kept it, 3.25/s did not; 4 rates were tried")
    assert f"{label(found[0])}: {quantity(found[0])}" == (
        "capacity: highest rate that keeps the bound: 3 /s"
    )


def test_a_search_that_was_cut_short_has_no_capacity() -> None:
    died = Failure("c", None, "died", "killed by SIGKILL")

    assert by_name(replace(SEARCH, partial=True))["capacity"].value is None
    assert by_name(replace(SEARCH, errors=(died,)))["capacity"].value is None


def test_where_no_rate_kept_the_bound_the_capacity_is_zero() -> None:
    found = by_name(run(under_load([1.5] * 2, rate=2.0)))["capacity"]

    assert found.value == 0.0
    assert found.note.startswith("p90 at most 1 s: 2/s did not keep it")


def test_the_pictures_have_a_point_a_request_and_a_point_a_rate() -> None:
    capacity, over_time, parts = plots(SEARCH)

    assert capacity["title"] == "Latency p90 by rate of requests"
    assert [trace["x"] for trace in capacity["data"]] == [[2.0, 3.0], [3.25, 3.5], [0, 3.5]]
    assert [len(trace["x"]) for trace in over_time["data"]] == [10, 10, 2, 8]
    assert [trace["name"] for trace in parts["data"]] == ["2/s", "3/s", "3.5/s", "3.25/s"]


def test_a_rate_that_was_given_is_no_search() -> None:
    case = under_load([0.5] * 10, rate=2.0)
    given = run(case, settings={"traffic": {**LOAD, "rate": 2.0}})

    assert "capacity" not in by_name(given)
    assert plots(given)[0]["title"].startswith("Latency by when")


def test_a_hostile_item_stays_text() -> None:
    wild = run(under_load([0.5] * 10, HOSTILE, item=HOSTILE, rate=2.0), item=HOSTILE)

    assert "<img" not in json.dumps(plots(wild))
    assert "<img" not in page(wild)
