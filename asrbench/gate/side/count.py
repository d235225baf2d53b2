"""What can be counted of a call within the process: memory, allocations, instructions."""

from __future__ import annotations

import ctypes
import gc
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")
_OUT = "ASRBENCH_CALLGRIND"  # where callgrind writes, told to the process that runs under it
_CONTROL = "callgrind_control"


def peak_bytes(call: Callable[[], Any]) -> int | None:
    """Return the memory a call needs at most beyond what is held; None where the system is mute.

    Source: proc(5), clear_refs, value 5, which sets the high-water mark back.
    """
    give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if give_back is None or not _RESET.exists():
        return None
    call()
    gc.collect()
    give_back(0)
    _RESET.write_bytes(b"5")
    before = _status("VmRSS")
    call()
    return max(0, _status("VmHWM") - before)


def resident_bytes() -> int | None:
    """Return the most memory this process held at once; None where the system does not tell."""
    return _status("VmHWM") if _STATUS.exists() else None


def allocations(
    call: Callable[[], Any], counting: Callable[[bool], tuple[int, int]]
) -> tuple[int, int]:
    """Return how often a call allocates, and the bytes; the first call is left out."""
    call()
    before = counting(True)
    call()
    after = counting(False)
    return after[0] - before[0], after[1] - before[1]


class Instructions:
    """Counts instructions in a process that runs under callgrind."""

    def __init__(self) -> None:
        """Begin to instrument, and count what the counting itself costs."""
        self._out = os.environ[_OUT]
        self._dumps = 0
        self._tell("--instr=on")
        for _ in range(2):  # the first time, Python does some things that it does only once
            self._tell("--zero")
            self._own, _ = self._count()

    def of(self, call: Callable[[], Any]) -> tuple[int, str]:
        """Return the instructions of a call, and callgrind's file of them."""
        call()
        self._tell("--zero")
        call()
        total, dump = self._count()
        return max(0, total - self._own), dump

    def _count(self) -> tuple[int, str]:
        self._tell("--dump")
        self._dumps += 1
        path = f"{self._out}.{self._dumps}"
        found = re.search(r"^(?:totals|summary): (\d+)", Path(path).read_text(), re.MULTILINE)
        if found is None:
            raise RuntimeError(f"{path} has no totals; expected a line 'totals: N'")
        return int(found[1]), path

    def _tell(self, order: str) -> None:
        null = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
        arguments = [_CONTROL, order, str(os.getpid())]
        child = os.posix_spawnp(_CONTROL, arguments, os.environ, file_actions=null)
        _, status = os.waitpid(child, 0)
        if status != 0:
            raise RuntimeError(f"{' '.join(arguments)} failed with status {status}")


def _status(wanted: str) -> int:
    for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
        name, _, value = line.partition(":")
        if name == wanted:
            return int(value.split()[0]) * 1024
    raise RuntimeError(f"{_STATUS} has no {wanted}; expected one")
