"""The search finds the capacity that queueing theory computes, on a clock that does not run."""

import math
import random
from collections.abc import Callable

import pytest

from asrbench.measure.load.capacity import Bracket, bisect, keeps, may_be_late
from suites.unit.measure.loads import waited

SERVICE_S = 0.010


def waits_at_most(time_s: float, rate: float) -> float:
    """The part of requests to an M/D/1 queue that wait `time_s` at most (Erlang 1909, Crommelin).

    P(W <= t) = (1 - r) sum over k from 0 to t/D of (-l (t - kD))^k / k! exp(l (t - kD)), r = l D.
    """
    terms = [
        (-rate * (time_s - k * SERVICE_S)) ** k
        / math.factorial(k)
        * math.exp(rate * (time_s - k * SERVICE_S))
        for k in range(int(time_s / SERVICE_S) + 1)
    ]
    return (1 - rate * SERVICE_S) * math.fsum(terms)


def computed(bound_s: float, p: float) -> float:
    """The rate at which an M/D/1 queue answers the fraction p within the bound."""
    low, high = 1e-6, 1 / SERVICE_S - 1e-6
    for _ in range(60):
        middle = (low + high) / 2
        within = waits_at_most(bound_s - SERVICE_S, middle) >= p
        low, high = (middle, high) if within else (low, middle)
    return low


def one_worker(bound_s: float, p: float, requests: int) -> Callable[[float], bool]:
    """Try rates on one worker that takes 10 ms, with Poisson arrivals, in simulated time."""

    def tries(rate: float) -> bool:
        chance = random.Random(round(1000 * rate))
        due_s, now_s = [], 0.0
        for _ in range(requests):
            now_s += chance.expovariate(rate)
            due_s.append(now_s)
        return keeps(waited(due_s, [SERVICE_S] * requests), requests, bound_s, p)

    return tries


def test_the_formula_is_that_of_the_books() -> None:
    assert waits_at_most(0.0, 50.0) == pytest.approx(0.5)  # an empty queue: 1 - load
    assert waits_at_most(0.010, 50.0) == pytest.approx(0.5 * (math.exp(0.5)))


@pytest.mark.parametrize(("bound_s", "p"), [(0.030, 0.99), (0.050, 0.99), (0.030, 0.9)])
def test_the_capacity_of_an_engine_of_10_ms_is_that_of_m_d_1(bound_s: float, p: float) -> None:
    found = bisect(100.0, one_worker(bound_s, p, 50_000))

    assert found.low == pytest.approx(computed(bound_s, p), abs=4.0)
    assert found.high - found.low <= 100.0 / 32


def test_a_bound_below_the_work_itself_is_kept_by_no_rate() -> None:
    found = bisect(100.0, one_worker(0.009, 0.99, 1000))

    assert found == Bracket(0.0, 12.5)  # and below an eighth of the throughput none is tried


def test_a_generous_bound_brings_the_capacity_near_the_throughput() -> None:
    assert bisect(100.0, lambda _: True) == Bracket(96.875, 100.0)


def test_as_many_may_be_late_as_the_nearest_rank_leaves() -> None:
    assert may_be_late(1000, 0.99) == 10
    assert may_be_late(200, 0.95) == 10
    assert may_be_late(100, 0.995) == 0


def test_a_request_without_an_answer_is_late() -> None:
    assert keeps([0.1] * 990, 1000, bound_s=0.1, percentile=0.99)
    assert not keeps([0.1] * 989, 1000, bound_s=0.1, percentile=0.99)
    assert not keeps([0.1] * 989 + [0.11] * 11, 1000, bound_s=0.1, percentile=0.99)


def test_a_bracket_that_nothing_lies_in_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 0 <= low < high"):
        Bracket(2.0, 1.0)
