"""What a project says of itself to the gate: what to build, and which Cases to run.

[tool.asrbench.gate]
cases = ["mypackage.speed:cases"]      # functions that return Cases
tests = ["tests/test_speed.py"]        # files or ids of tests that use a benchmark fixture
figures = ["mypackage.speed:accuracy"] # functions that return numbers by name: {"wer": 0.05}
allocations = "mypackage._native:count_allocations"
tails = ["mypackage/decode*"]          # cases whose 95th percentile is judged
instructions = ["mypackage/*"]         # cases that callgrind counts
install = ["numpy", "pytest"]          # beside the project's own requirements
extras = ["test"]                      # extras of the project to install
build = ["--no-build-isolation"]       # more words for `pip wheel`
beside = ["*.md", "docs/*"]            # files that nothing that is measured depends on
threads = 1
[tool.asrbench.gate.variables]         # environment of both sides
[tool.asrbench.gate.counted]           # and more of it while instructions are counted
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from asrbench.errors import PolicyError
from asrbench.gate.policy import Policy, parse

FILE = "pyproject.toml"
_LISTS = ("tests", "tails", "instructions", "install", "extras", "build", "beside")


@dataclass(frozen=True, slots=True)
class Project:
    """A project's own words; the fields are those of the table. Invariants: something to run."""

    folder: Path
    cases: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    instructions: tuple[str, ...] = ()
    install: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    build: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    allocations: str | None = None
    threads: int = 1
    variables: Mapping[str, str] = field(default_factory=dict)
    counted: Mapping[str, str] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)

    def __post_init__(self) -> None:
        """Refuse a project that names nothing to measure."""
        if not self.cases and not self.tests:
            raise PolicyError(
                f"{self.folder / FILE}: [tool.asrbench.gate] names no cases and no tests; "
                'expected cases = ["package.module:function"] or tests = ["tests/test_speed.py"]'
            )

    @property
    def told(self) -> dict[str, Any]:
        """What a side is told."""
        return {
            "cases": list(self.cases),
            "tests": list(self.tests),
            "figures": list(self.figures),
            "allocations": self.allocations,
        }

    def has_tail(self, case: str) -> bool:
        """Whether a case's 95th percentile is judged."""
        return any(fnmatchcase(case, pattern) for pattern in self.tails)

    def is_beside(self, file: str) -> bool:
        """Whether nothing that is measured depends on a file, called as from the project."""
        return any(fnmatchcase(file, pattern) for pattern in self.beside)

    def is_counted(self, case: str) -> bool:
        """Whether callgrind counts a case's instructions."""
        return any(fnmatchcase(case, pattern) for pattern in self.instructions)


def read(folder: Path) -> Project:
    """Return what the pyproject.toml in a folder says.

    Raises PolicyError that names the file, and the line where it can, the value and what was
    expected.
    """
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8")
        value = _toml(text)
    except (OSError, ValueError) as error:
        raise PolicyError(f"{path}: {error}; expected a project's pyproject.toml") from error
    table: Any = value
    for name in ("tool", "asrbench", "gate"):
        table = table.get(name) if isinstance(table, dict) else None
    if not isinstance(table, dict):
        raise PolicyError(f"{path}: no table [tool.asrbench.gate]; expected what to run in it")
    told = dict(table)
    policy = parse(told.pop("policy", []), text, str(path))
    for key, entry in told.items():
        if key not in _EXPECTED:
            raise PolicyError(f"{path}: no key {key!r} in the table; expected {sorted(_EXPECTED)}")
        fits, expected = _EXPECTED[key]
        if not fits(entry):
            raise PolicyError(f"{path}: {key} is {entry!r}; expected {expected}")
    made: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in told.items()}
    return Project(folder, policy=policy, **made)


def _texts(entry: Any) -> bool:
    return isinstance(entry, list) and all(isinstance(one, str) for one in entry)


def _place(entry: Any) -> bool:
    return isinstance(entry, str) and ":" in entry


def _places(entry: Any) -> bool:
    return _texts(entry) and all(map(_place, entry))


def _variables(entry: Any) -> bool:
    return isinstance(entry, dict) and all(isinstance(one, str) for one in entry.values())


def _count(entry: Any) -> bool:
    return isinstance(entry, int) and not isinstance(entry, bool) and entry >= 1


_EXPECTED: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "cases": (_places, "a list such as ['package.module:function']"),
    "figures": (_places, "a list such as ['package.module:function']"),
    "allocations": (_place, "'package.module:function'"),
    **dict.fromkeys(_LISTS, (_texts, "a list of texts")),
    "variables": (_variables, "texts by name"),
    "counted": (_variables, "texts by name"),
    "threads": (_count, "1 or more"),
}


def _toml(text: str) -> Mapping[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    found: Mapping[str, Any] = tomllib.loads(text)
    return found
