"""A command runs within bounds, and how it ended, with its last words, comes back as a value."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from asrbench.measure.bounds import Bounds, Ending, death, end, killed_for_memory

LAST = 2000  # characters of what a process wrote that are kept


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its return code, its last words, and the bound it broke, if it did.

    `death` is that bound, or what the return code means where the command was to do otherwise.
    """

    code: int
    said: str
    broke: Ending | None
    death: Ending


def run(
    command: Sequence[str],
    bounds: Bounds,
    given: bytes = b"",
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> Ended:
    """Run a command in `folder`, `given` on its standard input, in a session of its own.

    It is killed with all that it started when it breaks a bound, or when this process is
    interrupted. `variables` is its environment, ours where None.
    """
    killed = killed_for_memory()
    with tempfile.TemporaryFile() as noise:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=noise,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=None if variables is None else dict(variables),
            start_new_session=True,
        )
        try:
            _tell(process, given)
            broke = bounds.broken_by(process.pid, lambda step_s: _over(process, step_s))
        finally:
            end(process)
        said = last_words(noise.fileno())
    dead = broke or death(process.returncode, said, killed, killed_for_memory())
    return Ended(process.returncode, said, broke, dead)


def last_words(file: int) -> str:
    """Return the end of what is in an open file, by its descriptor."""
    size = os.fstat(file).st_size
    taken = os.pread(file, 4 * LAST, max(0, size - 4 * LAST))  # a character has 4 bytes at most
    return taken.decode(errors="replace").strip()[-LAST:]


def _tell(process: subprocess.Popen[bytes], given: bytes) -> None:
    """Write what is given and no more; a process that is dead already shows it by its end."""
    if process.stdin is None:
        raise RuntimeError("the process has no standard input; expected a pipe")
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(given)
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()


def _over(process: subprocess.Popen[bytes], step_s: float) -> bool:
    """Wait for the end of a process, so many seconds at most; say whether it has ended."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(step_s)
    return process.returncode is not None
