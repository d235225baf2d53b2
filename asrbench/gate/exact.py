"""What is exact is read once a side: figures, allocations, and instructions under callgrind."""

from __future__ import annotations

import math
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from asrbench.errors import MeterError, WorkerError
from asrbench.gate.functions import inclusive
from asrbench.gate.sides import Name, Place, Process
from asrbench.measure import callgrind
from asrbench.measure.bounds import Bounds

Answer = Mapping[str, Any]


@dataclass(slots=True)
class Counts:
    """What was read of both sides: `values[case, metric][side]`, and why something was not.

    `functions` are inclusive instructions by function, by case and side.
    """

    values: dict[tuple[str, str], dict[Name, float]] = field(default_factory=dict)
    lost: list[tuple[str, Name, str]] = field(default_factory=list)
    functions: dict[str, dict[Name, Mapping[str, int]]] = field(default_factory=dict)

    def put(self, case: str, metric: str, side: Name, value: float) -> None:
        """Keep a value."""
        self.values.setdefault((case, metric), {})[side] = value


def figures(places: Mapping[Name, Place], bounds: Bounds, case: str) -> Counts:
    """Return the numbers that the project's own functions give on each side there is."""
    counts = Counts()
    for side in places:
        try:
            with Process(places[side], bounds) as process:
                answer = process.ask("figures")
        except WorkerError as error:
            answer = {"raised": str(error)}
        if "raised" in answer:
            counts.lost.append((case, side, answer["raised"]))
            continue
        for name, value in answer["figures"].items():
            if math.isfinite(value):
                counts.put(case, name, side, value)
            else:
                message = f"{name} is {value}; expected a finite number"
                counts.lost.append((case, side, message))
    return counts


def allocations(places: Mapping[Name, Place], cases: Sequence[str], bounds: Bounds) -> Counts:
    """Return how often a call of each case allocates on each side, by the project's own counter."""
    counts = Counts()

    def kept(side: Name, case: str, answer: Answer) -> None:
        counts.put(case, "allocations", side, answer["calls"])
        counts.put(case, "allocated_bytes", side, answer["bytes"])

    for side in places:
        _each(places[side], cases, "allocations", bounds, kept, counts.lost)
    return counts


def instructions(
    places: Mapping[Name, Place],
    cases: Sequence[str],
    variables: Mapping[str, str],
    bounds: Bounds,
) -> Counts:
    """Return the instructions of a call of each case; both sides are counted at once.

    Counting disturbs nobody and is disturbed by nobody, so one processor each is well used.
    Raises MeterError where there is no valgrind.
    """
    counts = Counts()

    def one(side: Name) -> None:
        place = replace(places[side], variables={**places[side].variables, **variables})
        with tempfile.TemporaryDirectory(prefix="asrbench-") as folder:

            def kept(side: Name, case: str, answer: Answer) -> None:
                counts.put(case, "instructions", side, answer["instructions"])
                counts.functions.setdefault(case, {})[side] = inclusive(_annotated(answer["dump"]))

            before = callgrind.command(Path(folder))
            _each(place, cases, "instructions", bounds, kept, counts.lost, before)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, places))
    return counts


def _each(
    place: Place,
    cases: Sequence[str],
    ask: str,
    bounds: Bounds,
    keep: Callable[[Name, str, Answer], None],
    lost: list[tuple[str, Name, str]],
    before: Sequence[str] = (),
) -> None:
    """Ask a side one thing of every case; what is lost is listed."""
    at: str | None = None
    left = list(cases)
    try:
        with Process(place, bounds, before) as process:
            told = process.ask("cases", names=list(cases))
            while not told.get("over"):
                if "lost" in told:
                    if told["kind"] != "wrong":  # an answer that is wrong is the launches' matter
                        lost.append((told["lost"], place.side, told["message"]))
                    told = process.hear()
                    continue
                at = told["ready"]
                left.remove(at)
                answer = process.ask(ask)
                if "lost" not in answer:
                    keep(place.side, at, answer)
                    process.send({"ask": "next"})
                    answer = process.hear()
                told = answer
    except WorkerError as error:
        lost.extend((case, place.side, str(error)) for case in ([at] if at else []) + left)


def _annotated(dump: str) -> str:
    """Return what callgrind_annotate, which comes with valgrind, says of a file of callgrind's."""
    tool = shutil.which("callgrind_annotate")
    if tool is None:
        raise MeterError("instructions: no callgrind_annotate; apt-get install valgrind")
    return subprocess.run(
        [tool, "--inclusive=yes", "--threshold=99.9", dump],
        capture_output=True,
        text=True,
        check=True,
        errors="replace",
    ).stdout


def merge(into: Counts, more: Counts) -> None:
    """Put what was read later to what was read before."""
    into.values.update(more.values)
    into.lost += more.lost
    into.functions.update(more.functions)
