"""A side is asked by line and answers; however it ends, who asked is told."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from asrbench.errors import WorkerError
from asrbench.gate.sides import Process
from asrbench.measure.bounds import Bounds
from suites.unit.gate.foreign import SHORT, is_alive, place

ROOT = Path(__file__).parents[3]
PARENT = """
import sys, time
from pathlib import Path
from asrbench.gate.sides import Process
from suites.unit.gate.foreign import place
with Process(place(Path(sys.argv[1]), "case('a', lambda: time.sleep(60))")) as side:
    side.ask("cases", names=["a"])
    side.send({"ask": "call", "repeats": 1, "spin": 0.0})
    print(side._process.pid, flush=True)
    time.sleep(60)
"""


def at(side: Process, case: str) -> dict[str, Any]:
    """Bring a side to a case."""
    return dict(side.ask("cases", names=[case]))


def test_a_side_names_its_cases_with_their_items(tmp_path: Path) -> None:
    with Process(place(tmp_path, "case('a'), case('b', item='long')"), SHORT) as side:
        assert side.ask("names") == {"names": ["a", "b long"]}


def test_two_cases_of_one_name_are_refused(tmp_path: Path) -> None:
    with Process(place(tmp_path, "case('a'), case('a')"), SHORT) as side:
        answer = side.ask("names")

    assert "two cases are called 'a'" in answer["raised"]


def test_cases_come_in_the_order_in_which_they_are_asked_for(tmp_path: Path) -> None:
    with Process(place(tmp_path, "case('a'), case('b')"), SHORT) as side:
        assert side.ask("cases", names=["b", "a"])["ready"] == "b"
        assert side.ask("next")["ready"] == "a"


def test_a_case_is_called_as_often_as_it_is_asked_for(tmp_path: Path) -> None:
    count = "(pathlib.Path('count').open('a').write('x'), 'out')[1]"
    listed = f"case('a', lambda: {count}, stages=lambda out: {{'first': len(out)}})"
    with Process(place(tmp_path, listed), SHORT) as side:
        assert at(side, "a") == {"ready": "a", "amount": None}
        answer = side.ask("call", repeats=7, spin=0.0)
        over = side.ask("next")

    assert (tmp_path / "count").read_text() == "x" * 7
    assert answer["wall"] > 0
    assert answer["stages"] == {"first": 3}
    assert over["over"]
    assert over["resident"] > 2**20


def test_a_call_takes_the_share_longer_by_which_it_is_slowed(tmp_path: Path) -> None:
    with Process(place(tmp_path, "case('a', lambda: spin(0.01))"), SHORT) as side:
        at(side, "a")
        answer = side.ask("call", repeats=2, spin=1.5)

    assert answer["wall"] >= 0.025


@pytest.mark.parametrize("passed", [True, False])
def test_a_side_checks_the_answer_of_a_call(passed: bool, tmp_path: Path) -> None:
    listed = f"case('a', lambda: 7, check=lambda out: verdict({passed} and out == 7))"
    with Process(place(tmp_path, listed), SHORT) as side:
        at(side, "a")

        detail = "" if passed else "it is not right"
        assert side.ask("check") == {"passed": passed, "detail": detail}


def test_the_memory_of_a_call_is_what_it_takes_at_most(tmp_path: Path) -> None:
    more = "prepare=lambda: len(b'x' * 2**27)"  # which is given back before the call
    with Process(place(tmp_path, f"case('a', lambda: len(b'x' * 2**25), {more})"), SHORT) as side:
        at(side, "a")
        needs = side.ask("memory")["bytes"]

    assert needs == pytest.approx(2**25, abs=2**20)


def test_allocations_are_counted_by_the_projects_own_counter(tmp_path: Path) -> None:
    counted = """
        case('a', lambda: COUNT.append(40))]

COUNT = []

def counting(on):
    return len(COUNT), sum(COUNT)

def others():
    return ["""
    with Process(place(tmp_path, counted, allocations="foreign:counting"), SHORT) as side:
        at(side, "a")

        assert side.ask("allocations") == {"calls": 1, "bytes": 40}


def test_figures_are_the_numbers_of_the_projects_functions(tmp_path: Path) -> None:
    listed = "case('a')]\n\ndef figures():\n    return {'wer': 0.25, 'mine.size': 3\n}\n\nX = ["
    with Process(place(tmp_path, listed, figures=["foreign:figures"]), SHORT) as side:
        assert side.ask("figures") == {"figures": {"wer": 0.25, "mine.size": 3.0}}


def test_what_a_case_raises_is_told_and_the_next_case_follows(tmp_path: Path) -> None:
    listed = "case('a', prepare=lambda: 1 / 0), case('b', lambda: [][1]), case('c')"
    with Process(place(tmp_path, listed), SHORT) as side:
        first = side.ask("cases", names=["a", "b", "c"])
        second = side.hear()
        raised = side.ask("call", repeats=1, spin=0.0)
        third = side.hear()

    assert (first["lost"], first["kind"]) == ("a", "refused")
    assert "ZeroDivisionError" in first["message"]
    assert second["ready"] == "b"
    assert (raised["lost"], raised["kind"]) == ("b", "raised")
    assert "IndexError" in raised["message"]
    assert third["ready"] == "c"


def test_a_module_that_cannot_be_imported_is_told(tmp_path: Path) -> None:
    told = place(tmp_path, cases=["no_such_module:cases"])
    with Process(told, SHORT) as side:
        assert "no_such_module" in side.ask("names")["raised"]
        assert side.ask("cases", names=["a"])["kind"] == "raised"


def test_a_side_that_dies_says_of_what_and_its_last_words(tmp_path: Path) -> None:
    listed = "case('a', lambda: (print('last words', flush=True), os.kill(os.getpid(), 11)))"
    with Process(place(tmp_path, listed), SHORT) as side:
        at(side, "a")
        with pytest.raises(WorkerError, match="killed by SIGSEGV: last words") as death:
            side.ask("call", repeats=1, spin=0.0)

    assert death.value.kind == "died"


def test_a_side_that_hangs_is_ended(tmp_path: Path) -> None:
    with Process(place(tmp_path, "case('a', lambda: time.sleep(60))"), Bounds(3.0)) as side:
        at(side, "a")
        process = side._process
        with pytest.raises(WorkerError, match="no answer within 3 s") as hung:
            side.ask("call", repeats=1, spin=0.0)

    assert hung.value.kind == "hung"
    assert process is not None
    assert process.returncode == -signal.SIGKILL


def test_what_a_case_prints_disturbs_nobody(tmp_path: Path) -> None:
    listed = "case('a', lambda: (print('{\"over\": 1}', flush=True), os.write(1, b'x' * 10**6)))"
    with Process(place(tmp_path, listed), SHORT) as side:
        at(side, "a")

        assert side.ask("call", repeats=1, spin=0.0)["wall"] > 0


def test_a_side_dies_with_the_process_that_started_it(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    with parent.stdout:
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
        parent.wait()

    end = time.monotonic() + 30
    while is_alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    assert not is_alive(pid)
