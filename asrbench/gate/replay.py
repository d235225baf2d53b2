"""The rule replayed: gate runs drawn from recorded launches say how often it is wrong."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asrbench.gate.trial import Trial, replayed
from asrbench.gate.verdict import Launch, Outcome

Key = tuple[str, str]  # case and metric
Recorded = Mapping[Key, Sequence[Launch]]


@dataclass(frozen=True, slots=True)
class Shares:
    """How replayed runs ended, by outcome: shares of `runs`."""

    runs: int
    outcomes: Mapping[Outcome, float]

    def of(self, outcome: Outcome) -> float:
        """Return the share of one outcome."""
        return self.outcomes.get(outcome, 0.0)


def case(
    launches: Sequence[Launch],
    effect: float,
    least: float,
    runs: int,
    slower: float = 0.0,
    seed: int = 0,
) -> Shares:
    """Replay runs of one trial, launches drawn with replacement, the head's values made slower.

    `slower` multiplies the head's values by 1 + slower. Raises ValueError where there are no
    launches.
    """
    if not launches:
        raise ValueError("no launches; expected some that were recorded")
    chance = random.Random(seed)  # noqa: S311  a drawing, not a secret
    slowed = [Launch(one.number, one.base, one.head * (1 + slower)) for one in launches]
    ended: Counter[Outcome] = Counter()
    for _ in range(runs):
        trial = replayed(Trial(effect, least), lambda: chance.choice(slowed))
        if trial.outcome is not None:
            ended[trial.outcome] += 1
    return Shares(runs, {outcome: count / runs for outcome, count in ended.items()})


def suite(
    recorded: Recorded,
    terms: Mapping[Key, tuple[float, float]],
    runs: int,
    seed: int = 0,
) -> tuple[Shares, dict[Key, Shares]]:
    """Replay whole gate runs: every trial of a run sees the same launches, as it does live.

    `terms` are effect and least by case and metric. A run is an alarm if one of its trials is a
    regression; inconclusive if none is and one is inconclusive. Returns the shares of runs, and
    those of each trial. Raises ValueError where there are no launches of one, or no trials.
    """
    if not recorded or not all(recorded.values()):
        raise ValueError("no launches; expected some of every case and metric")
    numbers = sorted({one.number for launches in recorded.values() for one in launches})
    by_number = {key: {one.number: one for one in launches} for key, launches in recorded.items()}
    chance = random.Random(seed)  # noqa: S311  as above
    whole: Counter[Outcome] = Counter()
    single: dict[Key, Counter[Outcome]] = {key: Counter() for key in recorded}
    for _ in range(runs):
        trials = {key: Trial(*terms[key]) for key in recorded}
        while open_ := [key for key, trial in trials.items() if trial.needs]:
            number = chance.choice(numbers)
            for key in open_:
                if number in by_number[key]:
                    trials[key].add(by_number[key][number])
        outcomes: list[Outcome] = []
        for key, trial in trials.items():
            outcome = trial.outcome or "inconclusive"
            outcomes.append(outcome)
            single[key][outcome] += 1
        whole[_worst(outcomes)] += 1
    return _shares(whole, runs), {key: _shares(ended, runs) for key, ended in single.items()}


def _worst(outcomes: Sequence[Outcome]) -> Outcome:
    ranked: tuple[Outcome, ...] = ("regression", "inconclusive", "improvement", "pass")
    return next(outcome for outcome in ranked if outcome in outcomes)


def _shares(ended: Counter[Outcome], runs: int) -> Shares:
    return Shares(runs, {outcome: count / runs for outcome, count in ended.items()})
