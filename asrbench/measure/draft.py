"""A Draft is a Run that is still being written: whatever is in it when the work ends is the Run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from asrbench.engine import Engine
from asrbench.measure import environment, scenario, start
from asrbench.measure.run import CaseResult, Failure, Item, Run
from asrbench.measure.samples import Samples
from asrbench.measure.worker import Worker
from asrbench.workload import Amount, Case, Check, Score

if TYPE_CHECKING:  # job writes drafts, and a draft knows its job
    from asrbench.measure.job import Job


@dataclass(slots=True)
class Draft:
    """What is known of a Job so far. `engine` is called: the `worker`, if isolated.

    Invariants: one case or more.
    """

    job: Job
    engine: Engine[Any, Any]
    cases: Sequence[Case[Any]]
    licence: str
    worker: Worker | None = None
    partial: bool = True
    checked: int = 0
    agree: int = 0
    score: Score | None = None
    failures: list[Failure] = field(default_factory=list)
    start: tuple[Samples, ...] = ()
    stream: tuple[Samples, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a Run of nothing."""
        if not self.cases:
            raise ValueError(f"corpus {self.job.corpus!r} has no cases; expected one or more")

    def run(self) -> Run:
        """Return what is known as a Run."""
        job = self.job
        about = self.score.items if self.score else {}
        return Run(
            partial=self.partial,
            environment=environment.describe(job.options.threads, job.workload.build()),
            items=tuple(Item(c.item, c.amount, about.get(c.item, {})) for c in self.cases),
            errors=tuple(self.failures),
            cases=tuple(self._results()),
            settings={
                "workload": job.workload.name,
                "engine": job.engine,
                "corpus": job.corpus,
                "licence": self.licence,
                "limit": job.limit,
                "model": dict(job.workload.model(job.options.model)),
                "seed": job.limits.seed,
                "seconds": job.limits.seconds,
                "values": job.limits.values,
                "checked": self.checked,
                "launches": job.launches,
                "meters": list(job.meters),
                "soak": job.soak,
                "isolation": None if job.isolation is None else job.isolation.settings(),
            },
        )

    def _results(self) -> list[CaseResult]:
        """Return the cases that something is known of."""
        results = []
        unit = self.cases[0].amount.unit
        lengths = sorted(case.amount.value for case in self.cases)
        if self.start:
            work = Amount(lengths[len(lengths) // 2] + lengths[-1], unit)
            results.append(self._result(self.start_name, start.SCENARIO, work, None, self.start))
        if self.stream or self.checked:
            work = Amount(sum(lengths), unit)
            name = self.cases[0].name
            results.append(self._result(name, scenario.NAME, work, self._check(), self.stream))
        return results

    @property
    def start_name(self) -> str:
        """The name of the case that fresh processes are: "speech/native/start"."""
        return f"{self.job.workload.name}/{self.job.engine}/start"

    def _result(
        self,
        name: str,
        how: str,
        amount: Amount,
        check: Check | None,
        samples: tuple[Samples, ...],
    ) -> CaseResult:
        return CaseResult(
            name, self.job.workload.name, self.job.engine, how, amount, check, samples
        )

    def _check(self) -> Check | None:
        if not self.checked:
            return None
        detail = (
            f"{self.agree} of {self.checked} answers agree with the oracle; "
            f"{self.checked} of {len(self.cases)} items were checked"
        )
        return Check(self.agree == self.checked, detail)
