"""The tests of a foreign project that has pytest-benchmark are measured without a line changed."""

import json
from pathlib import Path

import jsonschema
import pytest

from asrbench.cli import main
from asrbench.errors import CorpusError, MeterError
from asrbench.measure import nodes
from asrbench.measure.bounds import Bounds
from asrbench.measure.run import Run
from asrbench.measure.run_file import SCHEMA_FILE, read, to_json
from asrbench.measure.watch import Unwatched

PROJECT = """
import os, sys, time
import pytest

def three(benchmark, work):
    return benchmark.pedantic(work, rounds=3, iterations=2)

def test_sleep(benchmark):
    three(benchmark, lambda: time.sleep(0.01))

@pytest.mark.parametrize("name", ["a|b", "<i>", "x::y"])
def test_named(benchmark, name):
    three(benchmark, lambda: name)

def test_heard(asr_benchmark):
    asr_benchmark(lambda: time.sleep(0.01), audio_s=0.5)

def test_wrong(benchmark):
    assert three(benchmark, lambda: 1) == 2

@pytest.mark.skip(reason="not today")
def test_skipped(benchmark):
    pass

def test_dying(benchmark):
    sys.stdout.flush()
    os.write(2, b"the last words")
    os.abort()

def test_hanging(benchmark):
    time.sleep(60)

def test_that_measures_nothing():
    raise AssertionError("nobody runs it")
"""
FILE = "tests/test_speed.py"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with tests, as its developer runs them."""
    folder = tmp_path / "project"
    (folder / "tests").mkdir(parents=True)
    (folder / FILE).write_text(PROJECT)
    (folder / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\naddopts = "--strict-markers --benchmark-max-time=0.05"\n'
    )
    return folder


def measured(project: Path, *tests: str, launches: int = 1, seconds: float = 60.0) -> Run:
    job = nodes.Nodes(
        tuple(f"{FILE}::{test}" for test in tests), project, launches, Bounds(seconds)
    )
    kept: list[Run] = []
    run = nodes.run(job, Unwatched(), kept.append)
    assert kept == [run]
    jsonschema.validate(to_json(run), json.loads(SCHEMA_FILE.read_text()))
    return run


def files(project: Path) -> set[Path]:
    return {path for path in project.rglob("*") if "__pycache__" not in path.parts}


def test_every_round_of_every_process_is_kept_and_the_project_left_as_it_was(
    project: Path,
) -> None:
    before = files(project)
    run = measured(project, "test_sleep", launches=2)
    (case,) = run.cases
    latency = case.metric("latency")

    assert files(project) == before
    assert run.passed
    assert not run.partial
    assert case.name == f"pytest/{FILE}::test_sleep"
    assert str(case.check) == "Check(passed=True, detail='the test passed in 2 of 2 processes')"
    assert latency is not None
    assert latency.launch == (0, 0, 0, 1, 1, 1)
    assert latency.block == (0, 1, 2, 0, 1, 2)
    assert all(0.01 <= value < 0.5 for value in latency.values)  # of a call, not of two
    assert case.other["calls_per_value"] == [2, 2]


def test_each_parameter_is_a_case_whatever_its_name(project: Path) -> None:
    names = [f"{FILE}::test_named[{name}]" for name in ("a|b", "<i>", "x::y")]
    run = measured(project, "test_named[<i>]")

    assert nodes.collected(nodes.Nodes((f"{FILE}::test_named",), project)) == names
    assert [item.id for item in run.items] == [names[1]]
    assert len(run.cases) == 1


def test_a_test_that_tells_its_audio_has_it_as_work_and_its_memory(project: Path) -> None:
    (case,) = measured(project, "test_heard").cases

    assert (case.amount.value, case.amount.unit) == (0.5, "audio_s")
    assert case.metric("peak") is not None


def test_what_a_test_fails_of_is_told_and_the_others_go_on(project: Path) -> None:
    expected = {
        "test_wrong": ("failed", "assert 1 == 2"),
        "test_skipped": ("refused", "the test was skipped"),
        "test_dying": ("died", "killed by SIGABRT"),
        "test_hanging": ("hung", "no answer within 15 s"),
    }
    run = measured(project, *expected, "test_sleep", seconds=15.0)

    assert [f.item for f in run.errors] == [f"{FILE}::{test}" for test in expected]
    for failure, (kind, reason) in zip(run.errors, expected.values(), strict=True):
        assert failure.kind == kind
        assert reason in failure.message
    assert [case.name for case in run.cases] == [f"pytest/{FILE}::test_sleep"]
    assert not run.passed
    assert not run.partial


def test_a_file_stands_for_its_tests_that_measure(project: Path) -> None:
    job = nodes.Nodes((FILE,), project)
    found = [node.rpartition("::")[2] for node in nodes.collected(job)]

    assert found[0] == "test_sleep"
    assert "test_that_measures_nothing" not in found
    assert "test_heard" in found


def test_nothing_to_measure_is_told(project: Path) -> None:
    with pytest.raises(CorpusError, match="uses the fixture benchmark; expected one"):
        measured(project, "test_that_measures_nothing")
    with pytest.raises(CorpusError, match="cannot collect"):
        measured(project, "test_none")


def test_without_pytest_benchmark_it_says_what_installs_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nodes, "_NEEDED", (("no_such_module", "pytest-benchmark"),))

    with pytest.raises(MeterError, match=r'pip install "asrbench-perf\[test\]"'):
        measured(project, "test_sleep")


def test_ctrl_c_leaves_what_was_measured(project: Path) -> None:
    class Interrupting(Unwatched):
        def at(self, fraction: float, note: str = "") -> None:
            if fraction >= 0.5:
                raise KeyboardInterrupt

    job = nodes.Nodes((f"{FILE}::test_sleep",), project, launches=2)
    run = nodes.run(job, Interrupting(), lambda run: None)

    assert run.partial
    assert len(run.cases) == 1


def test_the_verb_writes_a_run(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--rootdir", str(project), "--launches", "1", "--out", str(tmp_path), "--json"]

    assert main(["pytest", f"{FILE}::test_sleep", *options]) == 0
    said = json.loads(capsys.readouterr().out)
    assert read(Path(said["run"])).passed
    assert [figure["name"] for figure in said["figures"]][:1] == ["latency_p50"]
