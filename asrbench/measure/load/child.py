"""The process in which the load generator and the engine live: it warms up, then takes the load."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import asrbench.engine
import asrbench.workload
from asrbench.engine import EngineOptions
from asrbench.measure.load.arrivals import Load
from asrbench.measure.load.drive import drive
from asrbench.measure.load.findings import Folder
from asrbench.measure.load.warm import left, warm_up
from asrbench.measure.orphan import die_with
from asrbench.workload import Case, Workload


@dataclass(frozen=True, slots=True)
class Task:
    """What the process is to do.

    `check` answers of the warm-up are compared with the oracle's. Only the first `warm` items are
    in the warm-up (None: all, and they are scored); those in `without` are left out of everything.
    """

    workload: str
    engine: str
    threads: int
    model: str | None
    corpus: str
    limit: int | None
    load: Load
    check: int
    warm: int | None = None
    without: tuple[str, ...] = ()


def serve(task: Task, folder: Folder) -> None:
    """Load, warm up, check, take the load, compare; what is found goes to the folder."""
    workload = asrbench.workload.find(task.workload)
    corpus = workload.corpus(task.corpus, task.limit)
    options = EngineOptions(task.threads, Path(task.model) if task.model else None)
    built = asrbench.engine.build(task.workload, task.engine, options)
    oracle = functools.cache(lambda: asrbench.engine.build(task.workload, workload.oracle, options))
    every = workload.cases(built, corpus, oracle)
    items = [[case.item, case.amount.value, case.amount.unit] for case in every]
    folder.write("loaded.json", {"name": every[0].name, "items": items})
    some = [case for case in every if case.item not in task.without]
    for case in some:
        case.prepare()
    warmth = warm_up(some[: task.warm], task.load, folder)
    cases, outputs = left(some, warmth)
    load = task.load
    if load.searches and warmth.speed is not None:
        load = replace(load, rate=warmth.speed.throughput / 2)
    speed = warmth.speed
    folder.write(
        "ready.json",
        {
            "refused": [[some[index].item, why] for index, why in warmth.refused.items()],
            "speed": None if speed is None else [speed.throughput, speed.fastest_s],
            "rate": load.rate,
            "items": [case.item for case in cases],
            "score": _score(workload, corpus, cases, outputs) if task.warm is None else None,
            "checked": _checked(task, workload, cases, outputs),
        },
    )
    if speed is None:
        return
    answers = drive(cases, load, speed, workload.stages, folder)
    folder.write("compared.json", _compared(workload, cases, outputs, answers))


def _score(
    workload: Workload[Any, Any, Any],
    corpus: Any,
    cases: Sequence[Case[Any]],
    outputs: Mapping[int, Any],
) -> dict[str, Any]:
    """Return the score of the warm-up's answers."""
    score = workload.score(corpus, {cases[i].item: output for i, output in outputs.items()})
    return {
        "metric": score.metric,
        "unit": score.unit,
        "better": score.better,
        "value": score.value,
        "counts": dict(score.counts),
        "items": {item: dict(kept) for item, kept in score.items.items()},
    }


def _checked(
    task: Task,
    workload: Workload[Any, Any, Any],
    cases: Sequence[Case[Any]],
    outputs: Mapping[int, Any],
) -> dict[str, Any]:
    """Compare the first answers with the oracle's, unless the engine is the oracle."""
    some = [] if task.engine == workload.oracle else sorted(outputs)[: task.check]
    checks = [(cases[index].item, cases[index].check(outputs[index])) for index in some]
    return {
        "answers": len(checks),
        "mismatches": [[item, found.detail] for item, found in checks if not found.passed],
    }


def _compared(
    workload: Workload[Any, Any, Any],
    cases: Sequence[Case[Any]],
    outputs: Mapping[int, Any],
    answers: Mapping[int, Sequence[Any]],
) -> dict[str, Any]:
    """Say which answers under load are not those of before: threads that share too much."""
    pairs = [
        (cases[index].item, workload.agree(outputs[index], output))
        for index, kept in answers.items()
        for output in kept
        if index in outputs
    ]
    return {
        "answers": len(pairs),
        "mismatches": [[item, check.detail] for item, check in pairs if not check.passed],
    }


def main() -> None:
    """Do the task that the command line has as JSON."""
    given = json.loads(sys.argv[1])
    die_with(given.pop("parent"))
    folder = Folder(Path(given.pop("folder")))
    task = Task(**{**given, "load": Load(**given["load"]), "without": tuple(given["without"])})
    try:
        serve(task, folder)
    except Exception as error:  # noqa: BLE001  not to go on: the process ends with it
        folder.fault(error)
    os._exit(0)  # what is left are threads that wait for more


if __name__ == "__main__":
    main()
