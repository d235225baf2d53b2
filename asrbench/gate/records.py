"""Every call of a gate as two Runs, one a side, so that nothing is averaged away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from asrbench.gate.launched import Launched, Taken
from asrbench.gate.sides import Name
from asrbench.measure.run import CaseResult, Item, Run
from asrbench.measure.samples import Samples
from asrbench.workload import Amount

_SCENARIO = "interleaved"
_CALL = Amount(1.0, "calls")
_METERS = (("latency", "wall", "s"), ("cpu", "cpu", "s"), ("switches", "switches", "times"))


def run_of(
    side: Name,
    record: Sequence[Launched],
    settings: Mapping[str, Any],
    environment: Mapping[str, Any],
) -> Run:
    """Return what one side took, launch by launch and block by block, in the order of the calls.

    Seconds are those of a call, the mean of as many in a row as the case says in `repeats`.
    """
    names = dict.fromkeys(name for launched in record for name in launched.cases)
    cases = tuple(_case(side, name, record) for name in names)
    return Run(
        partial=False,
        environment=dict(environment),
        items=tuple(Item(case.name, case.amount) for case in cases),
        errors=(),
        cases=cases,
        settings={**settings, "side": side, "workload": "gate", "engine": side},
        other={"launches": [_process(side, launched) for launched in record]},
    )


def _case(side: Name, name: str, record: Sequence[Launched]) -> CaseResult:
    taken = [(one.number, one.cases[name]) for one in record if name in one.cases]
    first = taken[0][1]
    return CaseResult(
        name,
        "gate",
        side,
        _SCENARIO,
        _CALL if first.amount is None else Amount(*first.amount),
        None,
        tuple(_samples(side, taken)),
        other={"repeats": first.repeats},
    )


def _samples(side: Name, taken: Sequence[tuple[int, Taken]]) -> Iterator[Samples]:
    rows = [
        (number, block, call) for number, one in taken for block, call in enumerate(one.calls[side])
    ]
    launches = tuple(number for number, _, _ in rows)
    blocks = tuple(block for _, block, _ in rows)
    for metric, key, unit in _METERS:
        values = tuple(float(call[key]) for _, _, call in rows)
        yield Samples(metric, unit, "lower", values, launch=launches, block=blocks)
    for stage in dict.fromkeys(stage for _, _, call in rows for stage in call["stages"]):
        some = [(n, b, float(c["stages"][stage])) for n, b, c in rows if stage in c["stages"]]
        numbers, places, values = zip(*some, strict=True)
        yield Samples(f"stage:{stage}", "s", "lower", values, launch=numbers, block=places)
    memory = [(one.memory[side], number) for number, one in taken if side in one.memory]
    if memory:
        values, numbers = zip(*memory, strict=True)
        yield Samples("peak_memory", "bytes", "lower", values, launch=numbers)


def _process(side: Name, launched: Launched) -> dict[str, Any]:
    return {
        "launch": launched.number,
        "load_s": launched.load_s.get(side),
        "resident_bytes": launched.resident.get(side),
    }
