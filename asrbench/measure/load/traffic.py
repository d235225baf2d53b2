"""A process takes a load, is watched while it does, and is ended; what it found is a Traffic."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from asrbench.measure.bounds import Ending, death, end, killed_for_memory
from asrbench.measure.command import last_words
from asrbench.measure.isolate import environment
from asrbench.measure.load.arrivals import Load, Speed, announced_s
from asrbench.measure.load.child import Task
from asrbench.measure.load.findings import Lines, found
from asrbench.measure.load.trace import FILE, Request, Trace
from asrbench.measure.watch import Watch

PATIENCE_S = 600.0  # without any answer, after which a process is taken to hang
_EVERY_S = 0.05

Enough = Callable[[Load, Sequence[Request]], bool]


def never(load: Load, requests: Sequence[Request]) -> bool:  # noqa: ARG001
    """Let a load go on to its end."""
    return False


@dataclass(slots=True)
class Traffic:
    """What became of a load: all that its process found, as far as it came.

    `loaded`, `ready` and `compared` are the findings of those names, None where it did not get
    there. `warm` are the lines of the warm-up, `calls` those under load by the request's number.
    `ending` says why the process ended early, unless that was `interrupted` (Ctrl-C) or enough.
    """

    task: Task
    loaded: Mapping[str, Any] | None = None
    ready: Mapping[str, Any] | None = None
    compared: Mapping[str, Any] | None = None
    warm: list[Mapping[str, Any]] = field(default_factory=list)
    calls: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    ending: Ending | None = None
    raised: str | None = None  # the type of the error where it ended by one
    interrupted: bool = False

    @property
    def load(self) -> Load:
        """The load as it was, with its rate."""
        rate = self.ready["rate"] if self.ready else None
        return self.task.load if rate is None else replace(self.task.load, rate=rate)

    @property
    def speed(self) -> Speed | None:
        """How fast the engine was before the load; None where it refused everything."""
        return Speed(*self.ready["speed"]) if self.ready and self.ready["speed"] else None

    def take_in(self, folder: Path, calls: Lines, trace: Trace) -> bool:
        """Read what is new; say whether anything was."""
        before = (self.loaded is None, self.ready is None)
        self.loaded = self.loaded or found(folder, "loaded.json")
        self.ready = self.ready or found(folder, "ready.json")
        rows, requests = calls.read(), trace.read()
        self.warm += [row for row in rows if "pass" in row]
        self.calls.update({row["request"]: row for row in rows if "request" in row})
        self.requests += requests
        return bool(rows or requests) or before != (self.loaded is None, self.ready is None)


def take(
    task: Task, watch: Watch, enough: Enough = never, patience_s: float = PATIENCE_S
) -> Traffic:
    """Do a task in a process of its own and return what it found, however it ended.

    The process is ended once `enough` says so, on Ctrl-C, and when nothing new came from it for
    `patience_s` seconds.
    """
    traffic = Traffic(task)
    with tempfile.TemporaryDirectory(prefix="asrbench-") as name:
        folder = Path(name)
        calls, trace = Lines(folder / "calls.jsonl"), Trace(folder / FILE)
        ended_by_us = False
        killed = killed_for_memory()
        try:
            with _process(task, folder) as process:
                heard_s = time.monotonic()
                began_s: float | None = None
                while process.poll() is None:
                    time.sleep(_EVERY_S)
                    if traffic.take_in(folder, calls, trace):
                        heard_s = time.monotonic()
                    if traffic.ready is not None and began_s is None:
                        began_s = time.monotonic()
                        watch.begin(traffic.load.scenario)
                    _tell(traffic, watch, began_s)
                    if enough(traffic.load, traffic.requests):
                        ended_by_us = True
                        break
                    if time.monotonic() - heard_s > patience_s:
                        traffic.ending = Ending("hung", f"no answer within {patience_s:g} s")
                        ended_by_us = True
                        break
        except KeyboardInterrupt:
            traffic.interrupted = ended_by_us = True
        traffic.take_in(folder, calls, trace)
        traffic.compared = found(folder, "compared.json")
        raised = found(folder, "raised.json")
        if raised is not None:
            traffic.raised = raised["type"]
            traffic.ending = Ending("raised", raised["message"])
        elif not ended_by_us and process.returncode != 0:
            with (folder / "noise.txt").open("rb") as noise:
                said = last_words(noise.fileno())
            traffic.ending = death(process.returncode, said, killed, killed_for_memory())
    return traffic


@contextmanager
def _process(task: Task, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start the process, in a session of its own, and end it with all that it started."""
    with (folder / "noise.txt").open("wb") as noise:
        request = {**asdict(task), "folder": str(folder), "parent": os.getpid()}
        process = subprocess.Popen(
            [sys.executable, "-m", "asrbench.measure.load.child", json.dumps(request)],
            stdin=subprocess.DEVNULL,
            stdout=noise,
            stderr=subprocess.STDOUT,
            env=environment(),
            start_new_session=True,
        )
        try:
            yield process
        finally:
            end(process)


def _tell(traffic: Traffic, watch: Watch, began_s: float | None) -> None:
    """Say how far the warm-up or the load is."""
    if traffic.loaded is None:
        return
    if began_s is None or traffic.ready is None or traffic.speed is None:
        items = len(traffic.loaded["items"])
        done = len(traffic.warm)
        watch.at(min(1.0, done / items), f"warm-up, {done} calls")
        return
    lasts_s = announced_s(traffic.load, traffic.speed)
    rate = f" at {traffic.load.rate:.3g}/s" if traffic.load.rate else ""
    note = f"{len(traffic.requests)} answers{rate}, {lasts_s:.0f} s announced"
    watch.at(min(1.0, (time.monotonic() - began_s) / lasts_s), note)
