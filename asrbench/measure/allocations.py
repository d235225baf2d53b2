"""Allocations that an engine's native core makes in a call, as the engine itself counts them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from asrbench.engine import CountingEngine
from asrbench.errors import MeterError
from asrbench.workload import Better

_UNITS: dict[str, Literal["times", "bytes"]] = {"allocations": "times", "allocated_bytes": "bytes"}


def counting(engine: object) -> CountingEngine:
    """Return the engine, which counts its allocations; MeterError for one that does not.

    Nobody else can tell an engine's allocations from those of its process.
    """
    if not isinstance(engine, CountingEngine):
        who = getattr(engine, "name", type(engine).__name__)
        raise MeterError(
            f"engine {who!r} does not count its allocations; expected one with "
            "count_allocations(on), as asrbench.engine.CountingEngine has it"
        )
    return engine


@dataclass(slots=True)
class Allocations:
    """How often an engine's core allocates in a call, or how many bytes: a Meter.

    The core counts between start and stop, in all its threads, and what is freed again counts, too.
    Raises MeterError for an engine that does not count.
    Invariants: `name` is "allocations" or "allocated_bytes".
    """

    name: str
    engine: object
    better: Better = "lower"
    _before: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Refuse another name, and an engine that does not count."""
        if self.name not in _UNITS:
            raise ValueError(f"a meter of allocations named {self.name!r}; expected {[*_UNITS]}")
        self._total(on=False)

    @property
    def unit(self) -> str:
        """Times, or bytes."""
        return _UNITS[self.name]

    def start(self) -> None:
        """Have the engine count."""
        self._before = self._total(on=True)

    def stop(self) -> float:
        """Return what was counted since, and have the engine count no longer."""
        return float(self._total(on=False) - self._before)

    def _total(self, *, on: bool) -> int:
        """Tell the engine to count or not, and return its total so far."""
        count, size = counting(self.engine).count_allocations(on)
        return count if self.name == "allocations" else size
