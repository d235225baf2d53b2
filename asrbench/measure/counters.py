"""Hardware counters of this process, read through perf_event_open where the machine has them."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import weakref
from dataclasses import dataclass, field

from asrbench.errors import MeterError
from asrbench.workload import Better

_CALL = {"x86_64": 298, "aarch64": 241}  # the number of perf_event_open, by machine
_INHERIT, _EXCLUDE_KERNEL, _EXCLUDE_HYPERVISOR = 1 << 1, 1 << 5, 1 << 6
_ATTRIBUTES = struct.Struct("IIQQQQQIIQ")  # perf_event_attr, its first version


@dataclass(frozen=True, slots=True)
class Event:
    """What the kernel counts: `type` and `config` of perf_event_open(2), and the unit it is in."""

    type: int
    config: int
    unit: str


CYCLES = Event(0, 0, "cycles")
RETIRED = Event(0, 1, "instructions")
CACHE_MISSES = Event(0, 3, "misses")
PAGE_FAULTS = Event(1, 2, "pages")  # counted by the kernel itself, with or without such hardware


@dataclass  # no slots: a finalizer needs a weak reference
class Counter:
    """An event counted in this process and in threads it starts later: a Meter.

    Raises MeterError where the machine, or the system, does not let it be counted.
    """

    name: str
    event: Event
    better: Better = "lower"
    _file: int = field(default=-1, init=False)
    _before: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Begin to count."""
        self._file = _open(self.name, self.event)
        weakref.finalize(self, os.close, self._file)

    @property
    def unit(self) -> str:
        """The unit of the event."""
        return self.event.unit

    def start(self) -> None:
        """Keep the count of before."""
        self._before = self._count()

    def stop(self) -> float:
        """Return how much was counted since."""
        return float(self._count() - self._before)

    def _count(self) -> int:
        return int.from_bytes(os.read(self._file, 8), "little")


def _open(name: str, event: Event) -> int:
    """Return a file that counts an event in user space; MeterError with the system's reason."""
    number = _CALL.get(platform.machine()) if platform.system() == "Linux" else None
    if number is None:
        raise MeterError(f"{name}: no perf_event_open on {platform.system()} {platform.machine()}")
    flags = _INHERIT | _EXCLUDE_KERNEL | _EXCLUDE_HYPERVISOR
    attributes = _ATTRIBUTES.pack(
        event.type, _ATTRIBUTES.size, event.config, 0, 0, 0, flags, 0, 0, 0
    )
    call = ctypes.CDLL(None, use_errno=True).syscall
    file: int = call(number, attributes, 0, -1, -1, 0)
    if file < 0:
        why = os.strerror(ctypes.get_errno())
        raise MeterError(f"{name}: this machine lets no such event be counted ({why})")
    return file
