"""From the calls of a launch to a value a side: what a metric is in one launch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from asrbench.gate.launched import SIDES, Launched, Taken
from asrbench.gate.metrics import PROJECT, STAGE
from asrbench.gate.rule import fastest_quarter
from asrbench.gate.sides import Name
from asrbench.gate.verdict import Launch
from asrbench.measure.statistics import carried, percentile

AUDIO = "audio_s"
_P = 0.95


def sampled(launched: Launched, tails: frozenset[str]) -> Iterator[tuple[str, str, Launch]]:
    """Return case, metric and values of both sides for everything a launch sampled."""
    for case, taken in launched.cases.items():
        for metric, pair in _of(case, taken, tails):
            yield case, metric, Launch(launched.number, *pair)
    for metric, by_side in (("load", launched.load_s), ("resident", launched.resident)):
        if all(by_side.get(side) for side in SIDES) and not launched.lost:
            yield PROJECT, metric, Launch(launched.number, by_side["base"], by_side["head"])


def alone(taken: Taken, side: Name, other: Name) -> list[str]:
    """Return the stages, as metrics, in which no call of the other side spent any time."""
    of: dict[Name, dict[str, None]] = {
        one: {
            stage: None
            for call in taken.calls[one]
            for stage, seconds in call["stages"].items()
            if seconds > 0
        }
        for one in SIDES
    }
    return [STAGE + stage for stage in of[side] if stage not in of[other]]


def _of(
    case: str, taken: Taken, tails: frozenset[str]
) -> Iterator[tuple[str, tuple[float, float]]]:
    base, head = (_walls(taken.calls[side]) for side in SIDES)
    times = (fastest_quarter(base), fastest_quarter(head))
    yield "time", times
    if taken.amount is not None and taken.amount[1] == AUDIO and taken.amount[0] > 0:
        yield "rtf", (times[0] / taken.amount[0], times[1] / taken.amount[0])
    if case in tails and carried(_P, min(len(base), len(head))):
        yield "p95", (percentile(base, _P), percentile(head, _P))
    if len(taken.memory) == len(SIDES):
        yield "peak_memory", (taken.memory["base"], taken.memory["head"])
    for stage in taken.calls["base"][0]["stages"]:
        seconds = [[call["stages"].get(stage) for call in taken.calls[side]] for side in SIDES]
        if all(v is not None and v > 0 for side in seconds for v in side):
            yield STAGE + stage, (fastest_quarter(seconds[0]), fastest_quarter(seconds[1]))


def _walls(calls: Sequence[Mapping[str, Any]]) -> list[float]:
    return [call["wall"] for call in calls]
