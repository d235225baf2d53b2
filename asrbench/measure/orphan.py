"""A process that was started to help dies with the one that started it, however that dies.

As a script, `python orphan.py PARENT COMMAND...`, it becomes a command that does: what
die_with asks of the kernel outlives the exec. It imports nothing of ours, so that the command
finds a world in which nobody has imported asrbench.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with(parent: int) -> None:
    """Have the kernel kill this process when `parent`, the process that started it, ends.

    The kernel does it, so that no call into native code can put it off. Exits at once where the
    parent has ended already. Does nothing where there is no prctl (not Linux).
    """
    prctl = getattr(ctypes.CDLL(None, use_errno=True), "prctl", None)
    if prctl is None:
        return
    if prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) is refused")
    if os.getppid() != parent:
        os._exit(1)  # it ended between our start and this line: nobody waits for an answer


def orphaned(command: Sequence[str]) -> list[str]:
    """Return the command line of a command that dies with this process."""
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]


if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606  a list, without a shell
