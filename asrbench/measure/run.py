"""A Run is the Samples of many cases with the environment that they were taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from asrbench.measure.samples import Samples
from asrbench.workload import Amount, Check

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Item:
    """One item that was worked on: its id, its amount, and what is kept of it.

    `kept` is JSON that the workload chose: reference, hypothesis, the words that differ. Where
    engines are compared, `hypotheses` maps an engine to its text.
    """

    id: str
    amount: Amount
    kept: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that did not come out: which case, on which item, what kind of failure, why.

    Kinds: "refused" (EngineError), "mismatch" (the oracle says otherwise), "raised", "died" and
    "hung" (a fresh process), "fault" (anything else that an engine raised), "behind" (a stream
    whose audio was still waiting when the announced time was over).
    """

    case: str
    item: str | None
    kind: str
    message: str
    other: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What was measured of one case: how load arrived, how much work, whether it was right.

    `amount` is the work of one pass over all items. `check` is None where nothing was compared.
    Invariants: no metric twice.
    """

    name: str
    workload: str
    engine: str
    scenario: str
    amount: Amount
    check: Check | None
    samples: tuple[Samples, ...]
    other: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)

    def __post_init__(self) -> None:
        """Refuse two sets of samples that claim to be the same metric."""
        metrics = [samples.metric for samples in self.samples]
        for metric in metrics:
            if metrics.count(metric) > 1:
                raise ValueError(f"{self.name}: metric {metric!r} comes twice; expected it once")

    def metric(self, name: str) -> Samples | None:
        """Return the samples of one metric; None where it was not measured."""
        return next((samples for samples in self.samples if samples.metric == name), None)


@dataclass(frozen=True, slots=True)
class Run:
    """What was measured, where, and on what.

    `partial` says that it was cut short. `settings` are the choices it was made with (corpus,
    seed, limits); `other` keeps fields that this version does not know.
    Invariants: no item id twice.
    """

    partial: bool
    environment: Mapping[str, Any]
    items: tuple[Item, ...]
    errors: tuple[Failure, ...]
    cases: tuple[CaseResult, ...]
    settings: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    other: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)

    def __post_init__(self) -> None:
        """Refuse items that cannot be told apart."""
        seen: set[str] = set()
        for item in self.items:
            if item.id in seen:
                raise ValueError(f"item {item.id!r} comes twice; expected every id once")
            seen.add(item.id)

    @property
    def passed(self) -> bool:
        """Whether every check passed and nothing failed."""
        checks: Sequence[Check | None] = [case.check for case in self.cases]
        return not self.errors and all(check is None or check.passed for check in checks)

    def case(self, name: str) -> CaseResult | None:
        """Return the result of one case; None where it was not measured."""
        return next((case for case in self.cases if case.name == name), None)
