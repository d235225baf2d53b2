"""The rule on launches whose answer can be said by hand."""

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrbench.gate.rule import CONFIRM, LOOKS, Look, fastest_quarter, read, spread

CHANGES = (0.049, 0.050, 0.051, 0.052, 0.048, 0.0505)


def found(changes: tuple[float, ...], effect: float = 0.02, least: float = 0.0) -> str:
    return read([1.0] * len(changes), [1 + by for by in changes], effect, 0.016, least).finding


def test_five_percent_in_each_of_six_launches_is_slower() -> None:
    seen = read([1.0] * 6, [1 + by for by in CHANGES], 0.02, 0.016)

    assert seen.finding == "slower"
    assert seen.change.value == pytest.approx(0.050, abs=5e-4)
    assert 0.048 <= seen.change.low <= seen.change.value <= seen.change.high <= 0.052


def test_five_percent_less_is_faster() -> None:
    assert found(tuple(-by for by in CHANGES)) == "faster"


def test_what_changed_by_less_than_counts_is_the_same() -> None:
    assert found((0.001, -0.001, 0.002, -0.002, 0.0, 0.001)) == "same"
    assert found(tuple(by / 5 for by in CHANGES)) == "same"  # sure, and too small to count


def test_what_may_be_slower_and_may_not_is_open() -> None:
    assert found((0.10, -0.08, 0.09, -0.07, 0.08, 0.11)) == "open"


def test_one_launch_of_six_against_it_is_too_many_for_the_first_look() -> None:
    changes = (*CHANGES[:5], -0.0001)

    assert found(changes) == "open"  # p is 2/64, the first look asks for 1/64
    assert read([1.0] * 6, [1 + by for by in changes], 0.02, 2 / 64).finding == "slower"


def test_an_effect_is_what_a_change_has_to_be_above() -> None:
    assert found((0.5,) * 6, effect=0.49) == "slower"
    assert found((0.5,) * 6, effect=0.51) == "same"


def test_a_change_has_to_be_above_the_least_in_its_own_unit_too() -> None:
    assert found((0.5,) * 6, least=0.49) == "slower"
    assert found((0.5,) * 6, least=0.51) == "same"
    assert found((-0.5,) * 6, least=0.49) == "faster"
    assert found((-0.5,) * 6, least=0.51) == "same"


def test_what_needed_nothing_before_and_much_now_is_slower() -> None:
    seen = read([0.0] * 6, [1e8] * 6, 0.05, 0.016, least=256 * 1024)

    assert seen.finding == "slower"
    assert read([0.0] * 6, [1000.0] * 6, 0.05, 0.016, least=256 * 1024).finding == "same"
    assert read([1e8] * 6, [0.0] * 6, 0.05, 0.016, least=256 * 1024).finding == "faster"


def test_nothing_on_both_sides_is_the_same() -> None:
    assert read([0.0] * 6, [0.0] * 6, 0.05, 0.016).finding == "same"


def test_five_launches_are_refused_and_so_are_sides_of_unlike_length() -> None:
    with pytest.raises(ValueError, match="5 launches; expected six or more"):
        read([1.0] * 5, [1.0] * 5, 0.02, 0.05)
    with pytest.raises(ValueError, match="shorter"):
        read([1.0] * 6, [1.0] * 5, 0.02, 0.05)


@given(
    st.lists(st.tuples(st.floats(1e-4, 1e-2), st.floats(1e-4, 1e-2)), min_size=6, max_size=16),
    st.sampled_from(LOOKS),
)
def test_a_finding_agrees_with_its_own_estimate(
    pairs: list[tuple[float, float]], look: Look
) -> None:
    seen = read([b for b, _ in pairs], [h for _, h in pairs], 0.02, look.alpha)

    assert seen.finding != "slower" or seen.change.value > 0.02
    assert seen.finding != "faster" or seen.change.value < -0.02
    assert seen.finding != "same" or seen.change.high <= 0.02
    assert seen.finding != "open" or seen.change.high > 0.02


def test_the_looks_are_those_that_were_measured() -> None:
    assert [look.launches for look in LOOKS] == [6, 10, 16, 24]
    assert [look.alpha for look in LOOKS] == [0.016, 0.02, 0.025, 0.03]
    assert (CONFIRM.launches, CONFIRM.alpha) == (10, 0.05)


def test_every_look_can_find_something() -> None:
    for look in (*LOOKS, CONFIRM):
        assert 0.5**look.launches <= look.alpha


@pytest.mark.parametrize("launches", [0, 5])
def test_a_look_at_fewer_than_six_is_refused(launches: int) -> None:
    with pytest.raises(ValueError, match=f"launches is {launches}; expected six or more"):
        Look(launches, 0.05)


@pytest.mark.parametrize("alpha", [0.0, 0.5, -1.0, math.nan])
def test_an_alpha_that_is_none_is_refused(alpha: float) -> None:
    with pytest.raises(ValueError, match=r"alpha is .*; expected between 0 and 0.5"):
        Look(6, alpha)


def test_the_fastest_quarter_is_the_mean_of_the_fastest_calls() -> None:
    assert fastest_quarter([8.0, 1.0, 7.0, 3.0, 6.0, 5.0, 4.0, 9.0]) == 2.0
    assert fastest_quarter([3.0, 2.0, 4.0]) == 2.0  # one at least
    assert fastest_quarter([float(value) for value in range(24)]) == 2.5


def test_the_slowest_three_quarters_say_nothing() -> None:
    calls = [float(value) for value in range(1, 25)]

    assert fastest_quarter([v if v <= 6 else v * 100 for v in calls]) == fastest_quarter(calls)


def test_one_wild_launch_does_not_widen_the_spread() -> None:
    assert spread([1.0, 2.0, 3.0, 4.0, 1000.0]) == pytest.approx(1.4826)
    normal = [statistics.NormalDist(0, 2).inv_cdf((n + 0.5) / 1000) for n in range(1000)]
    assert spread(normal) == pytest.approx(2.0, rel=0.01)
