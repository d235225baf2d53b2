"""What a process may take at most: who takes more is ended, and how a process ended is told."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from asrbench.measure.memory import resident_bytes

_EVENTS = Path("/proc/vmstat")
_LOOK_S = 0.02  # how often the memory of a process that has a limit is read: 20 us each


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a process gave no answer: it raised, died (signal, exit code), hung, or ate memory."""

    kind: Literal["raised", "died", "hung", "memory"]
    message: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most a process may take: seconds until its answer, bytes of resident memory (None: any).

    Memory is that of the process without its children, files that it maps included, and is looked
    at every 20 ms: a fast eater gets further before it is ended. Invariants: both above zero.
    """

    seconds: float = 600.0
    memory_bytes: int | None = None

    def __post_init__(self) -> None:
        """Refuse bounds that no process could keep."""
        if not self.seconds > 0:
            raise ValueError(f"seconds is {self.seconds}; expected more than zero")
        if self.memory_bytes is not None and self.memory_bytes < 1:
            raise ValueError(f"memory_bytes is {self.memory_bytes}; expected one or more")

    def broken_by(self, pid: int, done: Callable[[float], bool]) -> Ending | None:
        """Wait for a process until it is done; return how it broke a bound, None where it did not.

        `done` waits so many seconds at most and says whether it is done.
        """
        end = time.monotonic() + self.seconds
        while (left := end - time.monotonic()) > 0:
            if done(left if self.memory_bytes is None else min(left, _LOOK_S)):
                return None
            held = resident_bytes(Path(f"/proc/{pid}/status"))
            if self.memory_bytes is not None and held is not None and held > self.memory_bytes:
                megabytes, most = held / 1e6, self.memory_bytes / 1e6
                message = f"held {megabytes:.0f} MB; at most {most:.0f} MB are allowed"
                return Ending("memory", message)
        return Ending("hung", f"no answer within {self.seconds:g} s")


def killed_for_memory(events: Path = _EVENTS) -> int:
    """Return how many processes the kernel has killed since boot because memory ran out.

    Zero where the system does not tell. Source: proc(5), /proc/vmstat, oom_kill.
    """
    if events.exists():
        for line in events.read_text(encoding="ascii").splitlines():
            name, _, count = line.partition(" ")
            if name == "oom_kill":
                return int(count)
    return 0


def death(code: int, said: str, killed_before: int, killed_after: int) -> Ending:
    """Return how a process ended by its return code, with the last words it `said`.

    `killed_before` and `killed_after` are what `killed_for_memory` told around its life: a SIGKILL
    that we did not send, while they rose, was for memory.
    """
    words = said and f": {said}"
    if code == -signal.SIGKILL and killed_after > killed_before:
        return Ending("memory", f"killed by the kernel, which had no memory left{words}")
    if code < 0:
        return Ending("died", f"killed by {signal.Signals(-code).name}{words}")
    return Ending("died", f"exited with code {code} and no answer{words}")


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a process that leads a group, and of those it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
