"""A load that is still going on: whatever is in its draft when the work ends is the Run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any

from asrbench.measure import environment, start
from asrbench.measure.job import Job
from asrbench.measure.load.arrivals import Load, announced_s
from asrbench.measure.load.series import under_load, warm_up
from asrbench.measure.load.traffic import Traffic
from asrbench.measure.run import CaseResult, Failure, Item, Run
from asrbench.measure.samples import Samples
from asrbench.workload import Amount, Check

GENERATOR = "mlcommons-loadgen"


@dataclass(slots=True)
class Draft:
    """A Run under load that is still being written; `traffics` has one entry a rate tried.

    Invariants: one traffic or more.
    """

    job: Job
    load: Load
    licence: str
    traffics: list[Traffic]
    partial: bool = True
    failures: list[Failure] = field(default_factory=list)
    start: tuple[Samples, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether the last traffic ended in a way that nothing more can follow."""
        last = self.traffics[-1]
        return last.interrupted or last.ending is not None

    @property
    def start_name(self) -> str:
        """Return the name of the case that fresh processes are."""
        return f"{self.job.workload.name}/{self.job.engine}/start"

    @property
    def _name(self) -> str:
        """The name of the case that is under load."""
        loaded = self.traffics[0].loaded
        return str(loaded["name"]) if loaded else f"{self.job.workload.name}/{self.job.engine}"

    def run(self) -> Run:
        """Return what is known as a Run; nothing in it changes afterwards."""
        job, first = self.job, self.traffics[0]
        items = first.loaded["items"] if first.loaded else []
        score = (first.ready or {}).get("score") or {"items": {}}
        settings = {
            "workload": job.workload.name,
            "engine": job.engine,
            "corpus": job.corpus,
            "licence": self.licence,
            "limit": job.limit,
            "model": dict(job.workload.model(job.options.model)),
            "launches": job.launches,
            "generator": f"{GENERATOR} {version(GENERATOR)}",
            "traffic": asdict(self.load),
        }
        return Run(
            partial=self.partial,
            environment=environment.describe(job.options.threads, job.workload.build()),
            items=tuple(
                Item(item, Amount(value, unit), score["items"].get(item, {}))
                for item, value, unit in items
            ),
            errors=(*self._failures(), *self.failures),
            cases=tuple(self._results()),
            settings=settings,
        )

    def _results(self) -> list[CaseResult]:
        """Return the case of every traffic that anything is known of, then the fresh processes."""
        results = []
        for number, traffic in enumerate(self.traffics):
            samples = (
                *under_load(traffic, number),
                *(warm_up(traffic, number)),
                *(_score(traffic) if number == 0 else ()),
            )
            if traffic.ready is None or not samples:
                continue
            rate = traffic.load.rate
            name = f"{self._name}@{rate:.4g}/s" if self.load.searches and rate else self._name
            results.append(self._result(name, traffic, samples))
        if self.start and self.traffics[0].loaded:
            items = self.traffics[0].loaded["items"]
            lengths = sorted(value for _, value, _ in items)
            work = Amount(lengths[len(lengths) // 2] + lengths[-1], items[0][2])
            results.append(
                CaseResult(
                    self.start_name,
                    self.job.workload.name,
                    self.job.engine,
                    start.SCENARIO,
                    work,
                    None,
                    self.start,
                )
            )
        return results

    def _result(self, name: str, traffic: Traffic, samples: tuple[Samples, ...]) -> CaseResult:
        """Return one traffic as a case."""
        assert traffic.loaded is not None
        items = traffic.loaded["items"]
        return CaseResult(
            name,
            self.job.workload.name,
            self.job.engine,
            traffic.load.scenario,
            Amount(sum(value for _, value, _ in items), items[0][2]),
            _check(traffic),
            samples,
            other={"traffic": _about(traffic)},
        )

    def _failures(self) -> list[Failure]:
        """Return what did not come out: refusals, wrong answers, and why a process ended early."""
        name = self._name
        found: dict[tuple[str | None, str], Failure] = {}

        def add(item: str | None, kind: str, message: str) -> None:
            found.setdefault((item, kind), Failure(name, item, kind, message))

        for traffic in self.traffics:
            ready = traffic.ready or {"refused": (), "checked": {"mismatches": ()}, "items": ()}
            for item, why in ready["refused"]:
                add(item, "refused", why)
            for call in traffic.calls.values():
                if "refusal" in call:
                    add(ready["items"][call["index"]], "refused", call["refusal"])
            for item, detail in ready["checked"]["mismatches"]:
                add(item, "mismatch", detail)
            for item, detail in (traffic.compared or {"mismatches": ()})["mismatches"]:
                add(item, "mismatch", f"under load: {detail}")
            if traffic.ending is not None:
                kind, message = str(traffic.ending.kind), traffic.ending.message
                if traffic.raised is not None:
                    kind, message = "fault", f"{traffic.raised}: {message}"
                add(None, kind, message)
        return list(found.values())


def _about(traffic: Traffic) -> Mapping[str, Any]:
    """Return what the load was, for a Run's case."""
    load, speed = traffic.load, traffic.speed
    return {
        **asdict(load),
        "announced_s": announced_s(load, speed) if speed else None,
        "throughput": speed.throughput if speed else None,
        "asked": len(traffic.requests),
    }


def _check(traffic: Traffic) -> Check | None:
    """Return whether the oracle agrees, and whether load changed the answers."""
    assert traffic.ready is not None
    checked, compared = traffic.ready["checked"], traffic.compared
    said = []
    if checked["answers"]:
        agree = checked["answers"] - len(checked["mismatches"])
        said.append(f"{agree} of {checked['answers']} answers agree with the oracle")
    if compared is not None:
        agree = compared["answers"] - len(compared["mismatches"])
        said.append(f"{agree} of {compared['answers']} under load agree with those before it")
    wrong = checked["mismatches"] or (compared and compared["mismatches"])
    return Check(not wrong, "; ".join(said)) if said else None


def _score(traffic: Traffic) -> tuple[Samples, ...]:
    """Return the score of the warm-up's answers; nothing where nothing could be scored."""
    score = (traffic.ready or {}).get("score")
    if not score or score["value"] is None:
        return ()
    value = (score["value"],)
    return (
        Samples(score["metric"], score["unit"], score["better"], value, counts=score["counts"]),
    )
