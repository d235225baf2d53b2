"""A Contest gives every contender the same work in turns, and its Run says what came of it."""

import json
import os
import time
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from asrbench import engine
from asrbench.engine import EngineOptions
from asrbench.measure import contest
from asrbench.measure.run import CaseResult, Run
from asrbench.measure.run_file import SCHEMA_FILE, to_json
from asrbench.measure.samples import Samples
from asrbench.measure.watch import Unwatched
from asrbench.workload import Workload

Letters = Workload[Any, Any, Any]


def of(case: CaseResult, metric: str) -> Samples:
    found = case.metric(metric)
    assert found is not None
    return found


def interleaved(run: Run) -> list[CaseResult]:
    return [case for case in run.cases if case.scenario == "interleaved"]


def compare(
    letters: Letters,
    engines: tuple[str, ...],
    keep: Callable[[Run], None] = lambda run: None,
    **choices: Any,
) -> Run:
    work = contest.Contest(letters, engines, "abc", **{"launches": 0, **choices})
    done = contest.run(work, Unwatched(), time.perf_counter, keep)
    jsonschema.validate(to_json(done), json.loads(SCHEMA_FILE.read_text()))
    return done


def test_every_contender_answers_every_item_in_every_round(letters: Letters) -> None:
    done = compare(letters, ("echo", "slow", "wrong"), rounds=7, threads=(1, 2))

    assert [case.name for case in done.cases] == [
        f"letters/{name}/capital@{threads}"
        for threads in (1, 2)
        for name in ("echo", "slow", "wrong")
    ]
    for case in done.cases:
        latency = of(case, "latency")
        assert sorted(zip(latency.block, latency.item, strict=True)) == [
            (block, item) for block in range(7) for item in "abc"
        ]
    assert done.passed


def test_turns_come_in_an_order_that_changes(letters: Letters) -> None:
    done = compare(letters, ("echo", "slow", "wrong"), rounds=8)

    began = [
        (at_s, case.engine)
        for case in done.cases
        for at_s in of(case, "latency").at_s
        if at_s is not None
    ]
    names = [name for _, name in sorted(began)]
    turns = {tuple(names[start : start + 3]) for start in range(0, len(names), 3)}
    assert all(set(turn) == {"echo", "slow", "wrong"} for turn in turns)
    assert len(turns) > 3


def test_every_engine_is_built_with_its_number_of_threads(
    letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[tuple[str, int]] = []
    build = engine.build

    def noting(workload: str, name: str, options: EngineOptions) -> Any:
        built.append((name, options.threads))
        return build(workload, name, options)

    monkeypatch.setattr(engine, "build", noting)
    done = compare(letters, ("echo", "slow"), rounds=1, threads=(3, 1))

    assert built == [("echo", 3), ("slow", 3), ("echo", 1), ("slow", 1)]
    assert [case.other["threads"] for case in done.cases] == [3, 3, 1, 1]
    assert done.settings["threads"] == [3, 1]
    assert done.environment["threads"] == 3


def test_the_first_engine_is_contrasted_with_each_other_at_the_same_threads(
    letters: Letters,
) -> None:
    done = compare(letters, ("echo", "slow", "wrong"), rounds=1, threads=(1, 2))

    found = [(c["group"], c["threads"], c["first"], c["second"]) for c in done.other["contrasts"]]
    assert found == [
        (group, threads, "echo", other)
        for group in ("long", "short", "all")
        for threads in (1, 2)
        for other in ("slow", "wrong")
    ]
    wrong = [c["difference"] for c in done.other["contrasts"] if c["second"] == "wrong"]
    letters_in_all = len(done.items)
    assert wrong[:4] == [0.0, 0.0, 0.5, 0.5]  # it takes b for ?, one of the two short letters
    assert wrong[4:] == pytest.approx([1 / letters_in_all] * 2)


def test_fresh_processes_of_every_contender_show_its_start(letters: Letters) -> None:
    done = compare(letters, ("echo", "slow"), rounds=1, threads=(1, 2), launches=2)

    starts = [case for case in done.cases if case.scenario == "fresh-process"]
    assert [(case.engine, case.other["threads"]) for case in starts] == [
        ("echo", 1),
        ("slow", 1),
        ("echo", 2),
        ("slow", 2),
    ]
    for case in starts:
        assert of(case, "load").launch == (0, 1)
        assert min(of(case, "peak_memory").values) > 2**20


def test_a_fresh_process_that_dies_is_a_failure_and_the_contest_goes_on(
    letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LETTERS_PARENT", str(os.getpid()))
    done = compare(letters, ("echo", "dying"), rounds=1, launches=1)

    assert [(e.case, e.kind) for e in done.errors] == [("letters/dying/start@1", "died")]
    assert len(interleaved(done)) == 2
    assert not done.passed


def test_what_one_refuses_is_left_out_for_all(letters: Letters) -> None:
    done = compare(letters, ("echo", "picky", "wrong"), rounds=2)

    assert [(f.case, f.item, f.kind) for f in done.errors] == [
        ("letters/picky/capital@1", "b", "refused")
    ]
    assert all(set(of(case, "latency").item) == {"a", "c"} for case in done.cases)


def test_a_fault_is_raised_after_the_run_is_kept(letters: Letters) -> None:
    kept: list[Run] = []
    with pytest.raises(RuntimeError, match="a fault of the engine"):
        compare(letters, ("echo", "faulty"), kept.append)

    (run,) = kept
    assert run.partial
    assert [error.kind for error in run.errors] == ["fault"]


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"engines": ("echo", "echo")}, "expected two different names or more"),
        ({"engines": ("echo",)}, "expected two different names or more"),
        ({"threads": ()}, "threads are"),
        ({"threads": (1, 1)}, "threads are"),
        ({"threads": (0,)}, "threads are"),
        ({"rounds": 0}, "rounds is 0"),
        ({"launches": -1}, "launches is -1"),
    ],
)
def test_a_contest_that_cannot_be_held_is_refused(
    letters: Letters, choices: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        contest.Contest(**{"workload": letters, "engines": ("a", "b"), "corpus": "abc", **choices})
