"""Percentiles and intervals against numbers computed by hand."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrbench.measure.statistics import (
    Estimate,
    carried,
    hodges_lehmann,
    median,
    median_interval,
    needed,
    percentile,
    ratio,
)

finite = st.floats(-1e6, 1e6)


def sure(estimate: Estimate | None) -> Estimate:
    assert estimate is not None
    return estimate


def test_a_percentile_needs_ten_values_above_it() -> None:
    assert [needed(p) for p in (0.5, 0.9, 0.95, 0.99, 0.999)] == [20, 100, 200, 1000, 10_000]
    assert carried(0.95, 200)
    assert not carried(0.95, 199)


def test_percentiles_are_values_at_the_nearest_rank() -> None:
    hundred = [float(value) for value in range(1, 101)]
    random.Random(1).shuffle(hundred)

    assert percentile(hundred, 0.5) == 50.0
    assert percentile(hundred, 0.95) == 95.0
    assert percentile(hundred, 0.99) == 99.0
    assert percentile([3.0, 1.0, 2.0, 4.0], 0.75) == 3.0
    assert percentile([7.0], 0.01) == 7.0


def test_a_percentile_is_not_pushed_up_by_rounding() -> None:
    hundred = [float(value) for value in range(1, 101)]

    assert percentile(hundred, 0.07) == 7.0  # 0.07 * 100 is 7.000000000000001


@pytest.mark.parametrize("p", [0.0, 1.0, 95.0, math.nan])
def test_a_percentile_that_is_no_fraction_is_refused(p: float) -> None:
    with pytest.raises(ValueError, match="expected a fraction between 0 and 1"):
        percentile([1.0], p)
    with pytest.raises(ValueError, match="expected a fraction between 0 and 1"):
        needed(p)


def test_nothing_has_no_percentile_and_no_median() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)
    with pytest.raises(ValueError, match="no values"):
        median([])


def test_the_median_lies_in_the_middle() -> None:
    assert median([3.0, 1.0, 2.0]) == 2.0
    assert median([4.0, 1.0, 2.0, 3.0]) == 2.5


def test_six_values_hold_the_median_between_their_ends_and_five_do_not() -> None:
    # 2 * (1/2)^6 = 3.1 % outside; 2 * (1/2)^5 = 6.3 %
    estimate = sure(median_interval([6.0, 5.0, 4.0, 3.0, 2.0, 1.0]))

    assert (estimate.low, estimate.value, estimate.high) == (1.0, 3.5, 6.0)
    assert median_interval([1.0, 2.0, 3.0, 4.0, 5.0]) is None


def test_the_median_interval_of_twenty_values_is_that_of_the_binomial_table() -> None:
    # P(Binomial(20, 1/2) < 6) = 2.07 %, < 7 = 5.77 %: the 6th from either end
    estimate = sure(median_interval([float(value) for value in range(1, 21)]))

    assert (estimate.low, estimate.high) == (6.0, 15.0)


def test_signed_rank_intervals_are_those_of_the_table() -> None:
    # critical values of the two-sided 5 % test: n=6 0, n=10 8, n=20 52 (Hollander and Wolfe, A.4)
    for count, critical in ((6, 0), (10, 8), (20, 52)):
        values = [float(2**value) for value in range(count)]
        walsh = sorted((x + y) / 2 for i, x in enumerate(values) for y in values[i:])
        estimate = sure(hodges_lehmann(values))

        assert estimate.low == walsh[critical]
        assert estimate.high == walsh[len(walsh) - 1 - critical]


def test_five_pairs_are_too_few_for_an_interval() -> None:
    assert hodges_lehmann([1.0, 2.0, 3.0, 4.0, 5.0]) is None
    assert hodges_lehmann([]) is None


def test_the_approximation_for_many_pairs_joins_on_to_the_exact_count() -> None:
    chance = random.Random(3)
    values = [chance.gauss(1.0, 1.0) for _ in range(61)]
    many, fewer = sure(hodges_lehmann(values)), sure(hodges_lehmann(values[:60]))

    assert many.low == pytest.approx(fewer.low, abs=0.05)
    assert many.high == pytest.approx(fewer.high, abs=0.05)


def test_twice_the_time_is_a_ratio_of_two() -> None:
    seconds = [1.0, 1.1, 0.9, 1.3, 1.0, 0.8]
    estimate = sure(ratio([2 * value for value in seconds], seconds))

    assert (estimate.low, estimate.value, estimate.high) == pytest.approx((2.0, 2.0, 2.0))


def test_a_ratio_needs_pairs_of_times_above_zero() -> None:
    with pytest.raises(ValueError, match="expected pairs"):
        ratio([1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="more than zero"):
        ratio([0.0], [1.0])


def test_intervals_hold_the_truth_nineteen_times_of_twenty() -> None:
    chance = random.Random(7)
    inside = 0
    for _ in range(1000):
        values = [chance.gauss(0.0, 1.0) for _ in range(20)]
        centre, middle = sure(hodges_lehmann(values)), sure(median_interval(values))
        inside += centre.low <= 0.0 <= centre.high
        inside += middle.low <= 0.0 <= middle.high

    assert 2000 * 0.94 <= inside <= 2000 * 0.985


@given(st.lists(finite, min_size=6, max_size=40))
def test_an_interval_holds_its_own_estimate(values: list[float]) -> None:
    for estimate in (sure(median_interval(values)), sure(hodges_lehmann(values))):
        assert estimate.low <= estimate.value <= estimate.high
