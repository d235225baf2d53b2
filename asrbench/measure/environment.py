"""The environment a Run was taken in: what changes times, and nothing that names its owner."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import datetime, timezone
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from asrbench.workload import Build

_SOURCE = Path(__file__).parents[2]  # the checkout, when asrbench runs from one
_GOVERNOR = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
_CPU_INFO = Path("/proc/cpuinfo")


def describe(threads: int, build: Build | None = None, source: Path = _SOURCE) -> dict[str, Any]:
    """Return the machine, the software and the revision measured, as JSON values.

    `threads` is what the engine was given; `source` a folder of the checkout whose commit is noted.
    What the system does not tell is None. No environment variable and no host name is in it.
    """
    commit, dirty = _revision(source)
    return {
        "cpu": _cpu(),
        "isa": build.isa if build else None,
        "cores": len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1,
        "governor": _GOVERNOR.read_text().strip() if _GOVERNOR.exists() else None,
        "load": [round(value, 2) for value in os.getloadavg()],
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "compiler": build.compiler if build else None,
        "flags": build.flags if build else None,
        "commit": commit,
        "dirty": dirty,
        "threads": threads,
        "packages": _packages(),
        "taken_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


def _cpu() -> str | None:
    """Return the processor's model name."""
    if _CPU_INFO.exists():
        for line in _CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or None


def _revision(source: Path) -> tuple[str | None, bool | None]:
    """Return the commit around `source` and whether files differ from it; None outside one."""
    commit = _git(source, "rev-parse", "HEAD")
    if commit is None:
        return None, None
    changes = _git(source, "status", "--porcelain", "--untracked-files=no")
    return commit, None if changes is None else bool(changes)


def _git(folder: Path, *arguments: str) -> str | None:
    """Return what a git command prints; None where there is no git, no checkout or no commit."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _packages() -> dict[str, str]:
    """Return the versions of the distributions that this process has imported something of."""
    loaded = {name.partition(".")[0] for name in sys.modules}
    found = {}
    for distribution in distributions():
        tops = {file.parts[0].partition(".")[0] for file in distribution.files or ()}
        if tops & loaded:
            found[distribution.name] = distribution.version
    return dict(sorted(found.items(), key=lambda pair: pair[0].lower()))
