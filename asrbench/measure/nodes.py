"""Tests of a project that has pytest-benchmark are Cases: a pytest node id each, measured as it is.

Each runs in a fresh process by the project's own pytest; no line of the project changes.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asrbench.errors import CorpusError, MeterError
from asrbench.measure import command, environment, node_ids
from asrbench.measure.bounds import Bounds
from asrbench.measure.orphan import orphaned
from asrbench.measure.run import CaseResult, Failure, Item, Run
from asrbench.measure.samples import Samples
from asrbench.measure.watch import Watch
from asrbench.workload import Amount, Check

WORKLOAD = "pytest"
_PLUGIN = "pytest-benchmark"
_NEEDED = (("pytest", "pytest"), ("pytest_benchmark", _PLUGIN))
_PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
_CALL = Amount(1.0, "calls")  # the work of a test that does not say how much audio it has


@dataclass(frozen=True, slots=True)
class Nodes:
    """What to measure: tests or whole files by node id, as pytest below `rootdir` names them.

    Every test runs in `launches` fresh processes, none of which may take more than `bounds`.
    Invariants: one node or more, one launch or more.
    """

    nodes: tuple[str, ...]
    rootdir: Path
    launches: int = 3
    bounds: Bounds = field(default_factory=Bounds)

    def __post_init__(self) -> None:
        """Refuse to measure nothing."""
        if not self.nodes:
            raise ValueError("no nodes; expected one or more, such as tests/test_x.py::test_y")
        if self.launches < 1:
            raise ValueError(f"launches is {self.launches}; expected one or more")


@dataclass(frozen=True, slots=True)
class Round:
    """What pytest-benchmark says of a test in one process.

    `values` are seconds a call, one for each of its rounds, each the mean of `calls` calls;
    `audio_s` and `peak_bytes` are told by tests that use asr_benchmark.
    """

    launch: int
    values: tuple[float, ...]
    calls: int
    audio_s: float | None
    peak_bytes: float | None


@dataclass(slots=True)
class _Taken:
    """What is known of the tests so far, by node id."""

    job: Nodes
    rounds: dict[str, list[Round]]
    partial: bool = True
    failures: list[Failure] = field(default_factory=list)

    def run(self) -> Run:
        known = {node: rounds for node, rounds in self.rounds.items() if rounds}
        return Run(
            partial=self.partial,
            environment=environment.describe(1, source=self.job.rootdir),
            items=tuple(Item(node, _amount(rounds)) for node, rounds in self.rounds.items()),
            errors=tuple(self.failures),
            cases=tuple(self._case(node, rounds) for node, rounds in known.items()),
            settings={
                "workload": WORKLOAD,
                "engine": _PLUGIN,
                "nodes": list(self.job.nodes),
                "launches": self.job.launches,
                "limit_s": self.job.bounds.seconds,
                "memory_bytes": self.job.bounds.memory_bytes,
            },
        )

    def _case(self, node: str, rounds: Sequence[Round]) -> CaseResult:
        values = [(v, r.launch, index) for r in rounds for index, v in enumerate(r.values)]
        latency = Samples(
            "latency",
            "s",
            "lower",
            tuple(value for value, _, _ in values),
            item=(node,) * len(values),
            launch=tuple(launch for _, launch, _ in values),
            block=tuple(index for _, _, index in values),
        )
        failed = sum(failure.item == node for failure in self.failures)
        detail = f"the test passed in {len(rounds)} of {len(rounds) + failed} processes"
        return CaseResult(
            name_of(node),
            WORKLOAD,
            _PLUGIN,
            WORKLOAD,
            _amount(rounds),
            Check(not failed, detail),
            (latency, *_peak(rounds)),
            other={"calls_per_value": [r.calls for r in rounds]},
        )


def run(job: Nodes, watch: Watch, keep: Callable[[Run], None]) -> Run:
    """Measure every test in turn, all of them once before any of them again.

    `keep` is given the Run however the work ends; Ctrl-C leaves a partial one, which is returned. A
    test that fails, is skipped, dies, hangs or takes too much memory is a failure, and the others
    go on. Raises CorpusError where pytest finds nothing to measure, MeterError where it, or
    pytest-benchmark, is not installed; then nothing is kept.
    """
    watch.begin("collect")
    tests = collected(job)
    taken = _Taken(job, {test: [] for test in tests})
    watch.begin("measure")
    try:
        for launch in range(job.launches):
            for number, test in enumerate(tests):
                watch.at((launch + number / len(tests)) / job.launches, test)
                done = measured(job, test, launch)
                if isinstance(done, Failure):
                    taken.failures.append(done)
                else:
                    taken.rounds[test].append(done)
        taken.partial = False
    except KeyboardInterrupt:
        taken.partial = True
    finally:
        whole = taken.run()
        keep(whole)
    return whole


def name_of(node: str) -> str:
    """Return the name of the case that a test is: "pytest/tests/test_x.py::test_y"."""
    return f"{WORKLOAD}/{node}"


def collected(job: Nodes) -> list[str]:
    """Return the ids of the tests that use the fixture benchmark; errors as `run` says."""
    for module, package in _NEEDED:
        if importlib.util.find_spec(module) is None:
            raise MeterError(
                f'{package} is not installed; expected it: pip install "asrbench-perf[test]"'
            )
    with tempfile.TemporaryDirectory(prefix="asrbench-") as folder:
        listed = Path(folder, "nodes.json")
        options = ["--collect-only", "-p", node_ids.__name__, f"{node_ids.OPTION}={listed}"]
        done = _pytest(job, folder, [*options, *job.nodes])
        if done.broke is not None or done.code != 0 or not listed.exists():
            raise CorpusError(f"pytest cannot collect {list(job.nodes)}: {done.death.message}")
        found: list[str] = json.loads(listed.read_text(encoding="utf-8"))
    if not found:
        raise CorpusError(f"no test in {list(job.nodes)} uses the fixture benchmark; expected one")
    return found


def measured(job: Nodes, test: str, launch: int) -> Round | Failure:
    """Run one test in a fresh process; return what was measured, or why nothing was."""
    with tempfile.TemporaryDirectory(prefix="asrbench-") as folder:
        report = Path(folder, "benchmark.json")
        options = ["--benchmark-enable", f"--benchmark-json={report}", test]
        done = _pytest(job, folder, options)
        text = report.read_text(encoding="utf-8") if report.exists() else ""
    if done.broke is not None or done.code < 0:
        return Failure(name_of(test), test, done.death.kind, done.death.message)
    if done.code != 0:
        return Failure(name_of(test), test, "failed", f"pytest ended with {done.code}: {done.said}")
    benchmarks = json.loads(text)["benchmarks"] if text else []
    if not benchmarks:
        message = f"the test was skipped, or never called its benchmark: {done.said}"
        return Failure(name_of(test), test, "refused", message)
    return _round(benchmarks[0], launch)


def _pytest(job: Nodes, folder: str, arguments: Sequence[str]) -> command.Ended:
    """Run the project's pytest, as its developer would; it dies with us, and keeps things apart."""
    store = f"--benchmark-storage=file://{folder}/store"  # else .benchmarks in the project
    line = [*_PYTEST, f"--rootdir={job.rootdir}", store, *arguments]
    return command.run(orphaned(line), job.bounds, folder=job.rootdir)


def _round(benchmark: dict[str, Any], launch: int) -> Round:
    """Return one entry of pytest-benchmark's JSON."""
    stats = benchmark["stats"]
    told = benchmark.get("extra_info", {}).get("asrbench", {})
    return Round(
        launch,
        tuple(stats["data"]),
        int(stats["iterations"]),
        told.get("audio_s"),
        told.get("peak_bytes"),
    )


def _peak(rounds: Sequence[Round]) -> tuple[Samples, ...]:
    """Return the memory of a call, a value a process; nothing where no test tells it."""
    told = [(r.peak_bytes, r.launch) for r in rounds if r.peak_bytes is not None]
    if not told:
        return ()
    values = tuple(value for value, _ in told)
    launches = tuple(launch for _, launch in told)
    return (Samples("peak", "bytes", "lower", values, launch=launches),)


def _amount(rounds: Sequence[Round]) -> Amount:
    """Return the work of a call: its seconds of audio where the test told them."""
    told = next((r.audio_s for r in rounds if r.audio_s is not None), None)
    return _CALL if told is None else Amount(told, "audio_s")
