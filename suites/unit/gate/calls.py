"""What a launch gave, made by hand: calls of both sides with their stages and memory."""

from collections.abc import Mapping, Sequence
from typing import Any

from asrbench.gate.launched import Launched, Taken


def call(wall: float, **stages: float) -> Mapping[str, Any]:
    return {"wall": wall, "cpu": wall / 2, "switches": 3, "stages": stages}


def taken(
    base: Sequence[Mapping[str, Any]],
    head: Sequence[Mapping[str, Any]],
    amount: tuple[float, str] | None = None,
    memory: tuple[float, float] | None = None,
    repeats: int = 1,
) -> Taken:
    found = Taken(amount, repeats, {"base": list(base), "head": list(head)})
    if memory is not None:
        found.memory = {"base": memory[0], "head": memory[1]}
    return found


def launched(number: int, cases: Mapping[str, Taken]) -> Launched:
    return Launched(
        number, dict(cases), {"base": 0.5, "head": 0.6}, {"base": 1000.0, "head": 2000.0}
    )
