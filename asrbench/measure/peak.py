"""The memory that a call needs at most, beyond what the process held before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from asrbench.errors import MeterError
from asrbench.measure.memory import peak_bytes, resident_bytes, trim
from asrbench.workload import Better

_RESET = Path("/proc/self/clear_refs")


@dataclass(slots=True)
class Peak:
    """Peak resident memory of a call, in bytes: a Meter.

    Before the call malloc gives back what it keeps (else a repeat would read 0, served from there)
    and the kernel's high-water mark is set back to what is resident; after it, the mark tells, also
    of memory that was held for a microsecond. What the call touches anew counts, whoever allocated
    it. Raises MeterError where there is no such mark. Source: proc(5), clear_refs, value 5.
    """

    name: str = "peak"
    unit: str = "bytes"
    better: Better = "lower"
    _before: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Refuse a system on which it would read nonsense."""
        if resident_bytes() is None or not _RESET.exists():
            raise MeterError(f"{self.name}: there is no {_RESET}; expected Linux")
        if not trim():
            raise MeterError(f"{self.name}: malloc has no malloc_trim; expected glibc")

    def start(self) -> None:
        """Trim, and set the mark back."""
        trim()
        _RESET.write_bytes(b"5")
        self._before = resident_bytes() or 0

    def stop(self) -> float:
        """Return how far the mark rose."""
        return float(max(0, (peak_bytes() or 0) - self._before))
