"""Meters are read before and after a call; here is the one list of them."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Protocol

from asrbench.measure.allocations import Allocations
from asrbench.measure.callgrind import Callgrind
from asrbench.measure.counters import CACHE_MISSES, CYCLES, RETIRED, Counter
from asrbench.measure.peak import Peak
from asrbench.workload import Better

WALL = "wall"  # always read, by the scenario's clock; its samples are the metric "latency"
DEFAULT = (WALL, "cpu", "switches")


class Meter(Protocol):
    """Something that is read before and after a call."""

    @property
    def name(self) -> str:
        """What the metric is called in a Run."""
        ...

    @property
    def unit(self) -> str:
        """The unit of its values."""
        ...

    @property
    def better(self) -> Better:
        """Which way is good."""
        ...

    def start(self) -> None:
        """Be read before the call."""
        ...

    def stop(self) -> float:
        """Return what the call took."""
        ...


@dataclass(slots=True)
class Growth:
    """What a running total of the system grew by during a call; `read` returns the total."""

    name: str
    unit: str
    read: Callable[[], float]
    better: Better = "lower"
    _before: float = field(default=0.0, init=False)

    def start(self) -> None:
        """Keep the total of before."""
        self._before = self.read()

    def stop(self) -> float:
        """Return how much the total has grown."""
        return self.read() - self._before


@dataclass(frozen=True, slots=True)
class Kind:
    """How a meter is made, and how it is put round the work.

    beside   read round every timed call, outside the clock; costs microseconds
    apart    a pass of its own, a value an item: it would disturb the clock
    fresh    a fresh process, a value an item: what the process did before would disturb it
    counted  a fresh process under callgrind, the shortest item only: it is 50 times slower, and
             minutes a second of work where that is fused multiply-adds, which it emulates;
             meant for small cases
    `make` is given the engine that is to be called, and raises MeterError where this machine, or
    that engine, does not let the quantity be read.
    """

    how: Literal["beside", "apart", "fresh", "counted"]
    about: str
    make: Callable[[object], Meter]


def _involuntary() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw


def _minor() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def _major() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_majflt


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        WALL: Kind(
            "beside", "seconds on the clock", lambda _: Growth("wall", "s", time.perf_counter)
        ),
        "cpu": Kind(
            "beside",
            "seconds of CPU, all threads of the process",
            lambda _: Growth("cpu", "s", time.process_time),
        ),
        "thread-cpu": Kind(
            "beside",
            "seconds of CPU, the calling thread",
            lambda _: Growth("thread_cpu", "s", time.thread_time),
        ),
        "switches": Kind(
            "beside",
            "involuntary context switches: how often others took the processor",
            lambda _: Growth("switches", "times", _involuntary),
        ),
        "minor-faults": Kind(
            "beside",
            "page faults served from memory",
            lambda _: Growth("minor_faults", "pages", _minor),
        ),
        "major-faults": Kind(
            "beside",
            "page faults that waited for a disk",
            lambda _: Growth("major_faults", "pages", _major),
        ),
        "cycles": Kind("beside", "processor cycles, hardware", lambda _: Counter("cycles", CYCLES)),
        "retired": Kind(
            "beside", "instructions retired, hardware", lambda _: Counter("retired", RETIRED)
        ),
        "cache-misses": Kind(
            "beside", "last-level misses, hardware", lambda _: Counter("cache_misses", CACHE_MISSES)
        ),
        "peak": Kind(
            "apart", "memory a call needs at most, beyond what was held before", lambda _: Peak()
        ),
        "fresh-peak": Kind(
            "fresh", "the same of the first call of a fresh process", lambda _: Peak("fresh_peak")
        ),
        "allocations": Kind(
            "apart",
            "how often the engine's core allocates, where the engine counts that",
            lambda engine: Allocations("allocations", engine),
        ),
        "allocated-bytes": Kind(
            "apart",
            "the bytes of these allocations, freed again or not",
            lambda engine: Allocations("allocated_bytes", engine),
        ),
        "instructions": Kind("counted", "instructions, by callgrind", lambda _: Callgrind()),
    }
)
