"""Single-stream: one item after another, the next when the last is done: MLPerf's first rule."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from asrbench.errors import EngineError
from asrbench.measure.interleave import Clock
from asrbench.measure.run import Failure
from asrbench.measure.samples import Samples
from asrbench.workload import Case

NAME = "single-stream"


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop: after the pass that brings `values` values, or after `seconds`.

    The first pass is always whole, so that accuracy is that of the whole corpus. `seed` orders the
    items of each pass anew. Invariants: all above zero, the seed apart.
    """

    seconds: float = 240.0
    values: int = 200
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse limits that nothing could be measured in."""
        if not self.seconds > 0:
            raise ValueError(f"seconds is {self.seconds}; expected more than zero")
        if self.values < 1:
            raise ValueError(f"values is {self.values}; expected one or more")


@dataclass(frozen=True, slots=True)
class Stream:
    """What a scenario brings back.

    `latency` is None when nothing was measured. `stages` has a Samples for each stage that the
    engine told of. `outputs` is the first output of each item, by its id. `failures` are the items
    refused, which later passes leave out. `interrupted` says that Ctrl-C ended it.
    """

    latency: Samples | None
    stages: tuple[Samples, ...]
    outputs: Mapping[str, Any]
    failures: tuple[Failure, ...]
    interrupted: bool


@dataclass(slots=True)
class _Column:
    """The values of one metric while they are still coming in."""

    values: list[float] = field(default_factory=list)
    item: list[str] = field(default_factory=list)
    block: list[int] = field(default_factory=list)
    at_s: list[float] = field(default_factory=list)

    def add(self, value: float, item: str, block: int, at_s: float) -> None:
        self.values.append(value)
        self.item.append(item)
        self.block.append(block)
        self.at_s.append(at_s)

    def samples(self, metric: str) -> Samples:
        return Samples(
            metric,
            "s",
            "lower",
            tuple(self.values),
            item=tuple(self.item),
            block=tuple(self.block),
            at_s=tuple(self.at_s),
        )


def single_stream(
    cases: Sequence[Case[Any]],
    clock: Clock,
    limits: Limits,
    stages: Callable[[Any], Mapping[str, float]],
    progress: Callable[[int, float], None],
) -> Stream:
    """Run prepared cases one after another, in passes over all of them in random order.

    `stages` says how many seconds an output spent in each stage; `progress` is told the values so
    far and the seconds since the beginning, after each value. Every latency is in seconds and kept.
    An EngineError takes its item out of later passes and is listed; any other error is a fault of
    the engine and is raised. Ctrl-C ends the stream with what was measured so far.
    """
    chance = random.Random(limits.seed)  # noqa: S311  an order, not a secret
    latency = _Column()
    parts: dict[str, _Column] = {}
    outputs: dict[str, Any] = {}
    failures: list[Failure] = []
    left = list(cases)
    start = clock()
    block = 0
    interrupted = False
    try:
        while left and len(latency.values) < limits.values:
            for case in chance.sample(left, len(left)):
                began = clock()
                if block > 0 and began - start >= limits.seconds:
                    break
                try:
                    output = case.run()
                except EngineError as error:
                    failures.append(Failure(case.name, case.item, "refused", str(error)))
                    left.remove(case)
                    continue
                took = clock() - began
                latency.add(took, case.item, block, began - start)
                for stage, seconds in stages(output).items():
                    column = parts.setdefault(stage, _Column())
                    column.add(seconds, case.item, block, began - start)
                outputs.setdefault(case.item, output)
                progress(len(latency.values), clock() - start)
            if clock() - start >= limits.seconds:
                break
            block += 1
    except KeyboardInterrupt:
        interrupted = True
    return Stream(
        latency=latency.samples("latency") if latency.values else None,
        stages=tuple(column.samples(f"stage/{name}") for name, column in parts.items()),
        outputs=outputs,
        failures=tuple(failures),
        interrupted=interrupted,
    )
