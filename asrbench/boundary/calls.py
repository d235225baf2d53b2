"""What is timed: one of five functions, called so often that the clock does not count.

The loop is Python's, since a call comes out of Python; `overhead` takes its cost away again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from asrbench.workload import Amount

Answer: TypeAlias = float | int | NDArray[np.float32] | None

VALUES = np.linspace(-1, 1, 400, dtype=np.float32)
DATA = bytes(range(256))
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "nothing": (),
    "scalars": (3, 0.25),
    "array_in": (VALUES,),
    "array_out": (16,),
    "bytes_in": (DATA,),
}
REPEATS = 20_000


class Five(Protocol):
    """The five functions through some toolkit."""

    def nothing(self) -> None:
        """Do nothing."""
        ...

    def scalars(self, count: int, value: float, /) -> float:
        """Return count times value."""
        ...

    def array_in(self, values: NDArray[np.float32], /) -> float:
        """Return the first value and the last one, added."""
        ...

    def array_out(self, count: int, /) -> NDArray[np.float32]:
        """Return 0, 1, 2 and so on."""
        ...

    def bytes_in(self, data: bytes, /) -> int:
        """Return 256 times the number of bytes, and the last one added."""
        ...


@dataclass(frozen=True, slots=True)
class Calls:
    """A function of the five, called `repeats` times with the same arguments.

    Invariants: the function is one of the five; `repeats` is one or more.
    """

    function: str
    repeats: int = REPEATS

    def __post_init__(self) -> None:
        """Refuse another function, and no call."""
        if self.function not in ARGUMENTS:
            raise ValueError(f"function is {self.function!r}; expected one of {list(ARGUMENTS)}")
        if self.repeats < 1:
            raise ValueError(f"repeats is {self.repeats}; expected one or more")

    @property
    def amount(self) -> Amount:
        """The calls."""
        return Amount(float(self.repeats), "calls")

    def run(self, five: Five) -> Answer:
        """Call, again and again; return the last answer."""
        return loop(getattr(five, self.function), ARGUMENTS[self.function], self.repeats)


def loop(function: Callable[..., Answer], arguments: tuple[Any, ...], repeats: int) -> Answer:
    """Call a function so often and return its last answer; to unpack arguments would cost."""
    answer: Answer = None
    if not arguments:
        for _ in repeat(None, repeats):
            answer = function()
    elif len(arguments) == 1:
        (only,) = arguments
        for _ in repeat(None, repeats):
            answer = function(only)
    else:
        first, second = arguments
        for _ in repeat(None, repeats):
            answer = function(first, second)
    return answer
