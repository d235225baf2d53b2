"""A trial: one metric of one case on its way through looks and confirmation to an outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from asrbench.gate.rule import CONFIRM, LOOKS, Look, Read, read
from asrbench.gate.verdict import Launch, Outcome


@dataclass(slots=True)
class Trial:
    """Launches so far, and what they came to.

    `effect` and `least` are those of asrbench.gate.rule.read. `launches` were looked at, `fresh`
    ones confirm or do not. `outcome` is None until it is known, with `reason` beside it.
    """

    effect: float
    least: float = 0.0
    looks: Sequence[Look] = LOOKS
    confirm: Look = CONFIRM
    launches: list[Launch] = field(default_factory=list, init=False)
    fresh: list[Launch] = field(default_factory=list, init=False)
    suspect: Read | None = field(default=None, init=False)
    outcome: Outcome | None = field(default=None, init=False)
    reason: str = field(default="", init=False)

    @property
    def needs(self) -> int:
        """How many launches there are until something can be said; 0 when all is said."""
        if self.outcome is not None:
            return 0
        if self.suspect is not None:
            return self.confirm.launches - len(self.fresh)
        return next(
            look.launches for look in self.looks if look.launches > len(self.launches)
        ) - len(self.launches)

    def add(self, launch: Launch) -> None:
        """Take what a launch gave; look at all when it is time."""
        if self.outcome is not None:
            return
        if self.suspect is not None:
            self.fresh.append(launch)
            if len(self.fresh) == self.confirm.launches:
                self._confirmed(self.suspect)
            return
        self.launches.append(launch)
        for look in self.looks:
            if len(self.launches) == look.launches:
                self._look(look)

    def read(self, launches: Sequence[Launch], alpha: float) -> Read:
        """Return what some launches say."""
        bases, heads = [one.base for one in launches], [one.head for one in launches]
        return read(bases, heads, self.effect, alpha, self.least)

    def said(self) -> Read:
        """Return what the outcome rests on: what confirmed it, or all launches there are."""
        if self.outcome == "regression":
            return self.read(self.fresh, self.confirm.alpha)
        return self.read([*self.launches, *self.fresh], self.looks[-1].alpha)

    def _look(self, look: Look) -> None:
        seen = self.read(self.launches, look.alpha)
        if seen.finding == "slower":
            self.suspect = seen
        elif seen.finding == "faster":
            self._end("improvement", "the estimate is better by more than what counts")
        elif seen.finding == "same":
            self._end("pass", "the 90 % interval ends below what counts")
        elif look is self.looks[-1]:
            self._end("inconclusive", _too_noisy(seen, self.effect, look.launches))

    def _confirmed(self, suspect: Read) -> None:
        seen = self.read(self.fresh, self.confirm.alpha)
        before = f"{len(self.launches)} launches said {suspect.change.value:+.1%}"
        now = f"{len(self.fresh)} fresh ones say {seen.change.value:+.1%}"
        if seen.finding == "slower":
            self._end("regression", f"{before}, and {now}")
        elif seen.finding in ("same", "faster"):
            self._end("pass", f"{before}, but {now}, and their interval ends below what counts")
        else:
            self._end("inconclusive", f"{before}, but {now}, which neither confirms nor refutes it")

    def _end(self, outcome: Outcome, reason: str) -> None:
        self.outcome, self.reason = outcome, reason


def replayed(trial: Trial, draw: Callable[[], Launch]) -> Trial:
    """Return the trial at its end, given launches one by one."""
    while trial.needs:
        trial.add(draw())
    return trial


def _too_noisy(seen: Read, effect: float, launches: int) -> str:
    """Say why nothing can be said."""
    return (
        f"the machine is too noisy for it: after {launches} launches, each with a standard "
        f"deviation of {seen.spread:.1%}, the interval {seen.change.low:+.1%} to "
        f"{seen.change.high:+.1%} holds {effect:.1%} still"
    )
