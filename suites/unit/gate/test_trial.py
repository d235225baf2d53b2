"""Every path of a trial, from its first launch to an outcome."""

from collections.abc import Sequence

import pytest

from asrbench.gate.rule import LOOKS
from asrbench.gate.trial import Trial, replayed
from asrbench.gate.verdict import Launch
from suites.unit.gate.sampled import steady

SLOWER = (0.049, 0.050, 0.051, 0.052, 0.048)
UNSURE = (0.50, -0.33, 0.45, -0.31, 0.40, -0.28)  # wide apart round nothing


def fed(*changes: Sequence[float], effect: float = 0.02, least: float = 0.0) -> Trial:
    """A trial that was given these changes, one launch each."""
    trial = Trial(effect, least)
    for launch in steady([by for some in changes for by in some]):
        trial.add(launch)
    return trial


def many(changes: Sequence[float], count: int) -> list[float]:
    return [changes[n % len(changes)] for n in range(count)]


def test_nothing_is_said_before_the_first_look() -> None:
    trial = Trial(0.02)
    needs = [trial.needs]
    for launch in steady(many(SLOWER, 5)):
        trial.add(launch)
        needs.append(trial.needs)

    assert needs == [6, 5, 4, 3, 2, 1]
    assert (trial.outcome, trial.suspect) == (None, None)


def test_what_is_the_same_passes_at_the_first_look() -> None:
    trial = fed([0.0] * 6)

    assert (trial.outcome, trial.needs, len(trial.launches)) == ("pass", 0, 6)
    assert "ends below what counts" in trial.reason


def test_what_is_faster_is_an_improvement_at_the_first_look() -> None:
    trial = fed([-by for by in many(SLOWER, 6)])

    assert (trial.outcome, trial.needs) == ("improvement", 0)
    assert trial.said().change.value == pytest.approx(-0.05, abs=2e-3)


def test_what_is_slower_is_only_suspect_until_fresh_launches_confirm_it() -> None:
    trial = fed(many(SLOWER, 6))
    assert (trial.outcome, trial.needs) == (None, 10)
    for launch in steady(many(SLOWER, 9)):
        trial.add(launch)
    assert (trial.outcome, trial.needs) == (None, 1)
    trial.add(Launch(99, 1.0, 1.05))

    assert trial.outcome == "regression"
    assert (len(trial.launches), len(trial.fresh), trial.needs) == (6, 10, 0)
    assert "6 launches said +5.0%" in trial.reason
    assert "10 fresh ones say +5.0%" in trial.reason


def test_a_regression_rests_on_the_fresh_launches_alone() -> None:
    trial = fed([0.30] * 6, many(SLOWER, 10))

    assert trial.outcome == "regression"
    assert trial.said().change.high < 0.06


@pytest.mark.parametrize("fresh", [[0.0] * 10, [-0.05] * 10])
def test_what_fresh_launches_refute_passes(fresh: list[float]) -> None:
    trial = fed(many(SLOWER, 6), fresh)

    assert trial.outcome == "pass"
    assert "6 launches said +5.0%, but 10 fresh ones say" in trial.reason


def test_what_fresh_launches_leave_open_is_inconclusive() -> None:
    trial = fed(many(SLOWER, 6), many(UNSURE, 10))

    assert trial.outcome == "inconclusive"
    assert "neither confirms nor refutes" in trial.reason


def test_a_verdict_that_is_no_regression_rests_on_all_launches() -> None:
    trial = fed(many(SLOWER, 6), [0.0] * 10)

    assert trial.said() == trial.read([*trial.launches, *trial.fresh], LOOKS[-1].alpha)


def test_what_stays_open_is_looked_at_four_times_and_then_inconclusive() -> None:
    trial = Trial(0.02)
    needs = []
    for launch in steady(many(UNSURE, 24)):
        needs.append(trial.needs)
        trial.add(launch)

    assert needs == [*range(6, 0, -1), *range(4, 0, -1), *range(6, 0, -1), *range(8, 0, -1)]
    assert (trial.outcome, trial.needs) == ("inconclusive", 0)
    assert "too noisy" in trial.reason
    assert "after 24 launches" in trial.reason


@pytest.mark.parametrize(("open_", "last"), [(6, 10), (10, 16), (16, 24)])
def test_what_is_open_at_one_look_may_be_the_same_at_the_next(open_: int, last: int) -> None:
    trial = fed(many(UNSURE, open_), [-0.5] * (last - open_))

    assert (trial.outcome in ("pass", "improvement"), len(trial.launches)) == (True, last)


@pytest.mark.parametrize(("open_", "last"), [(6, 10), (10, 16), (16, 24)])
def test_what_is_open_at_one_look_may_be_suspect_at_the_next(open_: int, last: int) -> None:
    unsure = [by if by > 0 else by / 2 for by in many(UNSURE, open_)]
    trial = fed(unsure, [0.9] * (last - open_))

    assert trial.suspect is not None
    assert (len(trial.launches), trial.needs) == (last, 10)


def test_what_comes_after_the_end_changes_nothing() -> None:
    trial = fed([0.0] * 6)
    before = (trial.outcome, trial.reason, list(trial.launches), list(trial.fresh))
    for launch in steady([9.0] * 30):
        trial.add(launch)

    assert (trial.outcome, trial.reason, trial.launches, trial.fresh) == before


def test_a_trial_that_is_cut_short_has_no_outcome() -> None:
    assert fed([0.05] * 5).outcome is None
    assert fed([0.05] * 6, [0.05] * 9).outcome is None
    with pytest.raises(ValueError, match="5 launches; expected six or more"):
        fed([0.05] * 5).said()


def test_the_least_holds_for_looks_and_confirmation() -> None:
    assert fed([0.05] * 16, least=0.04).outcome == "regression"
    assert fed([0.05] * 16, least=0.06).outcome == "pass"
    assert fed([0.05] * 6, [0.03] * 10, least=0.04).outcome == "pass"


def test_replaying_draws_as_many_launches_as_it_needs() -> None:
    drawn = iter(steady([0.05] * 100))

    assert replayed(Trial(0.02), lambda: next(drawn)).outcome == "regression"
    assert next(drawn).number == 16
