"""A Tally is a comparison still going on: whatever is in it when the work ends is the Run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from asrbench.measure import environment, start
from asrbench.measure.interleave import Turn
from asrbench.measure.run import CaseResult, Failure, Item, Run
from asrbench.measure.samples import Samples
from asrbench.workload import Amount, Case, Score, Workload

SCENARIO = "interleaved"

ALL = "all"  # the group of all items, where they are of more than one


@dataclass(frozen=True, slots=True)
class Contender:
    """One engine with a number of threads; its name, "native@2", is what a Run calls it."""

    engine: str
    threads: int

    @property
    def name(self) -> str:
        """The engine's name and its threads."""
        return f"{self.engine}@{self.threads}"


@dataclass(slots=True)
class Tally:
    """What is known of a comparison so far.

    `cases` and `outputs` are by contender's name; `starts` has what its fresh processes brought.
    Invariants: `cases` holds each contender's, in the contenders' order, over the same items.
    """

    workload: Workload[Any, Any, Any]
    contenders: tuple[Contender, ...]
    corpus: Any
    cases: Mapping[str, Sequence[Case[Any]]]
    settings: Mapping[str, Any]
    partial: bool = True
    failures: list[Failure] = field(default_factory=list)
    starts: dict[str, tuple[Samples, ...]] = field(default_factory=dict)
    outputs: dict[str, dict[str, Any]] = field(init=False)
    turns: list[Turn[Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Refuse cases of other contenders than those that are announced."""
        names = [contender.name for contender in self.contenders]
        if list(self.cases) != names:
            raise ValueError(f"cases are of {list(self.cases)}; expected {names}")
        self.outputs = {name: {} for name in names}

    def start_name(self, contender: Contender) -> str:
        """Return the name of the case that fresh processes are: "speech/native/start@2"."""
        return f"{self.workload.name}/{contender.engine}/start@{contender.threads}"

    def case_name(self, contender: str) -> str:
        """Return the name of the case that is timed in turns: "speech/native/transcribe@2"."""
        return f"{self.cases[contender][0].name}@{contender.rpartition('@')[2]}"

    def run(self) -> Run:
        """Return what is known as a Run; nothing in it changes afterwards."""
        scores = {n: self.workload.score(self.corpus, self.outputs[n]) for n in self.cases}
        items = self.cases[self.contenders[0].name]
        groups = sorted({case.group for case in items})
        groups += [ALL] if len(groups) > 1 else []
        results = [self._start(contender) for contender in self.contenders]
        results += [self._result(c, groups, scores[c.name]) for c in self.contenders]
        return Run(
            partial=self.partial,
            environment=environment.describe(
                max(contender.threads for contender in self.contenders), self.workload.build()
            ),
            items=tuple(_item(case, scores) for case in items),
            errors=tuple(self.failures),
            cases=tuple(result for result in results if result is not None),
            settings=self.settings,
            other={"contrasts": [c for group in groups for c in self._contrasts(group)]},
        )

    def _contrasts(self, group: str) -> list[dict[str, Any]]:
        """Return how the first engine's outputs differ from each other's at the same threads."""
        made = []
        for threads, some in groupby(self.contenders, key=lambda contender: contender.threads):
            first, *others = some
            for other in others:
                found = self.workload.contrast(
                    self.corpus, self._outputs(first.name, group), self._outputs(other.name, group)
                )
                if found is not None:
                    made.append(
                        {
                            "group": group,
                            "threads": threads,
                            "first": first.engine,
                            "second": other.engine,
                            "metric": found.metric,
                            "unit": found.unit,
                            "difference": found.difference,
                            "low": found.low,
                            "high": found.high,
                            "lines": list(found.lines),
                        }
                    )
        return made

    def _outputs(self, contender: str, group: str) -> dict[str, Any]:
        """Return a contender's outputs for the items of one group, or of all."""
        ids = {case.item for case in self.cases[contender] if group in (case.group, ALL)}
        return {item: output for item, output in self.outputs[contender].items() if item in ids}

    def _start(self, contender: Contender) -> CaseResult | None:
        """Return what a contender's fresh processes brought; None where they brought nothing."""
        samples = self.starts.get(contender.name)
        if not samples:
            return None
        amounts = [case.amount for case in self.cases[contender.name]]
        lengths = sorted(amount.value for amount in amounts)
        work = Amount(lengths[len(lengths) // 2] + lengths[-1], amounts[0].unit)
        name = self.start_name(contender)
        return self._case(contender, name, start.SCENARIO, work, samples)

    def _result(self, contender: Contender, groups: Sequence[str], score: Score) -> CaseResult:
        """Return a contender's times of every turn, and its score in all and by group."""
        turns = [turn for turn in self.turns if turn.contender == contender.name]
        samples = []
        if turns:
            latency = Samples(
                "latency",
                "s",
                "lower",
                tuple(turn.took_s for turn in turns),
                item=tuple(turn.piece for turn in turns),
                block=tuple(turn.round for turn in turns),
                at_s=tuple(turn.began_s for turn in turns),
            )
            samples.append(latency)
        whole = [(score.metric, score)]
        for group in groups:
            part = self.workload.score(self.corpus, self._outputs(contender.name, group))
            whole.append((f"{part.metric}/{group}", part))
        for metric, part in whole:
            if part.value is not None:
                value = (part.value,)
                samples.append(Samples(metric, part.unit, part.better, value, counts=part.counts))
        cases = self.cases[contender.name]
        amount = Amount(sum(case.amount.value for case in cases), cases[0].amount.unit)
        name = self.case_name(contender.name)
        return self._case(contender, name, SCENARIO, amount, tuple(samples))

    def _case(
        self,
        contender: Contender,
        name: str,
        scenario: str,
        amount: Amount,
        samples: tuple[Samples, ...],
    ) -> CaseResult:
        return CaseResult(
            name,
            self.workload.name,
            contender.engine,
            scenario,
            amount,
            None,
            samples,
            other={"threads": contender.threads},
        )


def _item(case: Case[Any], scores: Mapping[str, Score]) -> Item:
    """Return one item with what each contender made of it."""
    kept = {name: dict(score.items.get(case.item, {})) for name, score in scores.items()}
    reference = next((k["reference"] for k in kept.values() if "reference" in k), None)
    for each in kept.values():
        each.pop("reference", None)
    return Item(
        case.item,
        case.amount,
        {"group": case.group, "reference": reference, "engines": kept},
    )
