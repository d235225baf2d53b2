"""Seconds spent in each stage of a recognition."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Stages:
    """A stopwatch with a hand for each stage.

    Invariants: `seconds` grows with every stretch of a stage; stages do not nest.
    """

    clock: Callable[[], float] = time.perf_counter
    seconds: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a stopwatch that has run before: a Transcript owns its seconds."""
        if self.seconds:
            raise ValueError(f"stages already hold {self.seconds}; expected none")

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Add the seconds that the block takes to `stage`."""
        started = self.clock()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + self.clock() - started
