"""Records held to rules where they lie: in any bytes-like buffer, which is not copied."""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from asrbench.errors import OptionError
from asrbench.jsonlog import core
from asrbench.jsonlog.answer import Census
from asrbench.jsonlog.query import CAP

Buffer: TypeAlias = bytes | bytearray | memoryview | mmap.mmap
Must = Literal["any", "number", "integer", "text", "bool"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a field must be.

    required     there, and not null
    least, most  bounds of a number, inclusive
    among        the texts that are allowed; none: any
    Invariants: least <= most; bounds belong to numbers, and texts to texts.
    """

    must: Must = "any"
    required: bool = True
    least: float | None = None
    most: float | None = None
    among: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a rule that nothing keeps."""
        bounds = self.least is not None or self.most is not None
        if bounds and self.must not in ("any", "number", "integer"):
            raise OptionError(f"a rule for {self.must} has bounds; expected them for a number")
        if self.among and self.must not in ("any", "text"):
            raise OptionError(f"a rule for {self.must} has texts; expected them for a text")
        if self.least is not None and self.most is not None and not self.least <= self.most:
            raise OptionError(f"bounds are {self.least} to {self.most}; expected least <= most")


@dataclass(frozen=True, slots=True)
class Report:
    """How many records keep all rules, and what became of the lines.

    A line that breaks a rule is bad for the first reason: missing, type, range or choice.
    """

    records: int
    census: Census

    @property
    def kept(self) -> bool:
        """Whether no line is bad."""
        return not self.census.bad


def check(
    source: Buffer,
    rules: Mapping[str, Rule],
    *,
    strict: bool = False,
    cap: int = CAP,
    deadline_s: float | None = None,
) -> Report:
    """Hold every line of a buffer to rules by field; it must not be written to meanwhile.

    Raises TypeError for what lends no contiguous bytes, OptionError, DeadlineError.
    """
    given = [
        (name, rule.must, rule.required, rule.least, rule.most, list(rule.among))
        for name, rule in rules.items()
    ]
    found = core.core().validate(source, given, strict, cap, deadline_s)
    return Report(found["records"], core.census(found))
