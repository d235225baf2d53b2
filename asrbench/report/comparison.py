"""What a comparison of engines says, group by group, computed from its Run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from asrbench.measure.run import CaseResult, Run
from asrbench.measure.samples import Samples
from asrbench.measure.statistics import Estimate, ratio
from asrbench.measure.tally import ALL
from asrbench.workload import Amount


@dataclass(frozen=True, slots=True)
class Side:
    """One engine within a group: seconds an amount of work (for audio: RTF), score, loops."""

    engine: str
    rtf: float | None
    score: Samples | None
    loops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """The first engine of a group beside another one.

    `ratio` is how many times as long the first engine takes as the second, with a 95 % interval
    over rounds; None where there are too few rounds. `contrast` is the Run's own record of how
    their scores differ, None where nothing could be scored.
    """

    first: str
    second: str
    ratio: Estimate | None
    contrast: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Group:
    """All engines on one kind of item, each with the same number of threads.

    Invariants: two sides or more; a pair for each side but the first, in the same order.
    """

    name: str
    threads: int
    items: int
    amount: Amount
    sides: tuple[Side, ...]
    pairs: tuple[Pair, ...]

    def __post_init__(self) -> None:
        """Refuse pairs of other engines than the sides."""
        found = [(pair.first, pair.second) for pair in self.pairs]
        wanted = [(self.sides[0].engine, side.engine) for side in self.sides[1:]]
        if not wanted or found != wanted:
            raise ValueError(f"pairs are {found}; expected {wanted}, and one at least")


@dataclass(frozen=True, slots=True)
class Start:
    """What fresh processes of one engine showed: seconds to load it, to an answer, peak bytes."""

    engine: str
    threads: int
    load: Samples | None
    ready: Samples | None
    peak_memory: Samples | None


def timed(run: Run) -> list[CaseResult]:
    """Return the cases of a Run that were timed one item after another, or in turns."""
    return [case for case in run.cases if case.metric("latency") is not None]


def threads_of(run: Run, case: CaseResult) -> int:
    """Return the threads that a case's engine had: its own number, or that of the whole Run."""
    return int(case.other.get("threads", run.environment["threads"]))


def title(run: Run, case: CaseResult) -> str:
    """Return what a plot calls a case's engine; with its threads where a Run has several counts."""
    counts = {threads_of(run, other) for other in run.cases}
    return case.engine if len(counts) == 1 else f"{case.engine}, {threaded(threads_of(run, case))}"


def threaded(threads: int) -> str:
    """Return a number of threads in words."""
    return f"{threads} thread{'s' if threads > 1 else ''}"


def groups(run: Run) -> list[Group]:
    """Return the groups of a comparison; empty where the Run compares nothing."""
    if "contrasts" not in run.other:
        return []
    cases = [case for case in run.cases if case.scenario == "interleaved"]
    names = sorted({str(item.kept["group"]) for item in run.items})
    names += [ALL] if len(names) > 1 else []
    counts = dict.fromkeys(threads_of(run, case) for case in cases)
    return [
        _group(run, [c for c in cases if threads_of(run, c) == threads], name, threads)
        for threads in counts
        for name in names
    ]


def starts(run: Run) -> list[Start]:
    """Return what the fresh processes of each engine of a comparison showed."""
    if "contrasts" not in run.other:
        return []
    return [
        Start(
            case.engine,
            threads_of(run, case),
            case.metric("load"),
            case.metric("ready"),
            case.metric("peak_memory"),
        )
        for case in run.cases
        if case.scenario == "fresh-process"
    ]


def _group(run: Run, cases: Sequence[CaseResult], name: str, threads: int) -> Group:
    """One group of a Run, with one number of threads."""
    some = [item for item in run.items if name in (item.kept["group"], ALL)]
    amounts = {item.id: item.amount.value for item in some}
    return Group(
        name,
        threads,
        len(amounts),
        Amount(math.fsum(amounts.values()), some[0].amount.unit),
        tuple(_side(run, case, name, amounts) for case in cases),
        tuple(_pair(run, cases[0], other, name, amounts) for other in cases[1:]),
    )


def _pair(
    run: Run, one: CaseResult, other: CaseResult, group: str, amounts: Mapping[str, float]
) -> Pair:
    """Two engines in one group, over the rounds that both finished."""
    first, second = _rounds(one, amounts), _rounds(other, amounts)
    both = sorted(set(first) & set(second))
    key = {
        "group": group,
        "threads": threads_of(run, one),
        "first": one.engine,
        "second": other.engine,
    }
    contrasts: Sequence[Mapping[str, Any]] = run.other["contrasts"]
    return Pair(
        one.engine,
        other.engine,
        ratio([first[r] for r in both], [second[r] for r in both]) if both else None,
        next((c for c in contrasts if all(c[name] == key[name] for name in key)), None),
    )


def _side(run: Run, case: CaseResult, group: str, amounts: Mapping[str, float]) -> Side:
    """One engine in one group."""
    rounds = _rounds(case, amounts)
    answered = _answered(case, amounts)
    audio = math.fsum(amounts[item] for item in answered)
    rtf = math.fsum(rounds.values()) / (audio * len(rounds)) if rounds else None
    contender = f"{case.engine}@{threads_of(run, case)}"
    loops = tuple(
        item.id
        for item in run.items
        if item.id in amounts and item.kept["engines"].get(contender, {}).get("loop")
    )
    return Side(case.engine, rtf, _score(case, group), loops)


def _score(case: CaseResult, group: str) -> Samples | None:
    """Return a group's score, whatever metric the workload scores by; None where it has none."""
    return next((some for some in case.samples if some.metric.endswith(f"/{group}")), None)


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
