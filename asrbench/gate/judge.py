"""Two places are judged: what is exact is read, launches are taken, and verdicts come of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from asrbench.gate import exact
from asrbench.gate.calibration import Calibration
from asrbench.gate.functions import difference
from asrbench.gate.judging import Choices, Judging
from asrbench.gate.launched import SIDES, Launched
from asrbench.gate.metrics import PROJECT, metric
from asrbench.gate.outcomes import of_exact, of_trial
from asrbench.gate.project import Project
from asrbench.gate.sides import Name, Place
from asrbench.gate.verdict import Gated, Launch, Unmeasured, Verdict
from asrbench.measure.statistics import Estimate
from asrbench.measure.watch import Watch

Functions = dict[str, Sequence[tuple[str, int, int]]]


def judge(
    project: Project,
    places: Mapping[Name, Place],
    calibration: Calibration,
    choices: Choices,
    watch: Watch,
    sizes: Mapping[str, Mapping[Name, float]] | None = None,
) -> tuple[Gated, Sequence[Launched]]:
    """Judge the head against the base; return the verdicts, and every launch they rest on.

    `sizes` are exact metrics of the project that are known already. Raises MeterError where
    instructions are asked for and cannot be counted.
    """
    judging = Judging(project, places, calibration, choices)
    watch.begin("cases")
    cases = judging.cases()
    verdicts: list[Verdict] = []
    functions: Functions = {}
    counts = exact.Counts()
    if cases:
        watch.begin("count")
        counts = counted(project, places, cases, choices)
        for name, by_side in (sizes or {}).items():
            counts.values[PROJECT, name] = dict(by_side)
        watch.begin("launches")
        judging.launches(cases, watch)
        verdicts, functions = _verdicts(judging, counts)
    launches: dict[tuple[str, str], Sequence[Launch]] = {
        key: (*trial.launches, *trial.fresh) for key, trial in judging.trials.items()
    }
    gated = Gated(
        tuple(verdicts),
        tuple(dict.fromkeys(judging.unmeasured)),
        tuple(judging.notes),
        launches,
        functions,
    )
    return gated, judging.record


def counted(
    project: Project, places: Mapping[Name, Place], cases: Sequence[str], choices: Choices
) -> exact.Counts:
    """Return everything that is exact, of the sides there are places for."""
    bounds = choices.bounds
    counts = exact.figures(places, bounds, PROJECT) if project.figures else exact.Counts()
    if project.allocations is not None:
        exact.merge(counts, exact.allocations(places, cases, bounds))
    some = [case for case in cases if project.is_counted(case)]
    if some and choices.counted:
        exact.merge(counts, exact.instructions(places, some, project.counted, bounds))
    return counts


def _verdicts(judging: Judging, counts: exact.Counts) -> tuple[list[Verdict], Functions]:
    """Return every verdict, and where instructions went for cases that changed."""
    lost = {one.case for one in judging.unmeasured}
    verdicts: list[Verdict] = []
    for (case, name), trial in judging.trials.items():
        if case in lost:
            continue
        terms = judging.project.policy.terms(
            case, metric(name), judging.calibration.floor(case, name)
        )
        trust = judging.calibration.trust(case, name)
        amount = judging.amounts.get(case)
        verdicts.append(of_trial(case, metric(name), trial, terms, trust, amount))
    for (case, name), by_side in counts.values.items():
        if len(by_side) < len(SIDES) or case in lost:
            continue
        verdict = of_exact(case, name, by_side, judging.project.policy)
        if verdict is not None:
            verdicts.append(verdict)
    for case, side, message in counts.lost:
        judging.unmeasured.append(Unmeasured(case, side, "raised", message))
    verdicts += _answers(judging)
    return verdicts, _spent(verdicts, counts)


def _spent(verdicts: Sequence[Verdict], counts: exact.Counts) -> Functions:
    """Return where instructions went for cases that changed, in time or in whatever else.

    A change too small to count says nothing of where a slowdown is.
    """
    changed = {one.case for one in verdicts if one.outcome in ("regression", "improvement")}
    functions: Functions = {}
    for case, sides in counts.functions.items():
        total = counts.values.get((case, "instructions"), {})
        if case not in changed or len(sides) < len(SIDES) or len(total) < len(SIDES):
            continue
        if abs(total["head"] - total["base"]) > metric("instructions").least:
            functions[case] = difference(sides["base"], sides["head"])
    return functions


def _answers(judging: Judging) -> list[Verdict]:
    """Return a regression for each answer that only the head has wrong; list those of both."""
    unchanged = Estimate(0.0, 0.0, 0.0)
    found = []
    for case, sides in judging.wrong.items():
        if set(sides) == {"head"}:
            reason = f"the head's answer is wrong: {sides['head']}"
            found.append(
                Verdict(case, "answer", "", "regression", 1.0, 0.0, unchanged, 0.0, reason)
            )
        elif "head" in sides:
            judging.unmeasured.append(Unmeasured(case, "both", "wrong", sides["head"]))
        else:
            judging.notes.append(f"{case}: only the base's answer is wrong: {sides['base']}")
    return found
