"""Reads what libFuzzer writes: how far it is, what it can see, and why it stopped.

Format: https://llvm.org/docs/LibFuzzer.html#output; status lines begin with `#` and the number of
executions.
"""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass
from pathlib import Path

_STATUS = re.compile(r"#(\d+)\s+[A-Z]\w*\s+cov: (\d+) ft: (\d+)")
_SPEED = re.compile(r"exec/s: (\d+)")
_COUNTERS = re.compile(r"Loaded \d+ modules\s+\((\d+) inline 8-bit counters\)")
_FUNCTIONS = re.compile(r"INFO: Instrumented (\d+) Python functions")
_FINAL = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
_DONE = re.compile(r"Done (\d+) runs? in")
_REASONS = (
    re.compile(r"runtime error: .*"),
    re.compile(r"SUMMARY: \w+Sanitizer: .*"),
    re.compile(r"=== Uncaught Python exception: ===\n(.*)"),
    re.compile(r"ERROR: libFuzzer: .*"),
)


@dataclass(frozen=True, slots=True)
class Status:
    """How far one process of libFuzzer is.

    `counters` is the number of native places whose executions it sees, `functions` of Python
    functions that are instrumented: with 0 of both it is blind.
    Invariant: no number is below 0.
    """

    executions: int = 0
    per_second: int = 0
    coverage: int = 0
    features: int = 0
    counters: int = 0
    functions: int = 0

    def __post_init__(self) -> None:
        """Refuse numbers below 0."""
        if min(astuple(self)) < 0:
            raise ValueError(f"{self} has a number below 0")


def status(text: str) -> Status:
    """Return the last state that a log tells of."""
    lines = _STATUS.findall(text)
    speeds = _SPEED.findall(text)
    executions = [int(number) for number, _, _ in lines]
    executions += [int(number) for number in [*_FINAL.findall(text), *_DONE.findall(text)]]
    return Status(
        executions=max(executions, default=0),
        per_second=int(speeds[-1]) if speeds else 0,
        coverage=int(lines[-1][1]) if lines else 0,
        features=int(lines[-1][2]) if lines else 0,
        counters=sum(map(int, _COUNTERS.findall(text))),
        functions=sum(map(int, _FUNCTIONS.findall(text))),
    )


def reason(text: str) -> str:
    """Return in one line why the process stopped, as the log says it first."""
    for pattern in _REASONS:
        found = pattern.search(text)
        if found:
            return found[found.re.groups].strip()
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else "it said nothing"


def read(path: Path) -> str:
    """Return the text of a log, whatever bytes it has."""
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
