"""Many streams at once: a thread each, until all is played, Ctrl-C, or a fault of the engine."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from asrbench.measure.interleave import Clock
from asrbench.measure.streaming.play import Open, Planned, Played, Wall, play, until_s
from asrbench.measure.streaming.virtual import VirtualClock

_LOOK_S = 0.1  # how often progress is told

Told = Callable[[float, Played | None], None]  # seconds so far; an item that has just ended


@dataclass(frozen=True, slots=True)
class Streamed:
    """What all streams brought: items by stream and time, how long it took, CPU seconds of all.

    `fault` is what an engine raised besides EngineError; it stopped the others.
    """

    played: tuple[Played, ...]
    took_s: float
    cpu_s: float
    interrupted: bool
    fault: Exception | None


def stream_all(
    begins: Sequence[Open], plans: Sequence[Sequence[Planned]], clock: Clock, told: Told
) -> Streamed:
    """Play each plan in a thread of its own, with the sessions that its `begins` opens.

    `told` is called in this thread. A push that goes on is waited for; the next is not made. A
    virtual clock is for one plan.
    """
    stop = threading.Event()

    def skip(seconds: float) -> bool:
        if isinstance(clock, VirtualClock):
            clock.skip(seconds)
        return stop.is_set()

    said: queue.SimpleQueue[Played | Exception | None] = queue.SimpleQueue()
    played: list[Played] = []
    faults: list[Exception] = []
    interrupted = False
    cpu_s = time.process_time()
    wait = skip if isinstance(clock, VirtualClock) else stop.wait
    wall = Wall(clock, wait, clock(), until_s(plans))
    threads = [
        threading.Thread(target=_run, args=(play(*one, wall), said), daemon=True)
        for one in zip(begins, plans, range(len(plans)), strict=True)
    ]

    def look() -> None:
        one = _heard(said)
        if isinstance(one, Exception):
            faults.append(one)
            stop.set()
            return
        if one is not None:
            played.append(one)
        told(wall.now(), one)

    for thread in threads:
        thread.start()
    try:
        while any(thread.is_alive() for thread in threads) or not said.empty():
            try:
                look()
            except KeyboardInterrupt:  # noqa: PERF203  heard once, it ends the loop a little later
                if interrupted:
                    raise  # asked twice: a push does not come back
                interrupted = True
                stop.set()
    finally:
        stop.set()
    return Streamed(
        tuple(sorted(played, key=lambda one: (one.stream, one.begins_s))),
        wall.now(),
        time.process_time() - cpu_s,
        interrupted,
        faults[0] if faults else None,
    )


def _run(items: Iterator[Played], said: queue.SimpleQueue[Played | Exception | None]) -> None:
    """Be the thread of a stream: say what has ended, a fault if there is one, None at last."""
    try:
        for played in items:
            said.put(played)
    except Exception as error:  # noqa: BLE001  not to go on: it is raised when all have stopped
        said.put(error)
    finally:
        said.put(None)  # wakes the reader


def _heard(said: queue.SimpleQueue[Played | Exception | None]) -> Played | Exception | None:
    """Return what a thread says next; None where it takes longer than progress may."""
    try:
        return said.get(timeout=_LOOK_S)
    except queue.Empty:
        return None
