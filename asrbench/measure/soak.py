"""A soak reads the process's memory now and then, while the corpus goes round and round."""

from __future__ import annotations

from dataclasses import dataclass, field

from asrbench.errors import MeterError
from asrbench.measure.call import Call
from asrbench.measure.memory import resident_bytes, trim
from asrbench.measure.samples import Samples

METRIC = "resident_memory"
READINGS = 120  # of a soak, however long it is


@dataclass(slots=True)
class Soak:
    """A listener that reads resident memory between two calls, at most every `every_s` seconds.

    Malloc gives back what it keeps before each reading, so that what is seen is held by someone.
    Raises MeterError where the system does not tell the memory of a process.
    """

    every_s: float
    _due_s: float = field(default=0.0, init=False)
    _values: list[float] = field(default_factory=list, init=False)
    _block: list[int] = field(default_factory=list, init=False)
    _at_s: list[float] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """Refuse a system that does not tell."""
        if resident_bytes() is None:
            raise MeterError("a soak needs the process's memory: no /proc/self/status; use Linux")

    def __call__(self, call: Call) -> None:
        """Hear of a call; read the memory if it is time."""
        if call.ended_s < self._due_s:
            return
        trim()
        self._values.append(float(resident_bytes() or 0))
        self._block.append(call.block)
        self._at_s.append(call.ended_s)
        self._due_s = call.ended_s + self.every_s

    def samples(self) -> tuple[Samples, ...]:
        """Return the readings in bytes, with pass and time; nothing where there are none."""
        if not self._values:
            return ()
        return (
            Samples(
                METRIC,
                "bytes",
                "lower",
                tuple(self._values),
                block=tuple(self._block),
                at_s=tuple(self._at_s),
            ),
        )
