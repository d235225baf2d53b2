"""Quantities that cannot be read beside the clock: a pass of their own, or fresh processes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import asrbench.engine
import asrbench.workload
from asrbench.engine import EngineOptions
from asrbench.errors import EngineError
from asrbench.measure import callgrind
from asrbench.measure.bounds import Bounds
from asrbench.measure.isolate import isolate
from asrbench.measure.meters import KINDS, Meter
from asrbench.measure.run import Failure
from asrbench.measure.samples import Samples
from asrbench.measure.scenario import Instruments
from asrbench.workload import Case

Told = Callable[[float, str], None]  # how far it is, 0 to 1, and at which item
Read = tuple[tuple[Samples, ...], tuple[Failure, ...]]  # at most one Samples


def check(names: Sequence[str], engine: object) -> None:
    """Raise MeterError where one of the meters cannot be read on this machine, of this engine.

    Raises KeyError for a name that is not in KINDS.
    """
    for name in names:
        if KINDS[name].how == "counted":
            callgrind.command(Path())
        else:
            KINDS[name].make(engine)


def read_apart(cases: Sequence[Case[Any]], instruments: Instruments, told: Told) -> Read:
    """Call each prepared case once more, with the one meter given round it.

    Refused items are left out.
    """
    (meter,) = instruments.meters
    values: list[tuple[str, float]] = []
    for number, case in enumerate(cases):
        told(number / len(cases), case.item)
        try:
            done = instruments.measure(case, instruments.clock, instruments.meters)
        except EngineError:
            meter.stop()
            continue  # the timed stream has listed it
        values.append((case.item, done.values[meter.name]))
    return _samples(meter, values), ()


def read_fresh(
    cases: Sequence[Case[Any]],
    name: str,
    arguments: Mapping[str, Any],
    told: Told,
    bounds: Bounds,
) -> Read:
    """Call each case in a fresh process of its own; `arguments` are those of `measured`, but two.

    A process that gives no answer is a failure, and the others go on. Each may take no more than
    `bounds`, but where instructions are counted, which takes long.
    """
    values: list[tuple[str, float]] = []
    failures: list[Failure] = []
    counted = KINDS[name].how == "counted"
    if counted:
        cases = [min(cases, key=lambda case: case.amount.value)]
        bounds = Bounds()
    for number, case in enumerate(cases):
        told(number / len(cases), case.item)
        with tempfile.TemporaryDirectory(prefix="asrbench-") as folder:
            before = callgrind.command(Path(folder)) if counted else []
            given = {**arguments, "item": case.item, "meter": name}
            answer = isolate(measured, given, bounds.seconds, before, bounds.memory_bytes)
        if answer.ending is None:
            values.append((case.item, answer.value["value"]))
            shape = answer.value
        else:
            kind, message = answer.ending.kind, f"{name}: {answer.ending.message}"
            failures.append(Failure(case.name, case.item, kind, message))
    if not values:
        return (), tuple(failures)
    samples = Samples(
        shape["metric"],
        shape["unit"],
        shape["better"],
        values=tuple(value for _, value in values),
        item=tuple(item for item, _ in values),
        launch=tuple(range(len(values))),
    )
    return (samples,), tuple(failures)


def measured(
    workload: str,
    engine: str,
    threads: int,
    model: str | None,
    corpus: str,
    limit: int | None,
    item: str,
    meter: str,
) -> dict[str, Any]:
    """Call one case in this process, which has to be a fresh one, with a meter round the call.

    Where instructions are counted the case runs once before, so that what is done only once is
    not in the count; the peak is that of the first call.
    """
    built = asrbench.engine.build(
        workload, engine, EngineOptions(threads, Path(model) if model else None)
    )
    record = asrbench.workload.find(workload)
    cases = record.cases(built, record.corpus(corpus, limit), lambda: built)
    case = next(case for case in cases if case.item == item)
    case.prepare()
    if KINDS[meter].how == "counted":
        case.run()
    reader = KINDS[meter].make(built)
    reader.start()
    case.run()
    value = reader.stop()
    built.close()
    return {
        "value": value,
        "metric": reader.name,
        "unit": reader.unit,
        "better": reader.better,
    }


def _samples(meter: Meter, values: Sequence[tuple[str, float]]) -> tuple[Samples, ...]:
    """Return the values of a meter by item; nothing where there are none."""
    if not values:
        return ()
    column = tuple(value for _, value in values)
    items = tuple(item for item, _ in values)
    return (Samples(meter.name, meter.unit, meter.better, column, item=items),)
