"""A Job starts, checks and times an engine, and leaves a Run however that ends."""

import json
import os
import time
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from asrbench.errors import CorpusError, EngineError
from asrbench.measure import job
from asrbench.measure.run import CaseResult, Run
from asrbench.measure.run_file import SCHEMA_FILE, to_json
from asrbench.measure.samples import Samples
from asrbench.measure.scenario import Limits
from asrbench.measure.watch import Unwatched
from asrbench.workload import Workload


def of(case: CaseResult, metric: str) -> Samples:
    found = case.metric(metric)
    assert found is not None
    return found


def measure(
    letters: Workload[Any, Any, Any],
    engine: str,
    keep: Callable[[Run], None] = lambda run: None,
    **choices: Any,
) -> Run:
    choices = {"launches": 0, "limits": Limits(seconds=5, values=30), **choices}
    work = job.Job(letters, engine, choices.pop("corpus", "abc"), **choices)
    done = job.run(work, Unwatched(), time.perf_counter, keep)
    jsonschema.validate(to_json(done), json.loads(SCHEMA_FILE.read_text()))
    return done


def test_a_good_engine_gives_a_whole_run(letters: Workload[Any, Any, Any]) -> None:
    kept: list[Run] = []
    done = measure(letters, "echo", kept.append, launches=2)
    start, work = done.cases

    assert kept == [done]
    assert not done.partial
    assert done.passed
    assert work.check is not None
    assert work.check.detail.startswith("3 of 3 answers agree with the oracle")
    assert len(of(work, "latency").values) == 30
    assert of(work, "stage/think").values == (0.001,) * 30
    assert of(work, "wer").values == (0.0,)
    assert of(work, "wer").counts == {"errors": 0, "words": 3}
    assert work.amount.value == 1 + 2 + 3
    assert of(start, "load").launch == (0, 1)
    assert of(start, "ready").values[0] > of(start, "load").values[0]
    assert all(value > 2**20 for value in of(start, "peak_memory").values)


def test_a_wrong_answer_fails_the_check_and_is_listed(letters: Workload[Any, Any, Any]) -> None:
    done = measure(letters, "wrong")

    assert not done.passed
    check = done.cases[0].check
    assert check is not None
    assert not check.passed
    assert check.detail.startswith("2 of 3 answers agree")
    assert [(f.item, f.kind, f.message) for f in done.errors] == [
        ("b", "mismatch", "'?'; the oracle says 'B'")
    ]


def test_only_the_first_answers_are_checked_where_so_asked(
    letters: Workload[Any, Any, Any],
) -> None:
    done = measure(letters, "wrong", check=1)

    assert done.passed
    assert "1 of 3 items were checked" in str(done.cases[0].check)
    assert measure(letters, "wrong", check=0).cases[0].check is None


def test_the_oracle_is_not_asked_about_itself(letters: Workload[Any, Any, Any]) -> None:
    assert measure(letters, "oracle").cases[0].check is None


def test_a_refused_item_is_listed_once_and_the_rest_is_measured(
    letters: Workload[Any, Any, Any],
) -> None:
    done = measure(letters, "picky")

    assert [(f.item, f.kind) for f in done.errors] == [("b", "refused")]
    assert set(of(done.cases[0], "latency").item) == {"a", "c"}
    assert not done.passed


def test_an_engine_that_refuses_everything_leaves_a_run_that_says_so(
    letters: Workload[Any, Any, Any],
) -> None:
    for check in (0, 16):
        done = measure(letters, "broken", check=check)

        assert [f.kind for f in done.errors] == ["refused"] * 3
        assert not done.passed


def test_a_fault_is_raised_after_the_run_is_kept(letters: Workload[Any, Any, Any]) -> None:
    kept: list[Run] = []
    with pytest.raises(RuntimeError, match="a fault of the engine"):
        measure(letters, "faulty", kept.append)

    (run,) = kept
    assert run.partial
    assert [(f.kind, f.message) for f in run.errors] == [
        ("fault", "RuntimeError: a fault of the engine")
    ]


def test_a_fresh_process_that_dies_is_a_failure_and_the_run_goes_on(
    letters: Workload[Any, Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LETTERS_PARENT", str(os.getpid()))
    done = measure(letters, "dying", launches=1)

    assert [f.kind for f in done.errors] == ["died"]
    assert "SIGABRT" in done.errors[0].message
    assert len(of(done.cases[0], "latency").values) == 30


def test_ctrl_c_leaves_a_partial_run(letters: Workload[Any, Any, Any]) -> None:
    class Interrupting(Unwatched):
        def at(self, fraction: float, note: str = "") -> None:
            if note == "5 values":
                raise KeyboardInterrupt

    kept: list[Run] = []
    work = job.Job(letters, "echo", "abc", launches=0)
    done = job.run(work, Interrupting(), time.perf_counter, kept.append)

    assert done.partial
    assert kept == [done]
    assert len(of(done.cases[0], "latency").values) == 5


def test_what_cannot_be_begun_keeps_nothing(letters: Workload[Any, Any, Any]) -> None:
    kept: list[Run] = []
    with pytest.raises(CorpusError, match="no corpus 'xyz'"):
        measure(letters, "echo", kept.append, corpus="xyz")
    with pytest.raises(EngineError, match="no engine 'none' for letters; expected one of"):
        measure(letters, "none", kept.append)

    assert kept == []


def test_limit_cuts_the_corpus(letters: Workload[Any, Any, Any]) -> None:
    assert [item.id for item in measure(letters, "echo", limit=2).items] == ["a", "b"]
