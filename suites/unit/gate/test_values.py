"""What a metric is in one launch, on calls written by hand."""

from collections.abc import Mapping
from typing import Any

import pytest

from asrbench.gate.launched import Launched, Taken
from asrbench.gate.values import sampled
from asrbench.gate.verdict import Unmeasured
from suites.unit.gate.calls import call, launched, taken

BASE = [call(float(wall)) for wall in (8, 1, 7, 3, 6, 5, 4, 9)]
HEAD = [call(2 * float(wall)) for wall in (8, 1, 7, 3, 6, 5, 4, 9)]


def values(done: Launched, *tails: str) -> Mapping[tuple[str, str], tuple[float, float]]:
    found = {}
    for case, metric, launch in sampled(done, frozenset(tails)):
        assert launch.number == done.number
        assert (case, metric) not in found
        found[case, metric] = (launch.base, launch.head)
    return found


def of(one: Taken, *tails: str) -> Mapping[str, tuple[float, float]]:
    found = values(launched(7, {"a": one}), *tails)
    return {metric: pair for (case, metric), pair in found.items() if case == "a"}


def test_time_is_the_mean_of_the_fastest_quarter_of_each_side() -> None:
    assert of(taken(BASE, HEAD)) == {"time": (2.0, 4.0)}


def test_of_audio_it_is_a_real_time_factor_too() -> None:
    assert of(taken(BASE, HEAD, (4.0, "audio_s")))["rtf"] == (0.5, 1.0)
    assert "rtf" not in of(taken(BASE, HEAD, (4.0, "bytes")))


def test_a_tail_is_the_95th_percentile_of_200_calls_where_it_is_asked_for() -> None:
    base = [call(float(wall)) for wall in range(1, 201)]
    head = [call(10.0 * wall) for wall in range(1, 201)]

    assert of(taken(base, head), "a")["p95"] == (190.0, 1900.0)
    assert "p95" not in of(taken(base, head), "b")
    assert "p95" not in of(taken(base, head[:199]), "a")


def test_memory_is_told_where_both_sides_know_it() -> None:
    one = taken(BASE, HEAD, memory=(0.0, 100.0))
    assert of(one)["peak_memory"] == (0.0, 100.0)
    del one.memory["head"]
    assert "peak_memory" not in of(one)


def test_a_stage_is_the_fastest_quarter_of_its_own_times() -> None:
    base = [call(9.0, encoder=float(s), search=1.0) for s in (4, 3, 2, 1)]
    head = [call(9.0, encoder=2.0 * s, search=1.0) for s in (4, 3, 2, 1)]
    found = of(taken(base, head))

    assert (found["stage:encoder"], found["stage:search"]) == ((1.0, 2.0), (1.0, 1.0))


@pytest.mark.parametrize("odd", [{}, {"encoder": 0.0}])
def test_a_stage_that_some_call_did_not_spend_time_in_is_not_judged(odd: dict[str, Any]) -> None:
    base = [call(9.0, encoder=1.0)] * 4
    head = [*base[:3], call(9.0, **odd)]

    assert "stage:encoder" not in of(taken(base, head))
    assert "stage:encoder" not in of(taken(head, base))


def test_load_time_and_memory_of_the_process_are_the_projects() -> None:
    found = values(launched(7, {"a": taken(BASE, HEAD)}))

    assert found["project", "load"] == (0.5, 0.6)
    assert found["project", "resident"] == (1000.0, 2000.0)


def test_a_launch_that_lost_something_says_nothing_of_the_project() -> None:
    done = launched(7, {"a": taken(BASE, HEAD)})
    done.lost.append(Unmeasured("b", "head", "died", "signal 11"))

    assert set(values(done)) == {("a", "time")}


def test_what_only_one_side_knows_of_the_project_is_not_judged() -> None:
    done = launched(7, {})
    done.resident["head"] = 0.0
    del done.load_s["base"]

    assert values(done) == {}
