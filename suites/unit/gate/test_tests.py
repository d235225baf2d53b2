"""A project's own tests are cases: what a test hands to its benchmark is called."""

from pathlib import Path
from typing import Any

import pytest

from asrbench.gate.sides import Process
from suites.unit.gate.foreign import SHORT, place

TESTS = """
import pytest

def test_right(benchmark):
    assert benchmark(sorted, [2, 1]) == [1, 2]

def test_pedantic(benchmark):
    assert benchmark.pedantic(sorted, ([2, 1],), {"reverse": True}, rounds=3) == [2, 1]

@pytest.mark.parametrize("n", [1, 2])
def test_each(n, asr_benchmark):
    asr_benchmark(lambda: n, audio_s=2)

def test_wrong(benchmark):
    assert benchmark(lambda: 1) == 2

def test_skipped(benchmark):
    pytest.skip("not here")

def test_never(benchmark):
    pass

def test_other():
    pass
"""
NAMES = ["right", "pedantic", "each[1]", "each[2]", "wrong", "skipped", "never"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with those tests."""
    (tmp_path / "test_it.py").write_text(TESTS)
    return tmp_path


def told(folder: Path, *names: str, **variables: str) -> list[dict[str, Any]]:
    """All that a side tells of tests of these names, each called once."""
    heard = []
    by = place(folder, tests=["test_it.py"])
    by = type(by)(by.side, by.python, by.folder, by.told, {**by.variables, **variables})
    with Process(by, SHORT) as side:
        answer = side.ask("cases", names=[f"test_it.py::test_{name}" for name in names])
        while not answer.get("over"):
            heard.append(dict(answer))
            if "ready" in answer:
                heard.append(dict(side.ask("call", repeats=1, spin=0.0)))
                side.send({"ask": "next"})
            answer = side.hear()
    return heard


def test_the_tests_that_use_a_benchmark_are_cases(folder: Path) -> None:
    with Process(place(folder, tests=["test_it.py"]), SHORT) as side:
        assert side.ask("names") == {"names": [f"test_it.py::test_{name}" for name in NAMES]}


def test_an_id_that_is_not_there_refuses_only_itself(folder: Path) -> None:
    named = ["test_it.py::test_gone", "test_it.py::test_right"]
    with Process(place(folder, tests=named), SHORT) as side:
        assert side.ask("names") == {"names": ["test_it.py::test_right"]}


def test_a_file_that_cannot_be_collected_is_told(folder: Path) -> None:
    (folder / "test_it.py").write_text("import no_such_module")
    with Process(place(folder, tests=["test_it.py"]), SHORT) as side:
        assert "no_such_module" in side.ask("names")["raised"]


@pytest.mark.parametrize("name", ["right", "pedantic"])
@pytest.mark.parametrize("installed", [True, False])
def test_a_test_is_called_whether_or_not_pytest_benchmark_is_there(
    name: str, installed: bool, folder: Path
) -> None:
    off = {} if installed else {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ready, call = told(folder, name, **off)

    assert ready == {"ready": f"test_it.py::test_{name}", "amount": None}
    assert call["wall"] > 0


def test_tests_come_in_the_order_in_which_they_are_asked_for(folder: Path) -> None:
    heard = told(folder, "each[2]", "right", "each[1]")

    assert [one["ready"].partition("_it.py::test_")[2] for one in heard[::2]] == [
        "each[2]",
        "right",
        "each[1]",
    ]
    assert heard[0]["amount"] == [2.0, "audio_s"]


def test_an_assertion_that_fails_after_the_benchmark_is_a_wrong_answer(folder: Path) -> None:
    ready, call, lost = told(folder, "wrong")

    assert ready["ready"] == "test_it.py::test_wrong"
    assert call["wall"] > 0
    assert lost["kind"] == "wrong"
    assert "assert 1 == 2" in lost["message"]


@pytest.mark.parametrize(
    ("name", "why"), [("skipped", "not here"), ("never", "never called its benchmark")]
)
def test_a_test_that_gives_no_work_is_refused_once(name: str, why: str, folder: Path) -> None:
    lost, ready, _ = told(folder, name, "right")

    assert (lost["lost"], lost["kind"]) == (f"test_it.py::test_{name}", "refused")
    assert why in lost["message"]
    assert ready["ready"] == "test_it.py::test_right"
