"""What this machine has, and lacks, for measuring; each finding comes with its remedy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from asrbench.cli.engines import availability
from asrbench.errors import ModelError
from asrbench.measure.environment import describe
from asrbench.speech import weights, workload

_COUNTERS = Path("/sys/bus/event_source/devices/cpu")
_HARDWARE = "hardware counters"
_MEMORY = Path("/proc/meminfo")
_BUSY = 0.3  # load per core above which a wall-clock figure is not to be trusted
_ROOMY_BYTES = 2 << 30  # what the recognizer, an engine beside it and the harness need

_TOOLS = (
    # any of these commands, what it is for, what installs it
    (("g++", "c++"), "build the native extension", "apt-get install g++"),
    (("cmake",), "build the native extension", "pip install cmake"),
    (("ninja",), "build the native extension", "pip install ninja"),
    (("git",), "note the commit in a Run", "apt-get install git"),
    (("clang++-19",), "fuzzing, coverage", "apt-get install clang-19 lld-19 libclang-rt-19-dev"),
    (("clang-format",), "check the C++ sources", "pip install clang-format"),
    (("valgrind",), "memory errors, instruction counts", "apt-get install valgrind"),
    (("perf",), "hardware counters, native profiles", "apt-get install linux-perf"),
    (("qemu-x86_64",), "test the kernels of older CPUs", "apt-get install qemu-user"),
    (("flite",), "make the embedded corpus again", "apt-get install flite"),
    (("chromium", "google-chrome"), "test the HTML report", "apt-get install chromium"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked for.

    Invariants: `remedy` is empty when it is well. Without what is `needed` the main job cannot run.
    """

    topic: str  # "machine", "native", "weights", "engine", "corpus", "tool"
    name: str
    well: bool
    detail: str
    remedy: str = ""
    needed: bool = False

    def __post_init__(self) -> None:
        """Refuse a remedy for what is well."""
        if self.well and self.remedy:
            raise ValueError(f"{self.name} is well but has the remedy {self.remedy!r}")


def checkup() -> list[Finding]:
    """Look for everything that measuring may use, and return what was found, topic by topic."""
    return [
        *_machine(),
        counters(),
        _native(),
        trained_weights(),
        *_engines(),
        *_corpora(),
        *tools(),
    ]


def _machine() -> list[Finding]:
    here = describe(threads=1)
    cores, load, governor = here["cores"], here["load"], here["governor"]
    total, free = _memory_bytes()
    return [
        Finding("machine", "cpu", True, f"{here['cpu'] or 'unnamed'}, {cores} cores usable"),
        Finding("machine", "system", True, f"{here['kernel']}, {here['python']}"),
        _finding(
            "load",
            load[0] <= _BUSY * cores,
            f"{load[0]:.2f} over the last minute",
            "end what else runs: wall-clock figures taken now will scatter",
        ),
        _finding(
            "governor",
            governor in (None, "performance"),
            governor or "not shown by this machine (often a virtual one)",
            "cpupower frequency-set --governor performance",
        ),
        _finding(
            "memory",
            free >= _ROOMY_BYTES,
            f"{free / 2**30:.1f} of {total / 2**30:.1f} GiB available",
            f"have {_ROOMY_BYTES >> 30} GiB free",
        ),
    ]


def _finding(name: str, well: bool, detail: str, remedy: str) -> Finding:
    return Finding("machine", name, well, detail, "" if well else remedy)


def _memory_bytes() -> tuple[int, int]:
    """Return the machine's memory, and how much of it is available (Linux's estimate, else all)."""
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if _MEMORY.exists():
        for line in _MEMORY.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return total, int(line.split()[1]) << 10  # given in KiB
    return total, total


def counters(
    device: Path = _COUNTERS, ask: Callable[[Sequence[str]], str] | None = None
) -> Finding:
    """Tell whether the hardware counts cycles and instructions for us.

    A virtual machine has no `device`, or has one and `perf stat` says "<not supported>". `ask` runs
    a command and returns what it prints; None runs it where perf is installed.
    """
    remedy = "count instructions with valgrind instead"
    if not device.exists():
        return _finding(_HARDWARE, False, "absent", remedy)
    if ask is None and shutil.which("perf") is None:
        return _finding(_HARDWARE, False, "there, but no tool", "apt-get install linux-perf")
    said = (ask or _said)(["perf", "stat", "-x,", "-e", "cycles,instructions", "true"])
    if "instructions" in said and "<not" not in said:
        return _finding(_HARDWARE, True, "cycles, instructions", remedy)
    complaint = said.strip().partition("\n")[0] or "perf stat says nothing"
    return _finding(
        _HARDWARE, False, complaint, f"sysctl kernel.perf_event_paranoid=1, or {remedy}"
    )


def _said(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    return done.stdout + done.stderr


def _native() -> Finding:
    build = workload.build()
    if build is None:
        return Finding(
            "native",
            "asrbench._native",
            False,
            "not built",
            "pip install --no-build-isolation -e .",
            needed=True,
        )
    return Finding(
        "native", "asrbench._native", True, f"{build.isa}, {build.compiler}", needed=True
    )


def trained_weights() -> Finding:
    """Look for the pinned model, and hash it the first time."""
    try:
        found = weights.find()
    except ModelError as error:
        return Finding(
            "weights", weights.MODEL_NAME, False, str(error), weights.HOW_TO_GET, needed=True
        )
    return Finding(
        "weights", weights.MODEL_NAME, True, f"{found.source}, SHA-256 verified", needed=True
    )


def _engines() -> list[Finding]:
    return [
        Finding("engine", f"{one.workload}.{one.engine}", one.available, one.reason or "builds")
        for one in availability()
    ]


def _corpora() -> list[Finding]:
    return [
        Finding("corpus", one.name, one.available, one.where, "" if one.available else one.how)
        for one in workload.corpora()
    ]


def tools() -> list[Finding]:
    """Look for the commands that this project may use, in our environment and on PATH."""
    return [_tool(*tool) for tool in _TOOLS]


def _tool(commands: tuple[str, ...], purpose: str, install: str) -> Finding:
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    path = next(filter(None, (shutil.which(c, path=places) for c in commands)), None)
    return Finding("tool", commands[0], path is not None, purpose, "" if path else install)
