"""Replayed gate runs: sure things are surely found, and chance is what the seed says."""

import pytest

from asrbench.gate import replay
from asrbench.gate.verdict import Launch
from suites.unit.gate.sampled import noisy, steady

KEYS = [("a", "time"), ("b", "time"), ("c", "time")]
TERMS = dict.fromkeys(KEYS, (0.02, 0.0))


def test_where_nothing_changed_nothing_is_found() -> None:
    shares = replay.case(steady([0.0] * 20), 0.02, 0.0, 50)

    assert (shares.of("pass"), shares.of("regression"), shares.runs) == (1.0, 0.0, 50)


def test_what_is_much_slower_is_always_found() -> None:
    shares = replay.case(noisy(40, 0.009), 0.02, 0.0, 50, slower=1.0)

    assert shares.of("regression") == 1.0


def test_slower_is_put_on_the_head() -> None:
    assert replay.case(steady([0.0] * 20), 0.02, 0.0, 10, slower=-0.5).of("improvement") == 1.0


def test_effect_and_least_hold() -> None:
    launches = steady([0.0] * 20)

    assert replay.case(launches, 0.20, 0.0, 10, slower=0.1).of("pass") == 1.0
    assert replay.case(launches, 0.02, 0.2, 10, slower=0.1).of("pass") == 1.0
    assert replay.case(launches, 0.02, 0.05, 10, slower=0.1).of("regression") == 1.0


def test_the_same_seed_gives_the_same_shares_and_another_gives_others() -> None:
    launches = noisy(40, 0.04)
    first = [replay.case(launches, 0.02, 0.0, 60, seed=seed) for seed in range(4)]

    assert [replay.case(launches, 0.02, 0.0, 60, seed=seed) for seed in range(4)] == first
    assert any(other != first[0] for other in first)


def test_shares_are_of_all_runs() -> None:
    shares = replay.case(noisy(40, 0.05), 0.02, 0.0, 80)

    assert sum(shares.outcomes.values()) == pytest.approx(1.0)
    assert len(shares.outcomes) > 1


def test_no_launches_are_refused() -> None:
    with pytest.raises(ValueError, match="no launches; expected some"):
        replay.case([], 0.02, 0.0, 10)
    with pytest.raises(ValueError, match="no launches; expected some"):
        replay.suite({}, {}, 10)
    with pytest.raises(ValueError, match="no launches; expected some"):
        replay.suite({KEYS[0]: steady([0.0] * 20), KEYS[1]: []}, TERMS, 10)


def test_a_suite_where_nothing_changed_never_alarms() -> None:
    whole, single = replay.suite(dict.fromkeys(KEYS, steady([0.0] * 20)), TERMS, 30)

    assert whole.of("pass") == 1.0
    assert [single[key].of("pass") for key in KEYS] == [1.0] * 3


def test_one_case_that_is_slower_alarms_the_suite_and_itself_alone() -> None:
    recorded = {key: steady([1.0 if key[0] == "b" else 0.0] * 20) for key in KEYS}
    whole, single = replay.suite(recorded, TERMS, 30)

    assert whole.of("regression") == 1.0
    assert [single[key].of("regression") for key in KEYS] == [0.0, 1.0, 0.0]


def test_a_suite_is_inconclusive_where_a_case_is_and_none_is_slower() -> None:
    open_ = steady([0.5, -0.4] * 10)
    whole, single = replay.suite({KEYS[0]: open_, KEYS[1]: steady([-0.5] * 20)}, TERMS, 40)

    assert single[KEYS[1]].of("improvement") == 1.0
    assert whole.of("inconclusive") == single[KEYS[0]].of("inconclusive") > 0.1


def test_the_same_seed_gives_the_same_suite() -> None:
    recorded = {key: noisy(40, 0.04, seed=n) for n, key in enumerate(KEYS)}

    first = replay.suite(recorded, TERMS, 40, seed=3)
    assert replay.suite(recorded, TERMS, 40, seed=3) == first
    assert any(replay.suite(recorded, TERMS, 40, seed=seed) != first for seed in (4, 5, 6))


def test_cases_of_a_run_see_the_same_launches() -> None:
    launches = noisy(60, 0.05)
    whole, single = replay.suite(dict.fromkeys(KEYS, launches), TERMS, 60)

    # drawn jointly, cases that are alike end alike; drawn one by one, the suite would be worse
    assert single[KEYS[0]] == single[KEYS[1]] == single[KEYS[2]] == whole


def test_launches_are_paired_by_number_and_not_by_place() -> None:
    launches = noisy(60, 0.05)
    whole, single = replay.suite({KEYS[0]: launches, KEYS[1]: launches[::-1]}, TERMS, 60)

    assert single[KEYS[0]] == single[KEYS[1]] == whole


def test_a_case_that_missed_some_launches_waits_for_those_it_has() -> None:
    fewer = [Launch(number, 1.0, 2.0) for number in (3, 17)]
    _, single = replay.suite({KEYS[0]: steady([0.0] * 20), KEYS[1]: fewer}, TERMS, 10)

    assert single[KEYS[1]].of("regression") == 1.0
