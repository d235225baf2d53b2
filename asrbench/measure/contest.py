"""A Contest says which two engines to compare; running it gives both the same items in turns."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asrbench.engine
from asrbench.engine import EngineOptions
from asrbench.errors import EngineError
from asrbench.measure import environment
from asrbench.measure.interleave import Clock, Turn, interleave
from asrbench.measure.run import CaseResult, Failure, Item, Run
from asrbench.measure.samples import Samples
from asrbench.measure.watch import Watch
from asrbench.workload import Amount, Case, Score, Workload

SCENARIO = "interleaved"


@dataclass(frozen=True, slots=True)
class Contest:
    """Which engines to compare, on what, and for how many rounds.

    A round gives every item once to each engine, in random order. Invariants: two engines that
    differ in name; one round or more.
    """

    workload: Workload[Any, Any, Any]
    engines: tuple[str, str]
    corpus: str
    options: EngineOptions = field(default_factory=EngineOptions)
    rounds: int = 20
    limit: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse a contest that cannot be held."""
        if self.engines[0] == self.engines[1]:
            raise ValueError(f"engines are {self.engines}; expected two different names")
        if self.rounds < 1:
            raise ValueError(f"rounds is {self.rounds}; expected one or more")


@dataclass(slots=True)
class _Draft:
    """A comparison that is still going on: whatever is in it when the work ends is the Run."""

    contest: Contest
    corpus: Any
    cases: Mapping[str, Sequence[Case[Any]]]
    partial: bool = True
    failures: list[Failure] = field(default_factory=list)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    turns: list[Turn[Any]] = field(default_factory=list)

    def run(self) -> Run:
        contest, workload = self.contest, self.contest.workload
        first, second = contest.engines
        groups = sorted({case.group for case in self.cases[first]})
        scores = {name: workload.score(self.corpus, self.outputs[name]) for name in contest.engines}
        contrasts = []
        for group in groups:
            found = workload.contrast(
                self.corpus, self._outputs(first, group), self._outputs(second, group)
            )
            if found is not None:
                contrasts.append(
                    {
                        "group": group,
                        "metric": found.metric,
                        "unit": found.unit,
                        "difference": found.difference,
                        "low": found.low,
                        "high": found.high,
                        "lines": list(found.lines),
                    }
                )
        return Run(
            partial=self.partial,
            environment=environment.describe(contest.options.threads, workload.build()),
            items=tuple(self._item(case, scores) for case in self.cases[first]),
            errors=tuple(self.failures),
            cases=tuple(self._result(name, groups, scores[name]) for name in contest.engines),
            settings={
                "workload": workload.name,
                "engines": list(contest.engines),
                "corpus": contest.corpus,
                "licence": self.corpus.licence,
                "limit": contest.limit,
                "model": dict(workload.model(contest.options.model)),
                "rounds": contest.rounds,
                "seed": contest.seed,
            },
            other={"contrasts": contrasts},
        )

    def _outputs(self, engine: str, group: str) -> dict[str, Any]:
        """Return an engine's outputs for the items of one group."""
        ids = {case.item for case in self.cases[engine] if case.group == group}
        return {item: output for item, output in self.outputs[engine].items() if item in ids}

    def _item(self, case: Case[Any], scores: Mapping[str, Score]) -> Item:
        """One item with what each engine made of it."""
        kept = {name: dict(score.items.get(case.item, {})) for name, score in scores.items()}
        reference = next((k["reference"] for k in kept.values() if "reference" in k), None)
        for each in kept.values():
            each.pop("reference", None)
        return Item(
            case.item,
            case.amount,
            {"group": case.group, "reference": reference, "engines": kept},
        )

    def _result(self, engine: str, groups: Sequence[str], score: Score) -> CaseResult:
        """One engine's times of every turn, and its score in all and by group."""
        cases = self.cases[engine]
        turns = [turn for turn in self.turns if turn.contender == engine]
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
            part = self.contest.workload.score(self.corpus, self._outputs(engine, group))
            whole.append((f"{part.metric}/{group}", part))
        for metric, part in whole:
            if part.value is not None:
                value = (part.value,)
                samples.append(Samples(metric, part.unit, part.better, value, counts=part.counts))
        amount = Amount(sum(case.amount.value for case in cases), cases[0].amount.unit)
        return CaseResult(
            cases[0].name,
            self.contest.workload.name,
            engine,
            SCENARIO,
            amount,
            None,
            tuple(samples),
        )


def run(contest: Contest, watch: Watch, clock: Clock, keep: Callable[[Run], None]) -> Run:
    """Compare: each engine answers every item once, untimed, then rounds of random turns are timed.

    `keep` is given the Run however the work ends, as in `asrbench.measure.job.run`. An item that an
    engine refuses is listed and left out for both. Raises CorpusError, ModelError or EngineError,
    and keeps nothing, when there is nothing to compare.
    """
    watch.begin("load")
    workload = contest.workload
    corpus = workload.corpus(contest.corpus, contest.limit)
    engines = {
        name: asrbench.engine.build(workload.name, name, contest.options)
        for name in contest.engines
    }
    oracle = functools.partial(
        asrbench.engine.build, workload.name, workload.oracle, contest.options
    )
    cases = {name: workload.cases(engine, corpus, oracle) for name, engine in engines.items()}
    draft = _Draft(contest, corpus, cases, outputs={name: {} for name in contest.engines})
    try:
        _fill(draft, watch, clock)
        draft.partial = False
    except KeyboardInterrupt:
        draft.partial = True
    except Exception as error:
        message = f"{type(error).__name__}: {error}"
        draft.failures.append(Failure(workload.name, None, "fault", message))
        raise
    finally:
        whole = draft.run()
        keep(whole)
    for engine in engines.values():
        engine.close()
    return whole


def _fill(draft: _Draft, watch: Watch, clock: Clock) -> None:
    """Do the work; what each turn brings is in the draft at once."""
    contest = draft.contest
    watch.begin("warm up")
    pieces: dict[str, dict[str, Callable[[], Any]]] = {}
    pairs = list(zip(*draft.cases.values(), strict=True))
    for number, pair in enumerate(pairs):
        watch.at(number / len(pairs), pair[0].item)
        if _answer(draft, pair):
            pieces[pair[0].item] = dict(
                zip(contest.engines, (case.run for case in pair), strict=True)
            )
    watch.begin("measure")
    calls = contest.rounds * len(pieces) * len(contest.engines)
    if calls == 0:
        return
    for number, turn in enumerate(interleave(pieces, contest.rounds, contest.seed, clock)):
        draft.turns.append(turn)
        watch.at(number / calls, f"round {turn.round + 1} of {contest.rounds}")


def _answer(draft: _Draft, pair: Sequence[Case[Any]]) -> bool:
    """Let each engine answer an item, untimed; say whether both did."""
    outputs = {}
    for name, case in zip(draft.contest.engines, pair, strict=True):
        case.prepare()
        try:
            outputs[name] = case.run()
        except EngineError as error:
            draft.failures.append(Failure(case.name, case.item, "refused", str(error)))
    if len(outputs) < len(pair):
        return False
    for name, output in outputs.items():
        draft.outputs[name][pair[0].item] = output
    return True
