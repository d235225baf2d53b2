"""Drives one bug of the zoo as a test would, in a process of its own, and says what it sees.

    python asrbench/fuzz/instead.py zoo=FILE asrbench/fuzz/zoo_drive.py BUG WATCH

WATCH is what is looked at beside the tools around the process: answers (the oracle is Python's
sum), references, memory or time. A line that begins with FOUND tells of a bug; the last line is
"end of drive", without which the process was cut short.
"""

from __future__ import annotations

import argparse
import importlib
from array import array
from collections.abc import Callable, Iterator

from asrbench.fuzz.bound import Bound, exceeded
from asrbench.fuzz.growth import growth

FOUND = "FOUND "
END = "end of drive"
_ARMED = b"ZOO"
_CALLS = 5
_GROWTH_CALLS = 5000
_SIZES = (1000, 10_000, 50_000)  # bytes
_BOUND = Bound(fixed_s=0.1, per_unit_s=1e-6)
# what a bug needs beside being armed: a length, a step of 0
_REST = {"length_in_16_bits": b"\1" * 70_000, "endless_loop": b"\0\1\2\3"}

Run = Callable[[str, object], int]


def source(bug: str) -> bytes:
    """Return an input at which a bug bites."""
    return _ARMED + _REST.get(bug, bytes(range(1, 120)))


def answers(run: Run, bug: str) -> Iterator[str]:
    """Yield each answer that is not the oracle's; every call has an array that dies behind it."""
    expected = sum(source(bug))
    for number in range(_CALLS):
        found = run(bug, array("B", source(bug)))
        if found != expected:
            yield f"call {number} gives {found}; the oracle {expected}"


def references(run: Run, bug: str) -> Iterator[str]:
    """Yield what calls leave behind in the interpreter."""
    data = source(bug)
    yield from growth(lambda: run(bug, data), [data], _GROWTH_CALLS).kept()


def memory(run: Run, bug: str) -> Iterator[str]:
    """Yield what calls leave behind of memory."""
    data = source(bug)
    yield from growth(lambda: run(bug, data), [data], _GROWTH_CALLS).memory()


def seconds(run: Run, bug: str) -> Iterator[str]:
    """Yield how calls break the bound of their size."""
    for size in _SIZES:
        data = source(bug).ljust(size, b"\1")
        said = exceeded(lambda data=data: run(bug, data), len(data), _BOUND)  # type: ignore[misc]
        if said is not None:
            yield said


WATCHES: dict[str, Callable[[Run, str], Iterator[str]]] = {
    "answers": answers,
    "references": references,
    "memory": memory,
    "time": seconds,
}


def main(arguments: list[str] | None = None) -> None:
    """Drive the bug that the command line names."""
    parser = argparse.ArgumentParser(prog="zoo_drive", description=__doc__)
    parser.add_argument("bug")
    parser.add_argument("watch", choices=WATCHES)
    chosen = parser.parse_args(arguments)
    run: Run = importlib.import_module("zoo").run
    for said in WATCHES[chosen.watch](run, chosen.bug):
        print(f"{FOUND}{said}", flush=True)
    print(END, flush=True)


if __name__ == "__main__":
    main()
