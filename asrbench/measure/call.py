"""A call is one run of one case as it happened, told to whoever listens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from asrbench.workload import Amount


@dataclass(frozen=True, slots=True)
class Measured:
    """What a call brought: its output, seconds on the clock, and what each meter read, by metric.

    `first` says that it was the first call of a process of its own, which is not yet warm.
    """

    output: Any
    took_s: float
    values: Mapping[str, float]
    first: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """What became of one call: which item, in which pass, when (seconds since the first), how long.

    `status` is "ok", "refused" (EngineError), "fault" (anything else an engine raised), or, of an
    engine in a process of its own, "raised", "died", "hung" or "memory".
    Invariants: what is not ok has a `message`, what is ok has none.
    """

    item: str
    amount: Amount
    block: int
    began_s: float
    took_s: float
    status: Literal["ok", "refused", "fault", "raised", "died", "hung", "memory"] = "ok"
    output: Any = None
    message: str = ""

    def __post_init__(self) -> None:
        """Refuse a failure without a reason, and a success with one."""
        if (self.status == "ok") == bool(self.message):
            raise ValueError(f"a call is {self.status} with message {self.message!r}")

    @property
    def ended_s(self) -> float:
        """Seconds from the first call's beginning to the end of this one."""
        return self.began_s + self.took_s


Listener = Callable[[Call], None]


def unheard(call: Call) -> None:
    """Do nothing: a Listener for who wants to hear of no call."""
