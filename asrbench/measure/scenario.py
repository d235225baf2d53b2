"""Single-stream: one item after another, the next when the last is done: MLPerf's first rule."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from asrbench.errors import EngineError, Kind
from asrbench.measure.call import Call, Listener, Measured
from asrbench.measure.interleave import Clock
from asrbench.measure.meters import Meter
from asrbench.measure.run import Failure
from asrbench.measure.samples import Samples
from asrbench.measure.table import Table
from asrbench.workload import Better, Case

NAME = "single-stream"
FIRST = "first_"  # begins the metrics of a process's first call: cold stays apart from warm


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop: after the pass that brings `values` values, or after `seconds`.

    `values` is None where time alone decides. The first pass is always whole, so that accuracy is
    that of the whole corpus. `seed` orders the items of each pass anew. Invariants: all above
    zero, the seed apart.
    """

    seconds: float = 240.0
    values: int | None = 200
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse limits that nothing could be measured in."""
        if not self.seconds > 0:
            raise ValueError(f"seconds is {self.seconds}; expected more than zero")
        if self.values is not None and self.values < 1:
            raise ValueError(f"values is {self.values}; expected one or more")

    def reached(self, values: int, seconds: float) -> float:
        """Return how far a measurement is, 0 to 1: by time or by values, whichever is further."""
        by_values = 0.0 if self.values is None else values / self.values
        return min(1.0, max(by_values, seconds / self.seconds))


def here(case: Case[Any], clock: Clock, meters: Sequence[Meter]) -> Measured:
    """Call a case in this process, with the clock round the call and the meters round the clock."""
    for meter in meters:
        meter.start()
    began = clock()
    output = case.run()
    took = clock() - began
    return Measured(output, took, {meter.name: meter.stop() for meter in reversed(meters)})


@dataclass(frozen=True, slots=True)
class Instruments:
    """What is read round every call: the clock, and meters outside of it.

    `measure` makes the call: `here`, or where the engine is in a process of its own, there.
    """

    clock: Clock
    meters: tuple[Meter, ...] = ()
    measure: Callable[[Case[Any], Clock, Sequence[Meter]], Measured] = here


@dataclass(frozen=True, slots=True)
class Stream:
    """What a scenario brings back.

    `latency` is None when nothing was measured. `stages` has a Samples for each stage that the
    engine told of, `meters` one for each meter. `outputs` is the first output of each item, by its
    id. `failures` are the items refused, which later passes leave out. `interrupted` says that
    Ctrl-C ended it. `first` has the same metrics of calls that were the first of their process.
    """

    latency: Samples | None
    stages: tuple[Samples, ...]
    meters: tuple[Samples, ...]
    outputs: Mapping[str, Any]
    failures: tuple[Failure, ...]
    interrupted: bool
    first: tuple[Samples, ...] = ()


def single_stream(
    cases: Sequence[Case[Any]],
    instruments: Instruments,
    limits: Limits,
    stages: Callable[[Any], Mapping[str, float]],
    listen: Listener,
) -> Stream:
    """Run prepared cases one after another, in passes over all of them in random order.

    `stages` says how many seconds an output spent in each stage; `listen` is told of every call
    once it is over. Every latency is in seconds and kept.
    An EngineError takes its item out of later passes and is listed; any other error is a fault of
    the engine and is raised. Ctrl-C ends the stream with what was measured so far.
    """
    chance = random.Random(limits.seed)  # noqa: S311  an order, not a secret
    clock, meters = instruments.clock, instruments.meters
    table = Table()
    told: dict[str, None] = {}  # the stages, in the engine's order
    outputs: dict[str, Any] = {}
    failures: list[Failure] = []
    left = list(cases)
    start = clock()
    block = 0
    interrupted = False
    try:
        while left and (limits.values is None or len(table.item) < limits.values):
            for case in chance.sample(left, len(left)):
                if block > 0 and clock() - start >= limits.seconds:
                    break
                began = clock()
                try:
                    measured = instruments.measure(case, clock, meters)
                except EngineError as error:
                    why = str(error) or type(error).__name__
                    times = (began - start, clock() - began)
                    listen(_failed(error.kind, case, block, times, why))
                    failures.append(Failure(case.name, case.item, error.kind, why))
                    left.remove(case)
                    continue
                except Exception as error:
                    why = f"{type(error).__name__}: {error}"
                    listen(_failed("fault", case, block, (began - start, clock() - began), why))
                    raise
                output, took = measured.output, measured.took_s
                values = {**measured.values, "latency": took}
                for stage, seconds in stages(output).items():
                    told[stage] = None
                    values[f"stage/{stage}"] = seconds
                if measured.first:
                    values = {f"{FIRST}{metric}": value for metric, value in values.items()}
                call = Call(case.item, case.amount, block, began - start, took, output=output)
                table.add(call, values)
                outputs.setdefault(case.item, output)
                listen(call)
            if clock() - start >= limits.seconds:
                break
            block += 1
    except KeyboardInterrupt:
        interrupted = True
    spent = [f"stage/{stage}" for stage in told]
    kept: list[tuple[str, str, Better]] = [(name, "s", "lower") for name in ("latency", *spent)]
    kept += [(meter.name, meter.unit, meter.better) for meter in meters]
    return Stream(
        latency=next(iter(table.samples("latency")), None),
        stages=tuple(s for name in spent for s in table.samples(name)),
        meters=tuple(s for m in meters for s in table.samples(m.name, m.unit, m.better)),
        outputs=outputs,
        failures=tuple(failures),
        interrupted=interrupted,
        first=tuple(s for m, unit, way in kept for s in table.samples(FIRST + m, unit, way)),
    )


def _failed(
    status: Kind | Literal["fault"],
    case: Case[Any],
    block: int,
    times: tuple[float, float],
    message: str,
) -> Call:
    """Return a call that raised; `times` are seconds: when it began, how long it took."""
    return Call(case.item, case.amount, block, *times, status, message=message)
