"""From a trial, or from exact values, to a verdict."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence

from asrbench.gate.metrics import Metric, metric
from asrbench.gate.policy import Policy, Terms
from asrbench.gate.sides import Name
from asrbench.gate.trial import Trial
from asrbench.gate.values import AUDIO
from asrbench.gate.verdict import Launch, Outcome, Trust, Verdict
from asrbench.measure.statistics import Estimate, median_interval

_UNCHANGED = Estimate(0.0, 0.0, 0.0)


def of_trial(
    case: str,
    about: Metric,
    trial: Trial,
    terms: Terms,
    trust: Trust | None = None,
    amount: tuple[float, str] | None = None,
) -> Verdict:
    """Return the verdict on what was sampled. A trial that was cut short is inconclusive.

    `amount` is the work of a call, and its unit: a time with one of audio is told as an RTF, too.
    """
    heard = about.name == "time" and amount is not None and amount[1] == AUDIO and amount[0] > 0
    launches: Sequence[Launch] = (*trial.launches, *trial.fresh)
    outcome: Outcome = trial.outcome or "inconclusive"
    reason = trial.reason or f"only {len(launches)} launches came out"
    try:
        change = trial.said().change
    except ValueError:
        change = _UNCHANGED
    heads = [one.head for one in launches]
    if trial.outcome is not None:
        outcome, reason = _within(heads, terms.budget, about.unit, outcome, reason)
    return Verdict(
        case,
        about.name,
        about.unit,
        outcome,
        statistics.median(one.base for one in launches),
        statistics.median(heads),
        change,
        terms.effect,
        reason,
        len(trial.launches),
        len(trial.fresh),
        trust,
        terms.required,
        amount[0] if heard and amount is not None else None,
    )


def of_exact(case: str, name: str, by_side: Mapping[Name, float], policy: Policy) -> Verdict | None:
    """Return the verdict on what is exact; None where the policy ignores it."""
    about = known(name)
    terms = policy.terms(case, about)
    if terms.ignore:
        return None
    base, head = by_side["base"], by_side["head"]
    sign = 1.0 if about.better == "lower" else -1.0
    relative = (head - base) / abs(base) if base else math.copysign(float(head != base), head)
    worse, absolute = sign * relative, sign * (head - base)
    outcome: Outcome = "pass"
    reason = "the same" if base == head else "it changed by no more than what counts"
    if worse > terms.effect and absolute > terms.least:
        outcome, reason = "regression", "it is exact, and it changed by more than what counts"
    elif -worse > terms.effect and -absolute > terms.least:
        outcome, reason = "improvement", "it is exact, and it is better by more than what counts"
    outcome, reason = _within([head], terms.budget, about.unit, outcome, reason)
    change = Estimate(relative, relative, relative)
    return Verdict(
        case, name, about.unit, outcome, base, head, change, terms.effect, reason,
        required=terms.required,
    )  # fmt: skip


def known(name: str) -> Metric:
    """Return a metric; a project's own figure is exact, lower is better, and any change counts."""
    try:
        return metric(name)
    except KeyError:
        return Metric(name, "", 0.0, exact=True)


def _within(
    heads: Sequence[float], budget: float | None, unit: str, outcome: Outcome, reason: str
) -> tuple[Outcome, str]:
    """Return the outcome when there is a budget, which holds whatever the base took."""
    if budget is None or outcome == "regression":
        return outcome, reason
    middle = median_interval(heads, 0.90) if len(heads) > 1 else None
    low, high = (middle.low, middle.high) if middle else (min(heads), max(heads))
    said = f"the budget is {budget:g} {unit}".rstrip()
    if low > budget:
        return "regression", f"{said}, and it took {statistics.median(heads):g}"
    if high > budget and outcome != "inconclusive":
        return "inconclusive", f"{said}, and it took {low:g} to {high:g}"
    return outcome, reason
