"""From exact values, and from a trial, to a verdict."""

from dataclasses import replace
from typing import Any

import pytest

from asrbench.gate import outcomes
from asrbench.gate.metrics import METRICS, Metric
from asrbench.gate.outcomes import known, of_exact, of_trial
from asrbench.gate.policy import Policy, Rule, Terms
from asrbench.gate.trial import Trial
from asrbench.gate.verdict import Trust, Verdict
from suites.unit.gate.sampled import steady

TIME = METRICS["time"]
TERMS = Terms(TIME.effect, TIME.least)


def exact(base: float, head: float, name: str = "my.figure", **rule: Any) -> Verdict:
    found = of_exact("a", name, {"base": base, "head": head}, Policy((Rule(**rule),)))
    assert found is not None
    return found


def tried(*changes: float, terms: Terms = TERMS) -> Trial:
    trial = Trial(terms.effect, terms.least)
    for launch in steady(changes):
        trial.add(launch)
    return trial


@pytest.mark.parametrize(
    ("base", "head", "outcome", "change"),
    [
        (100.0, 100.0, "pass", 0.0),
        (100.0, 101.0, "regression", 0.01),  # of a project's own figure any change counts
        (100.0, 99.0, "improvement", -0.01),
        (-2.0, -1.0, "regression", 0.5),
        (-1.0, -2.0, "improvement", -1.0),
        (0.0, 0.0, "pass", 0.0),
        (0.0, 3.0, "regression", 1.0),
        (0.0, -3.0, "improvement", -1.0),
        (3.0, 0.0, "improvement", -1.0),
    ],
)
def test_what_is_exact_and_more_is_a_regression(
    base: float, head: float, outcome: str, change: float
) -> None:
    found = exact(base, head)

    assert (found.outcome, found.base, found.head) == (outcome, base, head)
    assert (found.change.value, found.change.low, found.change.high) == (change, change, change)


def test_where_higher_is_better_less_is_a_regression(monkeypatch: pytest.MonkeyPatch) -> None:
    higher = Metric("accuracy", "", 0.05, exact=True, better="higher")
    monkeypatch.setattr(outcomes, "known", lambda name: higher)

    ends = [exact(100.0, head).outcome for head in (90.0, 96.0, 104.0, 110.0)]
    assert ends == ["regression", "pass", "pass", "improvement"]
    assert exact(100.0, 90.0).change.value == -0.1  # as it changed, not as it is judged


def test_an_exact_change_has_to_be_above_effect_and_least() -> None:
    instructions = METRICS["instructions"]
    assert (instructions.effect, instructions.least) == (0.005, 1000)

    for base, head, outcome in (
        (1e6, 1_004_900, "pass"),
        (1e6, 1_005_100, "regression"),
        (1e5, 100_900, "pass"),  # 0.9 %, and fewer than 1000
        (1e5, 101_100, "regression"),
        (1e6, 994_900, "improvement"),
    ):
        assert exact(base, head, "instructions").outcome == outcome
    assert exact(0.0, 900.0, "instructions").outcome == "pass"
    assert exact(0.0, 1100.0, "instructions").outcome == "regression"


def test_the_policys_effect_and_least_hold_for_what_is_exact() -> None:
    assert exact(100.0, 130.0, effect=0.25).outcome == "regression"
    assert exact(100.0, 130.0, effect=0.35).outcome == "pass"
    assert exact(100.0, 130.0, least=31.0).outcome == "pass"
    assert exact(100.0, 130.0, effect=0.35).effect == 0.35
    assert exact(100.0, 100.0, required=True).required


def test_what_is_ignored_has_no_verdict() -> None:
    policy = Policy((Rule(metric="wer", ignore=True),))

    assert of_exact("a", "wer", {"base": 0.0, "head": 1.0}, policy) is None
    assert of_exact("a", "wheel_size", {"base": 1.0, "head": 1.0}, policy) is not None


def test_a_budget_holds_whatever_the_base_took() -> None:
    over = exact(100.0, 100.0, budget=99.0)

    assert (over.outcome, over.reason) == ("regression", "the budget is 99, and it took 100")
    assert exact(200.0, 100.0, budget=99.0).outcome == "regression"  # better, and not enough
    assert exact(100.0, 100.0, budget=100.0).outcome == "pass"
    assert exact(90.0, 100.0, budget=1e6).outcome == "regression"  # within it, and worse


def test_an_own_figure_is_exact_and_lower_is_better() -> None:
    assert known("wer") is METRICS["wer"]
    assert known("my.figure") == Metric("my.figure", "", 0.0, exact=True)


def test_a_trials_verdict_tells_what_it_rests_on() -> None:
    trial = tried(*[0.05] * 16)
    trust = Trust(0.0, 0.03, 500, 200)
    found = of_trial("a", TIME, trial, replace(TERMS, required=True), trust)

    assert (found.case, found.metric, found.unit) == ("a", "time", "s")
    assert (found.outcome, found.reason) == ("regression", trial.reason)
    assert (found.base, found.head) == (1.0, 1.05)
    assert found.change.value == pytest.approx(0.05)
    assert (found.launches, found.confirmed, found.effect) == (6, 10, 0.02)
    assert (found.trust, found.required) == (trust, True)


def test_values_are_medians_over_all_launches() -> None:
    found = of_trial("a", TIME, tried(-0.9, 0.0, 0.0, 0.0, 0.0, 0.9), TERMS)

    assert (found.base, found.head) == (1.0, 1.0)


@pytest.mark.parametrize("count", [1, 5, 6, 15])
def test_a_trial_that_was_cut_short_is_inconclusive(count: int) -> None:
    found = of_trial("a", TIME, tried(*[0.05] * count), TERMS)

    assert (found.outcome, found.reason) == (
        "inconclusive",
        f"only {count} launches came out",
    )
    assert found.launches + found.confirmed == count


@pytest.mark.parametrize(
    ("head", "outcome"), [([0.1] * 6, "regression"), ([-0.1] * 6, "pass"), ([-0.1, 0.1] * 3, None)]
)
def test_a_sampled_budget_is_over_under_or_between(head: list[float], outcome: str | None) -> None:
    terms = Terms(0.5, 0.0, budget=1.0)
    found = of_trial("a", TIME, tried(*head, terms=terms), terms)

    assert found.outcome == (outcome or "inconclusive")
    assert outcome == "pass" or "the budget is 1 s" in found.reason


def test_one_wild_launch_is_not_over_a_budget() -> None:
    terms = Terms(0.5, 0.0, budget=1.2)
    trial = tried(*[0.0] * 5, 0.9, terms=terms)

    assert of_trial("a", TIME, trial, terms).outcome != "regression"


def test_a_regression_within_its_budget_is_one_still() -> None:
    terms = Terms(0.02, 0.0, budget=100.0)
    found = of_trial("a", TIME, tried(*[0.05] * 16, terms=terms), terms)

    assert (found.outcome, "budget" in found.reason) == ("regression", False)


def test_an_improvement_over_its_budget_is_a_regression() -> None:
    terms = Terms(0.02, 0.0, budget=0.4)

    assert of_trial("a", TIME, tried(*[-0.5] * 6, terms=terms), terms).outcome == "regression"


def test_a_trial_that_was_cut_short_is_no_regression_by_its_budget() -> None:
    terms = Terms(0.02, 0.0, budget=0.5)

    assert of_trial("a", TIME, tried(0.0, terms=terms), terms).outcome == "inconclusive"
