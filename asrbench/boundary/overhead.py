"""What a call costs over an empty call of Python, function by function and toolkit by toolkit.

    python -m asrbench.boundary.overhead [--rounds 40] [--engine native ...]

In each round every function of every engine is called in a loop, in random order, and so is
Python's empty function: the table holds medians over rounds of the difference within a round, in
nanoseconds, with the loop in neither.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from asrbench import engine
from asrbench.boundary.calls import ARGUMENTS, Calls
from asrbench.boundary.cases import Calling
from asrbench.engine import EngineOptions
from asrbench.errors import EngineError
from asrbench.measure.statistics import median

EMPTY = "nothing"
ORACLE = "python"
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Cost:
    """A function's cost through an engine: seconds a call over Python's empty one, by round.

    Invariants: a value or more.
    """

    engine: str
    function: str
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse a cost that was not measured."""
        if not self.values:
            raise ValueError(f"{self.engine} {self.function} has no values; expected one or more")

    @property
    def typical_ns(self) -> float:
        """The median over rounds, in nanoseconds."""
        return 1e9 * median(self.values)


def costs(
    engines: Mapping[str, Calling], clock: Clock, rounds: int, repeats: int, seed: int = 0
) -> list[Cost]:
    """Measure every function of the engines. Raises EngineError without the oracle among them."""
    if ORACLE not in engines:
        raise EngineError(f"engines are {list(engines)}; expected {ORACLE} among them")
    order = [(name, function) for name in engines for function in ARGUMENTS]
    shuffle = random.Random(seed).shuffle  # noqa: S311  an order, no secret
    took: dict[tuple[str, str], list[float]] = {pair: [] for pair in order}
    for _ in range(rounds):
        shuffle(order)
        for name, function in order:
            calls = Calls(function, repeats)
            began = clock()
            engines[name].run(calls)
            took[name, function].append((clock() - began) / repeats)
    empty = took[ORACLE, EMPTY]
    return [
        Cost(name, function, tuple(t - e for t, e in zip(values, empty, strict=True)))
        for (name, function), values in took.items()
    ]


def table(measured: Sequence[Cost]) -> list[str]:
    """Return the medians, a line an engine."""
    names = list(dict.fromkeys(cost.engine for cost in measured))
    found = {(cost.engine, cost.function): cost.typical_ns for cost in measured}
    head = "ns over an empty call" + "".join(f"{function:>11}" for function in ARGUMENTS)
    return [head] + [
        f"{name:<21}" + "".join(f"{found[name, function]:11.0f}" for function in ARGUMENTS)
        for name in names
    ]


def _built(name: str) -> Calling | None:
    """Return an engine, or None and say what it lacks."""
    try:
        return engine.build("boundary", name, EngineOptions())
    except EngineError as error:
        print(error, file=sys.stderr)
        return None


def main(arguments: list[str] | None = None) -> None:
    """Measure what is there, as the command line asks, and print it; what is not there is named."""
    known = list(engine.installed("boundary"))
    parser = argparse.ArgumentParser(prog="asrbench.boundary.overhead", description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--engine", action="append", choices=known)
    chosen = parser.parse_args(arguments)
    names = dict.fromkeys([ORACLE, *(chosen.engine or known)])
    there = {name: made for name in names if (made := _built(name)) is not None}
    print("\n".join(table(costs(there, time.perf_counter, chosen.rounds, 5000))))


if __name__ == "__main__":
    main()
