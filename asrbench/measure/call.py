"""A call is one run of one case as it happened, told to whoever listens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from asrbench.workload import Amount


@dataclass(frozen=True, slots=True)
class Call:
    """What became of one call: which item, in which pass, when (seconds since the first), how long.

    `status` is "ok", "refused" (EngineError) or "fault" (anything else an engine raised).
    Invariants: what is not ok has a `message`, what is ok has none.
    """

    item: str
    amount: Amount
    block: int
    began_s: float
    took_s: float
    status: Literal["ok", "refused", "fault"] = "ok"
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
