"""What is asked of a launch, and what it gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from asrbench.gate.sides import Name
from asrbench.gate.verdict import Unmeasured
from asrbench.measure.bounds import Bounds

SIDES: tuple[Name, Name] = ("base", "head")
BLOCKS = 24


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a case is called: so many times in a row, in so many blocks."""

    repeats: int = 1
    blocks: int = BLOCKS


@dataclass(frozen=True, slots=True)
class Asked:
    """What to ask of a launch.

    `cases` in their order; `tails` are those whose 95th percentile is judged; `paces` fills itself
    at the first launch, and stays, so that all launches are alike. `check` compares answers;
    `memory` reads what a call needs. `spin` makes the head's calls slower by that share.
    """

    cases: Sequence[str]
    tails: frozenset[str] = frozenset()
    check: bool = False
    memory: bool = True
    spin: float = 0.0
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(slots=True)
class Taken:
    """What a launch gave of one case: every call of each side, and what a call needs of memory."""

    amount: tuple[float, str] | None
    repeats: int
    calls: dict[Name, list[Mapping[str, Any]]] = field(
        default_factory=lambda: {"base": [], "head": []}
    )
    memory: dict[Name, float] = field(default_factory=dict)


@dataclass(slots=True)
class Launched:
    """What a launch gave: cases, load time and memory of each side's process, and what was lost."""

    number: int
    cases: dict[str, Taken] = field(default_factory=dict)
    load_s: dict[Name, float] = field(default_factory=dict)
    resident: dict[Name, float] = field(default_factory=dict)
    lost: list[Unmeasured] = field(default_factory=list)
    wrong: dict[str, dict[Name, str]] = field(default_factory=dict)
