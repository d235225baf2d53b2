"""Where a case's instructions went: functions by how many more the head spends in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from asrbench.gate.verdict import Gated

_MOST = 0.8  # of the largest difference: a function with as much of it holds the change


@dataclass(frozen=True, slots=True)
class Spent:
    """Instructions that base and head spend in a function and in what it calls.

    `share` is the difference by the largest one of the case, which is the whole call's since counts
    are inclusive; 0 where nothing differs.
    """

    function: str
    base: int
    head: int
    share: float

    @property
    def difference(self) -> int:
        """How many more the head spends."""
        return self.head - self.base


def spent(gated: Gated, case: str) -> list[Spent]:
    """Return the functions of a case, the largest difference first; none where none are known."""
    lines: Sequence[tuple[str, int, int]] = gated.functions.get(case, ())
    largest = max((abs(head - base) for _, base, head in lines), default=0)
    found = [Spent(n, base, head, (head - base) / (largest or 1)) for n, base, head in lines]
    return sorted(found, key=lambda one: -one.difference)


def narrowest(gated: Gated, case: str) -> Spent | None:
    """Return the smallest function that has most of what was added; None where nothing was.

    Counts are inclusive, so every caller has the difference of what it calls. The one that spends
    least in all, of those with four fifths of the largest difference, is nearest to the cause.
    """
    lines = [one for one in spent(gated, case) if one.difference > 0]
    if not lines:
        return None
    enough = _MOST * lines[0].difference
    return min((one for one in lines if one.difference >= enough), key=lambda one: one.head)


def place(gated: Gated, case: str) -> str:
    """Return in words where a case's instructions grew; empty where that is not known."""
    one = narrowest(gated, case)
    return "" if one is None else f"in {one.function}: {one.difference:+,} instructions"
