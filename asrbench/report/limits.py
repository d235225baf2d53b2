"""How fast items are that name their limit, and what part of the limit's rate that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from asrbench.measure.run import CaseResult, Item, Run
from asrbench.measure.samples import Samples
from asrbench.measure.statistics import Estimate, median, ratio
from asrbench.workload import Amount

RATE, SHARE = "rate", "share_of_limit"
_LEAST = 6  # rounds below which no 95 % interval exists

Row: TypeAlias = tuple[str, float | None, str, str]  # a figure's name, value, unit, what it is of


def rows(run: Run, case: CaseResult) -> list[Row]:
    """Return the rate of each item that names a limit, its share of it, and the rate of limits.

    Nothing for a case whose items name none. A share is that of the rates in the same round, with
    a 95 % interval over rounds.
    """
    latency = case.metric("latency")
    kept = {item.id: _kept(item, case) for item in run.items}
    amounts = {item.id: _amount(item, kept[item.id]) for item in run.items}
    named = {
        name: limit
        for name, about in kept.items()
        if (limit := about.get("limit")) in amounts and amounts[limit].unit == amounts[name].unit
    }
    if latency is None or not named:
        return []
    taken = _rounds(latency)
    found: list[Row] = []
    for name in [n for n in amounts if n in taken and (n in named or n in named.values())]:
        amount = amounts[name]
        middle = median(tuple(taken[name].values()))
        note = f"median of {len(taken[name])}"
        found.append((f"{RATE}/{name}", amount.value / middle, f"{amount.unit}/s", note))
        if name in named:
            limit = named[name]
            share = _share(taken[name], amount, taken.get(limit, {}), amounts[limit])
            found.append((f"{SHARE}/{name}", *_told(limit, *share)))
    return found


def _told(limit: str, share: Estimate | None, rounds: int) -> tuple[float | None, str, str]:
    """Return a share as value, unit and note; without a value where there are too few rounds."""
    if share is None:
        return None, "fraction", f"of {limit}: {rounds} of {_LEAST} rounds"
    interval = f"95 % {100 * share.low:.1f} to {100 * share.high:.1f}"
    return share.value, "fraction", f"of {limit}, {interval}, {rounds} rounds"


def _share(
    kernel: Mapping[int, float], amount: Amount, limit: Mapping[int, float], bound: Amount
) -> tuple[Estimate | None, int]:
    """Return the ratio of an item's rate to its limit's, and over how many rounds."""
    both = sorted(kernel.keys() & limit.keys())
    found = ratio([limit[r] / bound.value for r in both], [kernel[r] / amount.value for r in both])
    return found, len(both)


def _rounds(latency: Samples) -> dict[str, dict[int, float]]:
    """Return the seconds of each item by round."""
    found: dict[str, dict[int, float]] = {}
    for item, block, value in zip(latency.item, latency.block, latency.values, strict=True):
        if item is not None and block is not None:
            found.setdefault(item, {})[block] = value
    return found


def _kept(item: Item, case: CaseResult) -> Mapping[str, Any]:
    """Return what a Run keeps of an item; of several engines', what is the case's own."""
    engines = item.kept.get("engines")
    if engines is None:
        return item.kept
    found: Mapping[str, Any] = engines.get(f"{case.engine}@{case.other.get('threads')}", {})
    return found


def _amount(item: Item, kept: Mapping[str, Any]) -> Amount:
    """Return the bytes of an item where reading bounds it, else its amount of work."""
    return Amount(kept["bytes"] / 1e9, "GB") if "bytes" in kept else item.amount
