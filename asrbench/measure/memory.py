"""The memory of this process, as the kernel counts it."""

from __future__ import annotations

import ctypes
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_bytes(status: Path = _STATUS) -> int | None:
    """Return the most memory resident at once, in bytes; None where the system does not tell.

    Read from VmHWM. `ru_maxrss` will not do: a child inherits the peak of a fat parent.
    """
    return _field("VmHWM", status)


def resident_bytes(status: Path = _STATUS) -> int | None:
    """Return the memory resident now (VmRSS), in bytes; None where the system does not tell."""
    return _field("VmRSS", status)


def trim() -> bool:
    """Give the system what malloc keeps for later; False where malloc cannot (not glibc)."""
    give_back = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if give_back is None:
        return False
    give_back(0)
    return True


def _field(wanted: str, status: Path) -> int | None:
    """Return a size of /proc/self/status in bytes; None where there is none."""
    if not status.exists():
        return None
    for line in status.read_text(encoding="ascii", errors="replace").splitlines():
        name, _, value = line.partition(":")
        if name == wanted:
            number, unit = value.split()
            if unit != "kB":
                raise ValueError(f"{wanted} is {value.strip()!r}; expected a number of kB")
            return int(number) * 1024
    return None
