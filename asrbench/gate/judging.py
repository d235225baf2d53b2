"""Two places are being judged: launch after launch until every trial has its outcome."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from asrbench.errors import WorkerError
from asrbench.gate.calibration import Calibration
from asrbench.gate.launched import SIDES, Asked, Launched, Pace, Taken
from asrbench.gate.launches import launch
from asrbench.gate.metrics import PROJECT, metric
from asrbench.gate.project import Project
from asrbench.gate.rule import LOOKS
from asrbench.gate.sides import Name, Place, Process
from asrbench.gate.trial import Trial
from asrbench.gate.values import alone, sampled
from asrbench.gate.verdict import Unmeasured
from asrbench.measure.bounds import Bounds
from asrbench.measure.watch import Watch

_ONE_SIDED: Sequence[tuple[Name, Name, str]] = (("head", "base", "new"), ("base", "head", "gone"))
_MOST = LOOKS[-1].launches + 10  # launches that any trial may need


@dataclass(frozen=True, slots=True)
class Choices:
    """How to judge, beyond what the project says.

    `only` are patterns of cases to judge, all where empty; `seed` orders the turns; `spin` makes
    the head slower by that share, to try the gate out; `bounds` are those of a side's every answer;
    `counted` says whether instructions are counted where the project asks for it.
    """

    only: tuple[str, ...] = ()
    seed: int = 0
    spin: float = 0.0
    bounds: Bounds = field(default_factory=lambda: Bounds(300.0))
    counted: bool = True

    def wants(self, case: str) -> bool:
        """Whether a case is to be judged."""
        return not self.only or any(fnmatchcase(case, pattern) for pattern in self.only)


def listed(place: Place, bounds: Bounds) -> list[str]:
    """Return the names of the cases at a place. Raises WorkerError where they cannot be listed."""
    with Process(place, bounds) as process:
        answer = process.ask("names")
    if "raised" in answer:
        raise WorkerError("raised", answer["raised"])
    return list(answer["names"])


@dataclass(slots=True)
class Judging:
    """What is known so far; `record` keeps every launch."""

    project: Project
    places: Mapping[Name, Place]
    calibration: Calibration
    choices: Choices
    trials: dict[tuple[str, str], Trial] = field(default_factory=dict)
    paces: dict[str, Pace] = field(default_factory=dict)
    record: list[Launched] = field(default_factory=list)
    unmeasured: list[Unmeasured] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    wrong: dict[str, dict[Name, str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    amounts: dict[str, tuple[float, str] | None] = field(default_factory=dict)

    def cases(self) -> list[str]:
        """Return the cases to judge, those that both sides have; the others are told of."""
        names: dict[Name, list[str]] = {}
        for side in SIDES:
            try:
                found = listed(self.places[side], self.choices.bounds)
            except WorkerError as error:
                self.unmeasured.append(Unmeasured(None, side, "raised", str(error)))
                return []
            names[side] = [name for name in found if self.choices.wants(name)]
        for name in names["head"]:
            if name not in names["base"]:
                self.notes.append(f"{name} is new: there is no base to judge it against")
        for name in names["base"]:
            if name not in names["head"]:
                message = "only the base has it; say ignore in the policy where that is meant"
                if self._judged(name, "time"):
                    self.unmeasured.append(Unmeasured(name, "head", "removed", message))
        both = [name for name in names["head"] if name in names["base"]]
        if not both and not self.unmeasured:
            message = "there is no case to judge; expected one that both sides have"
            self.unmeasured.append(Unmeasured(None, "both", "refused", message))
        return both

    def launches(self, cases: Sequence[str], watch: Watch) -> None:
        """Launch until all trials have their outcomes."""
        chance = random.Random(self.choices.seed)  # noqa: S311  an order, not a secret
        left = list(cases)
        number = 0
        while left and number < _MOST + len(self.unmeasured):  # a death costs a launch
            done = sum(trial.needs == 0 for trial in self.trials.values())
            watch.at(max(number / _MOST, done / max(1, len(self.trials))), f"launch {number + 1}")
            asked = Asked(
                tuple(left),
                self.tails(left),
                check=not self.seen.issuperset(left),
                spin=self.choices.spin,
                bounds=self.choices.bounds,
            )
            launched = launch(self.places, asked, self.paces, number, chance)
            self.record.append(launched)
            self._take(launched)
            lost = {one.case for one in self.unmeasured}
            open_ = {case for (case, _), trial in self.trials.items() if trial.needs}
            if None in lost:
                break
            unseen = set(left) - self.seen
            left = [case for case in left if case not in lost and case in open_ | unseen]
            if not left and PROJECT in open_:
                left = [case for case in cases if case not in lost][:1]
            number += 1

    def tails(self, cases: Sequence[str]) -> frozenset[str]:
        """Return the cases whose 95th percentile is judged."""
        return frozenset(case for case in cases if self.project.has_tail(case))

    def _take(self, launched: Launched) -> None:
        """Give a launch's values to the trials that still need some."""
        self.unmeasured += launched.lost
        self.seen |= launched.cases.keys() | launched.wrong.keys()
        for case, sides in launched.wrong.items():
            self.wrong.setdefault(case, {}).update(sides)
        for case, taken in launched.cases.items():
            self.amounts[case] = taken.amount
            self._tell_stages(case, taken)
        for case, name, values in sampled(launched, self.tails(list(launched.cases))):
            if not self._judged(case, name):
                continue
            if (case, name) not in self.trials:
                terms = self.project.policy.terms(
                    case, metric(name), self.calibration.floor(case, name)
                )
                self.trials[case, name] = Trial(terms.effect, terms.least)
            self.trials[case, name].add(values)

    def _tell_stages(self, case: str, taken: Taken) -> None:
        """Tell of stages that one side alone has: there is nothing to judge them against."""
        for side, other, word in _ONE_SIDED:
            for stage in alone(taken, side, other):
                terms = self.project.policy.terms(case, metric(stage))
                said = f"{stage} is {word}: only the {side} spends time in it"
                if terms.required:
                    self.unmeasured.append(Unmeasured(case, other, "removed", said))
                elif not terms.ignore and (note := f"{case}: {said}") not in self.notes:
                    self.notes.append(note)

    def _judged(self, case: str, name: str) -> bool:
        return self.project.policy.judges(case, metric(name))
