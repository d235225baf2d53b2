"""The peak memory of this process, as the kernel counts it."""

from __future__ import annotations

from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_bytes(status: Path = _STATUS) -> int | None:
    """Return the most memory resident at once, in bytes; None where the system does not tell.

    Read from VmHWM. `ru_maxrss` will not do: a child inherits the peak of a fat parent.
    """
    if not status.exists():
        return None
    for line in status.read_text(encoding="ascii", errors="replace").splitlines():
        name, _, value = line.partition(":")
        if name == "VmHWM":
            number, unit = value.split()
            if unit != "kB":
                raise ValueError(f"VmHWM is {value.strip()!r}; expected a number of kB")
            return int(number) * 1024
    return None
