"""What a comparison of two engines says, group by group, computed from its Run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from asrbench.measure.run import CaseResult, Run
from asrbench.measure.samples import Samples
from asrbench.measure.statistics import Estimate, ratio


@dataclass(frozen=True, slots=True)
class Side:
    """One engine within a group: its speed, its score with the counts, its loops."""

    engine: str
    rtf: float | None
    score: Samples | None
    loops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Both engines on one kind of item.

    `ratio` is how many times as long the first engine takes as the second, with a 95 % interval
    over rounds; None where there are too few rounds. `contrast` is the Run's own record.
    """

    name: str
    items: int
    amount_s: float
    ratio: Estimate | None
    sides: tuple[Side, Side]
    contrast: Mapping[str, Any] | None


def groups(run: Run) -> list[Group]:
    """Return the groups of a comparison; empty where the Run compares nothing."""
    if len(run.cases) != 2 or "contrasts" not in run.other:
        return []
    names = sorted({str(item.kept["group"]) for item in run.items})
    return [_group(run, name) for name in names]


def _group(run: Run, name: str) -> Group:
    """One group of a Run."""
    amounts = {i.id: i.amount.value for i in run.items if i.kept["group"] == name}
    first, second = (_rounds(case, amounts) for case in run.cases)
    both = sorted(set(first) & set(second))
    contrasts: Sequence[Mapping[str, Any]] = run.other["contrasts"]
    return Group(
        name,
        len(amounts),
        math.fsum(amounts.values()),
        ratio([first[r] for r in both], [second[r] for r in both]) if both else None,
        (_side(run, run.cases[0], name, amounts), _side(run, run.cases[1], name, amounts)),
        next((contrast for contrast in contrasts if contrast["group"] == name), None),
    )


def _side(run: Run, case: CaseResult, group: str, amounts: Mapping[str, float]) -> Side:
    """One engine in one group."""
    rounds = _rounds(case, amounts)
    answered = _answered(case, amounts)
    audio = math.fsum(amounts[item] for item in answered)
    rtf = math.fsum(rounds.values()) / (audio * len(rounds)) if rounds else None
    loops = tuple(
        item.id
        for item in run.items
        if item.id in amounts and item.kept["engines"].get(case.engine, {}).get("loop")
    )
    return Side(case.engine, rtf, case.metric(f"wer/{group}"), loops)


def _answered(case: CaseResult, amounts: Mapping[str, float]) -> set[str]:
    """Return the items of a group that were timed."""
    latency = case.metric("latency")
    return set() if latency is None else {i for i in latency.item if i is not None and i in amounts}


def _rounds(case: CaseResult, amounts: Mapping[str, float]) -> dict[int, float]:
    """Seconds over all items of a group, for each round that was whole."""
    latency = case.metric("latency")
    if latency is None:
        return {}
    items = _answered(case, amounts)
    taken: dict[int, dict[str, float]] = {}
    for block, item, value in zip(latency.block, latency.item, latency.values, strict=True):
        if block is not None and item is not None and item in items:
            taken.setdefault(block, {})[item] = value
    return {block: math.fsum(t.values()) for block, t in taken.items() if set(t) == items}
