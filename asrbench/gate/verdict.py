"""A Verdict says of one metric of one case: pass, regression, improvement or inconclusive, and why.

What could not be judged is Unmeasured, which is none of the four: never a pass, never an alarm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, get_args

from asrbench.measure.statistics import Estimate

Outcome = Literal["pass", "regression", "improvement", "inconclusive"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

Kind = Literal[
    "build", "install", "removed", "refused", "wrong", "died", "hung", "raised", "amount"
]
KINDS: tuple[Kind, ...] = get_args(Kind)

Where = tuple[str | int, ...]
"""Where a field stands in a file of JSON: names, and places in arrays."""


@dataclass(frozen=True, slots=True)
class Trust:
    """How far a case's verdict can be trusted, from launches in which nothing had changed.

    `false_alarms` is the share of replayed gate runs that alarmed, `visible` the smallest relative
    slowdown that 95 % of them found (None: none of those tried), `runs` how many were replayed from
    `launches` recorded ones.
    """

    false_alarms: float
    visible: float | None
    runs: int
    launches: int

    def __post_init__(self) -> None:
        """Refuse a share that is none."""
        if not 0 <= self.false_alarms <= 1:
            raise ValueError(f"false_alarms is {self.false_alarms}; expected a share")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one metric of one case.

    `base` and `head` are medians over launches, in `unit`; `change` is the relative change of head
    against base (0.05: five percent more) with its 90 % interval, one value for what is exact.
    `effect` is the relative change that counted. `launches` were judged, `confirmed` fresh ones
    more. `trust` is None where the case was never calibrated. `required` says that inconclusive
    will not do. `audio_s` are the seconds of audio that a call works on, for a time; else None.
    Invariants: the outcome is one of the four; a reason is given; audio has a length.
    """

    case: str
    metric: str
    unit: str
    outcome: Outcome
    base: float
    head: float
    change: Estimate
    effect: float
    reason: str
    launches: int = 1
    confirmed: int = 0
    trust: Trust | None = None
    required: bool = False
    audio_s: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is no verdict."""
        if self.outcome not in OUTCOMES:
            raise ValueError(f"outcome is {self.outcome!r}; expected one of {OUTCOMES}")
        if not self.reason:
            raise ValueError(f"{self.case} {self.metric}: no reason; expected one")
        if self.audio_s is not None and not self.audio_s > 0:
            raise ValueError(f"{self.case}: audio_s is {self.audio_s}; expected more than zero")


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """What could not be judged: which case (None: all), on which side, what kind of thing, why.

    Kinds: "build", "install" (a revision could not be), "removed" (a case that only the base has),
    "refused" (skipped, or it cannot be prepared), "wrong" (its answer fails its own check on both
    sides), "died", "hung", "raised" (its process), "amount" (not the same work on both sides).
    """

    case: str | None
    side: Literal["base", "head", "both"]
    kind: Kind
    message: str

    def __post_init__(self) -> None:
        """Refuse a kind that nobody knows."""
        if self.kind not in KINDS:
            raise ValueError(f"kind is {self.kind!r}; expected one of {KINDS}")


@dataclass(frozen=True, slots=True)
class Launch:
    """What one pair of fresh processes gave for one metric of one case: a value a side."""

    number: int
    base: float
    head: float


@dataclass(frozen=True, slots=True)
class Gated:
    """A gate's whole answer: verdicts, what could not be judged, and what they rest on.

    `launches` are the values behind each sampled verdict, by (case, metric); those that confirmed
    come last. `notes` are plain sentences on what a reader should know (a case that is new,
    packages that differ). `functions` says where the instructions of a case went, if there are more
    or fewer: (function, instructions of base, of head), inclusive. `settings` and `environment` are
    JSON. `other` keeps fields that this version does not know, by their path in the file.
    """

    verdicts: tuple[Verdict, ...]
    unmeasured: tuple[Unmeasured, ...] = ()
    notes: tuple[str, ...] = ()
    launches: Mapping[tuple[str, str], Sequence[Launch]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    functions: Mapping[str, Sequence[tuple[str, int, int]]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    environment: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    other: Mapping[Where, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def code(self) -> Literal[0, 1, 2, 3]:
        """The exit code: 3 could not measure, before 1 regression, 2 inconclusive, 0 pass."""
        outcomes = {verdict.outcome for verdict in self.verdicts}
        if self.unmeasured or not self.verdicts:
            return 3
        if "regression" in outcomes:
            return 1
        return 2 if "inconclusive" in outcomes else 0

    @property
    def warns_only(self) -> bool:
        """Whether it is inconclusive, and on nothing that the policy requires."""
        return self.code == 2 and not any(
            verdict.required for verdict in self.verdicts if verdict.outcome == "inconclusive"
        )
