"""Samples are every measured value of one metric of one case, none averaged away."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from asrbench.workload import Better


@dataclass(frozen=True, slots=True)
class Samples:
    """One metric of one case, measured one or more times.

    `item` is the id of what was worked on, `launch` the number of the fresh process, `block` the
    pass or round, `at_s` the seconds since measuring began; each is parallel to `values`, or empty
    where it has no meaning. `counts` are whole numbers that explain a value (words, errors).
    `other` keeps fields of a Run file that this version does not know.

    Invariants: one value or more, every value finite; `better` says which way is good; a parallel
    tuple is as long as `values` or empty.
    """

    metric: str
    unit: str
    better: Better
    values: tuple[float, ...]
    item: tuple[str | None, ...] = ()
    launch: tuple[int | None, ...] = ()
    block: tuple[int | None, ...] = ()
    at_s: tuple[float | None, ...] = ()
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    other: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Refuse what would mislead a reader later."""
        if self.better not in ("lower", "higher"):
            raise ValueError(f"{self.metric}: better is {self.better!r}; expected lower or higher")
        if not self.values:
            raise ValueError(f"{self.metric}: no values; expected one or more")
        for index, value in enumerate(self.values):
            if not math.isfinite(value):
                raise ValueError(f"{self.metric}: values[{index}] is {value}; expected finite")
        for name in ("item", "launch", "block", "at_s"):
            length = len(getattr(self, name))
            if length not in (0, len(self.values)):
                raise ValueError(
                    f"{self.metric}: {name} has {length} entries; expected {len(self.values)} or 0"
                )
