"""Instructions that a call executes, counted by callgrind in a process that runs under it."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from asrbench.errors import MeterError
from asrbench.workload import Better

_OUT = "ASRBENCH_CALLGRIND"  # where callgrind writes, told to the process that runs under it
_CONTROL = "callgrind_control"  # comes with valgrind


def command(folder: Path) -> list[str]:
    """Return the command to put before a process; callgrind writes into `folder`.

    The hash seed is fixed, so that Python takes the same way every time. What comes before the
    meter's start is not instrumented, and ten times faster for it. Raises MeterError where there is
    no valgrind.
    """
    valgrind = shutil.which("valgrind")
    if valgrind is None or shutil.which(_CONTROL) is None:
        raise MeterError("instructions: no valgrind on the PATH; apt-get install valgrind")
    out = folder / "callgrind.out"
    return [
        "env",
        "PYTHONHASHSEED=0",
        f"{_OUT}={out}",
        valgrind,
        "--tool=callgrind",
        "--quiet",
        "--instr-atstart=no",
        f"--callgrind-out-file={out}",
    ]


@dataclass(slots=True)
class Callgrind:
    """Instructions of all threads between start and stop: a Meter, in a process under `command`.

    The meter's own instructions are counted once, round nothing, and taken off.
    """

    name: str = "instructions"
    unit: str = "instructions"
    better: Better = "lower"
    _dumps: int = field(default=0, init=False)
    _own: int = field(default=0, init=False)
    _out: str = field(default="", init=False)

    def __post_init__(self) -> None:
        """Begin to instrument; refuse a process that does not run under callgrind."""
        self._out = os.environ.get(_OUT, "")
        if not self._out:
            raise MeterError("instructions: this process does not run under callgrind")
        self._tell("--instr=on")
        for _ in range(2):  # the first time, Python does some things that it does only once
            self._tell("--zero")
            self._own = self._count()

    def start(self) -> None:
        """Set the count to zero."""
        self._tell("--zero")

    def stop(self) -> float:
        """Have the count written, and read it."""
        return float(max(0, self._count() - self._own))

    def _count(self) -> int:
        """Return the instructions since the last zero."""
        self._tell("--dump")
        self._dumps += 1
        return total(Path(f"{self._out}.{self._dumps}").read_text(encoding="utf-8"))

    def _tell(self, order: str) -> None:
        """Have callgrind obey; the process waits, and takes the same way each time."""
        null = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
        arguments = [_CONTROL, order, str(os.getpid())]
        child = os.posix_spawnp(_CONTROL, arguments, os.environ, file_actions=null)
        _, status = os.waitpid(child, 0)
        if status != 0:
            raise MeterError(f"instructions: {' '.join(arguments)} failed with status {status}")


def total(dump: str) -> int:
    """Return the instructions of a file that callgrind wrote. Raises ValueError where it has none.

    Source: Valgrind's manual, Callgrind Format Specification, "totals".
    """
    found = re.search(r"^(?:totals|summary): (\d+)", dump, re.MULTILINE)
    if found is None:
        raise ValueError("callgrind's file has no totals; expected a line 'totals: N'")
    return int(found[1])
