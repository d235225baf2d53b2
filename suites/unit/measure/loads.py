"""What tests of load share: the plug-in workload `lawful` under a load."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from asrbench import workload
from asrbench.measure.job import Job
from asrbench.measure.load.arrivals import Load
from asrbench.measure.load.run import run
from asrbench.measure.run import CaseResult, Run
from asrbench.measure.run_file import SCHEMA_FILE, to_json
from asrbench.measure.samples import Samples
from asrbench.measure.watch import Unwatched, Watch

LAWFUL = Path(__file__).parents[1] / "lawful"

Measure = Callable[..., Run]


def measuring(monkeypatch: pytest.MonkeyPatch) -> Measure:
    """Return what measures an engine of `lawful`: an engine, a scenario, the fields of a Load."""
    monkeypatch.syspath_prepend(str(LAWFUL))
    record = workload.find("lawful")

    def measure(
        engine: str,
        scenario: str,
        keep: Callable[[Run], None] = lambda _: None,
        watch: Watch | None = None,
        patience_s: float = 30.0,
        corpus: str = "abcde",
        **load: Any,
    ) -> Run:
        job = Job(record, engine, corpus, launches=0)
        done = run(job, Load(scenario, **load), watch or Unwatched(), keep, patience_s)
        jsonschema.validate(to_json(done), json.loads(SCHEMA_FILE.read_text()))
        return done

    return measure


def of(case: CaseResult, metric: str) -> Samples:
    """Return the samples of a metric that has to be there."""
    found = case.metric(metric)
    assert found is not None, metric
    return found


def schedule(case: CaseResult) -> list[float]:
    """Return when each request was due, seconds from the first."""
    return [at for at in of(case, "latency").at_s if at is not None]


def waited(due_s: list[float], service_s: list[float]) -> list[float]:
    """Return the latencies of one worker that takes requests in turn, from when each was due.

    By hand: a request begins when it is due or the one before is done, whichever is later
    (Lindley's recursion).
    """
    done_s = 0.0
    latencies = []
    for due, service in zip(due_s, service_s, strict=True):
        done_s = max(done_s, due) + service
        latencies.append(done_s - due)
    return latencies
