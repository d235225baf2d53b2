"""An engine in a process of its own: what ends that process is one failed item, and a reason."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from asrbench.errors import EngineError, WorkerError
from asrbench.measure import job
from asrbench.measure.bounds import Bounds, Ending, death, killed_for_memory
from asrbench.measure.memory import resident_bytes
from asrbench.measure.run import Run
from asrbench.measure.scenario import Limits
from asrbench.measure.watch import Unwatched
from asrbench.measure.worker import Isolation, Worker
from asrbench.workload import Workload

Letters = Workload[Any, Any, Any]
Start = Callable[..., Worker]
MB = 10**6
needs_proc = pytest.mark.skipif(resident_bytes() is None, reason="this system has no /proc")


@pytest.fixture
def started(letters: Letters) -> Iterator[Start]:
    """Starts workers of the letters, and ends them afterwards."""
    made: list[Worker] = []

    def start(engine: str, bounds: Bounds | None = None, **choices: Any) -> Worker:
        arguments = {
            "workload": "letters",
            "engine": engine,
            "threads": 1,
            "model": None,
            "corpus": "abc",
            "limit": None,
        }
        worker = Worker(engine, arguments, Isolation(bounds or Bounds(30.0), **choices))
        made.append(worker)
        worker.start()
        return worker

    yield start
    for worker in made:
        worker.close()


def measured(letters: Letters, engine: str, bounds: Bounds | None = None, **choices: Any) -> Run:
    """Measure an isolated engine on a, b and c."""
    fresh = choices.pop("fresh", False)
    choices = {"launches": 0, "limits": Limits(seconds=5, values=9), **choices}
    work = job.Job(
        letters, engine, "abc", isolation=Isolation(bounds or Bounds(30.0), fresh), **choices
    )
    return job.run(work, Unwatched(), time.perf_counter, lambda run: None)


def failures(run: Run) -> list[tuple[str | None, str]]:
    return [(failure.item, failure.kind) for failure in run.errors]


def items(run: Run, metric: str) -> list[str]:
    found = run.cases[-1].metric(metric)
    return [] if found is None else sorted(item for item in found.item if item is not None)


def test_a_worker_answers_with_output_time_and_meters(started: Start) -> None:
    done = started("slow").call("a", ("cpu", "peak"))

    assert done.output == "A"
    assert 0.02 <= done.took_s < 1
    assert 0 <= done.values["cpu"] < done.took_s
    assert set(done.values) == {"cpu", "peak"}


def test_a_read_only_mapping_comes_back_as_one(started: Start) -> None:
    assert started("mapped").call("a").output == MappingProxyType({"text": "a"})


def test_the_first_call_of_a_worker_is_told_apart(started: Start) -> None:
    worker = started("echo")

    assert [worker.call(item).first for item in "abc"] == [True, False, False]


def test_on_request_every_call_is_the_first_of_a_worker(started: Start) -> None:
    worker = started("echo", fresh=True)

    assert [worker.call(item).first for item in "ab"] == [True, True]


def test_a_refusal_leaves_the_worker_alive(started: Start) -> None:
    worker = started("picky")

    with pytest.raises(EngineError, match="item is 'b'; expected anything else") as caught:
        worker.call("b")
    assert caught.value.kind == "refused"
    assert worker.call("a").first is False


@pytest.mark.parametrize(
    ("engine", "kind", "message"),
    [
        ("crashing", "died", "killed by SIGABRT: cannot b"),
        ("hanging", "hung", "no answer within 2 s"),
        ("raising", "raised", "RuntimeError: b is too much"),
        pytest.param("eating", "memory", "at most 200 MB are allowed", marks=needs_proc),
    ],
)
def test_what_ends_a_worker_is_told_once_and_another_goes_on(
    started: Start, engine: str, kind: str, message: str
) -> None:
    worker = started(engine, Bounds(2.0, 200 * MB))

    with pytest.raises(WorkerError, match=message) as caught:
        worker.call("b")
    assert caught.value.kind == kind
    began = time.monotonic()
    with pytest.raises(WorkerError, match=message):
        worker.call("b")
    assert time.monotonic() - began < 0.5, "no other worker is given what ended one"
    assert worker.call("c").output == "C"


def test_an_engine_that_cannot_be_loaded_is_told(
    started: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LETTERS_UNLOADABLE", "yes")
    with pytest.raises(WorkerError, match="killed by SIGABRT"):
        started("unloadable")
    with pytest.raises(EngineError, match="no engine 'none' for letters"):
        started("none")


@pytest.mark.parametrize(
    ("engine", "kind"),
    [
        ("crashing", "died"),
        ("hanging", "hung"),
        ("raising", "raised"),
        ("picky", "refused"),
        pytest.param("eating", "memory", marks=needs_proc),
    ],
)
def test_one_bad_item_is_one_failure_and_the_run_goes_on(
    letters: Letters, engine: str, kind: str
) -> None:
    run = measured(letters, engine, Bounds(2.0, 200 * MB))

    assert failures(run) == [("b", kind)]
    assert not run.partial
    assert not run.passed
    assert set(items(run, "latency")) == {"a", "c"}


def test_a_fresh_worker_for_every_call_leaves_first_latencies_alone(letters: Letters) -> None:
    run = measured(letters, "echo", fresh=True, check=0, limits=Limits(seconds=60, values=3))

    assert run.passed
    assert items(run, "first_latency") == ["a", "b", "c"]
    assert items(run, "latency") == []
    assert items(run, "first_stage/think") == ["a", "b", "c"]


def test_the_first_call_after_a_death_is_not_among_the_warm_ones(letters: Letters) -> None:
    run = measured(letters, "crashing", check=0)

    assert len(items(run, "first_latency")) == 1
    assert len(items(run, "latency")) == 5 * 2 - 1  # five passes over a and c


def test_meters_are_read_where_the_engine_is(letters: Letters) -> None:
    run = measured(letters, "slow", meters=("wall", "cpu", "peak"))

    assert set(items(run, "cpu")) == {"a", "b", "c"}
    assert items(run, "peak") == ["a", "b", "c"]


def test_a_right_answer_is_checked_and_a_wrong_one_is_a_mismatch(letters: Letters) -> None:
    assert measured(letters, "echo").passed
    assert failures(measured(letters, "wrong")) == [("b", "mismatch")]


def test_an_engine_that_dies_while_it_loads_leaves_a_run_that_says_so(
    letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LETTERS_UNLOADABLE", "yes")
    kept: list[Run] = []
    work = job.Job(letters, "unloadable", "abc", launches=0, isolation=Isolation())
    with pytest.raises(WorkerError, match="SIGABRT"):
        job.run(work, Unwatched(), time.perf_counter, kept.append)

    assert failures(kept[0]) == [(None, "died")]
    assert kept[0].partial


def test_a_run_says_how_the_engine_was_isolated(letters: Letters) -> None:
    run = measured(letters, "echo", Bounds(7.0, 300 * MB))

    isolation = {"limit_s": 7.0, "memory_bytes": 300 * MB, "fresh": False}
    assert run.settings["isolation"] == isolation


def test_a_soak_is_not_isolated(letters: Letters) -> None:
    with pytest.raises(ValueError, match="expected no isolation"):
        job.Job(letters, "echo", "abc", soak=True, isolation=Isolation())


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize(
    "how",
    [
        "from asrbench.measure.isolate import isolate; from suites.unit.measure import fresh\n"
        "isolate(fresh.linger, {'path': sys.argv[1]})",
        "from asrbench.measure.worker import Worker, Isolation\n"
        "names = dict(workload='letters', engine='slow', threads=1, model=None, corpus='abc',"
        " limit=None)\n"
        "worker = Worker('slow', names, Isolation()); worker.start()\n"
        "import pathlib, time\n"
        "pathlib.Path(sys.argv[1]).write_text(str(worker._process.pid)); time.sleep(60)",
    ],
    ids=["isolate", "worker"],
)
@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_a_helping_process_dies_with_the_one_that_started_it(
    tmp_path: Path, how: str, by: signal.Signals
) -> None:
    written = tmp_path / "pid"
    paths = [str(Path(__file__).parents[1] / "letters"), str(Path(__file__).parents[3])]
    parent = subprocess.Popen(
        [sys.executable, "-c", f"import sys\n{how}", str(written)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )
    until(lambda: written.exists() and written.read_text() != "")
    child = int(written.read_text())
    parent.send_signal(by)
    parent.wait(10)

    until(lambda: not alive(child))


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; fail after 20 s."""
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, "it never held"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and that nobody has waited for does not."""
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


@pytest.mark.parametrize(
    ("code", "before", "after", "ending"),
    [
        (-9, 0, 1, Ending("memory", "killed by the kernel, which had no memory left: oh")),
        (-9, 1, 1, Ending("died", "killed by SIGKILL: oh")),
        (-11, 0, 1, Ending("died", "killed by SIGSEGV: oh")),
        (3, 0, 1, Ending("died", "exited with code 3 and no answer: oh")),
    ],
)
def test_a_death_has_its_reason(code: int, before: int, after: int, ending: Ending) -> None:
    assert death(code, "oh", before, after) == ending


def test_the_kernel_is_asked_how_often_it_killed_for_memory(tmp_path: Path) -> None:
    events = tmp_path / "vmstat"
    events.write_text("pgfault 12\noom_kill 3\noom_kill_disable 4\n")

    assert killed_for_memory(events) == 3
    assert killed_for_memory(tmp_path / "none") == 0


@pytest.mark.parametrize(("seconds", "memory", "named"), [(0.0, None, "seconds"), (1, 0, "memory")])
def test_bounds_that_nobody_could_keep_are_refused(
    seconds: float, memory: int | None, named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        Bounds(seconds, memory)
