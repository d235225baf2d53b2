"""The passes before a load: they warm the engine, and say how fast it is when nothing waits."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from asrbench.errors import EngineError
from asrbench.measure.load.arrivals import Load, Speed
from asrbench.measure.load.findings import Folder
from asrbench.measure.load.workers import Ticket, Workers
from asrbench.workload import Case

_SHARE = 0.05  # of the load's time is spent in passes before it, one pass at least
_SHORT_S = 0.25  # the same of a load that lasts until enough was asked


@dataclass(slots=True)
class Warmth:
    """What the passes brought, by index of the case: first answers, reasons of refusals.

    `speed` is None where everything was refused.
    """

    outputs: dict[int, Any] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    speed: Speed | None = None


def warm_up(cases: Sequence[Case[Any]], load: Load, folder: Folder) -> Warmth:
    """Answer every prepared case through the load's workers, pass by pass.

    The shortest is called once before, for what is done only once. The throughput is that of
    all passes. A line for each call of the passes goes to the folder.
    """
    with contextlib.suppress(EngineError):  # refused: the pass will be told so, too
        min(cases, key=lambda case: case.amount.value).run()
    lasts_s = _SHORT_S if load.queries is not None else _SHARE * load.seconds
    warmth = Warmth()
    fastest_s = float("inf")
    answered = 0
    lock = threading.Lock()

    def heard(ticket: Ticket, took_s: float, output: Any, refusal: str) -> None:
        nonlocal fastest_s, answered
        with lock:
            if refusal:
                warmth.refused[ticket.index] = refusal
                return
            answered += 1
            fastest_s = min(fastest_s, took_s)
            warmth.outputs.setdefault(ticket.index, output)
        item = cases[ticket.index].item
        folder.line({"pass": ticket.number, "item": item, "took_s": took_s})

    workers = Workers(cases, heard, folder.fault)
    workers.start(load.workers)
    began = time.perf_counter()
    number = 0
    while number == 0 or (answered and time.perf_counter() - began < lasts_s):
        some = [index for index in range(len(cases)) if index not in warmth.refused]
        for index in some:
            workers.put(Ticket(number, index, lambda: None))
        workers.wait(len(some))
        if answered:
            warmth.speed = Speed(answered / (time.perf_counter() - began), fastest_s)
        number += 1
    return warmth


def left(cases: Sequence[Case[Any]], warmth: Warmth) -> tuple[list[Case[Any]], Mapping[int, Any]]:
    """Return the cases that were not refused, and their first answers by their new index."""
    kept = [index for index in range(len(cases)) if index not in warmth.refused]
    outputs = {new: warmth.outputs[old] for new, old in enumerate(kept) if old in warmth.outputs}
    return [cases[index] for index in kept], outputs
