"""How long a call may take for the size of its input: so much at all, so much for each unit.

Time is that of the processor, of all threads of the process: what others do on the machine does not
count, and neither does sleep. A call that exceeds its bound is tried again, since a first call may
make tables and touch new pages.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Bound:
    """The most processor time of a call: fixed_s + per_unit_s * size.

    Invariants: both are above 0 and finite.
    """

    fixed_s: float
    per_unit_s: float

    def __post_init__(self) -> None:
        """Refuse a bound that allows nothing, or everything."""
        if not (0 < self.fixed_s < float("inf") and 0 < self.per_unit_s < float("inf")):
            raise ValueError(f"{self}; expected seconds above 0 and finite")

    def seconds(self, size: int) -> float:
        """Return the most seconds that a call on an input of that size may take."""
        return self.fixed_s + self.per_unit_s * size


def exceeded(call: Callable[[], object], size: int, bound: Bound) -> str | None:
    """Return how a call breaks its bound each time it is tried, or None."""
    took_s: list[float] = []
    for _ in range(_TRIES):
        began = time.process_time()
        call()
        took_s.append(time.process_time() - began)
        if took_s[-1] <= bound.seconds(size):
            return None
    return f"{min(took_s):.3f} s for size {size}; expected at most {bound.seconds(size):.3f} s"
