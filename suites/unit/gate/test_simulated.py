"""How often the rule is wrong, on simulated launches of known noise: seeded, so always the same."""

import pytest

from asrbench.gate.replay import Shares, case
from suites.unit.gate.sampled import noisy

RUNS = 300


def shares(spread: float, slower: float = 0.0) -> Shares:
    """Runs on launches whose change is normal with this standard deviation, effect 2 %."""
    return case(noisy(20_000, spread, seed=11), 0.02, 0.0, RUNS, slower, seed=12)


def test_a_quiet_case_where_nothing_changed_hardly_ever_alarms() -> None:
    found = shares(0.009)

    assert found.of("regression") <= 0.01
    assert found.of("inconclusive") <= 0.02
    assert found.of("pass") >= 0.97


def test_five_percent_on_a_quiet_case_is_found() -> None:
    assert shares(0.009, 0.05).of("regression") >= 0.95


def test_three_percent_on_a_quiet_case_is_mostly_found() -> None:
    assert shares(0.009, 0.03).of("regression") >= 0.80


@pytest.mark.parametrize("spread", [0.03, 0.05])
def test_a_noisy_case_where_nothing_changed_rarely_alarms(spread: float) -> None:
    assert shares(spread).of("regression") <= 0.05


def test_a_noisy_case_where_nothing_changed_is_often_inconclusive() -> None:
    found = shares(0.05)

    # a third: 24 launches hold the interval to 1.7 % either way, so that most still pass
    assert 0.25 <= found.of("inconclusive") <= 0.50


def test_five_percent_on_a_noisy_case_is_hardly_ever_passed() -> None:
    found = shares(0.05, 0.05)

    assert found.of("pass") <= 0.02
    assert found.of("regression") >= 0.70
