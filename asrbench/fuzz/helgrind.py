"""Judges helgrind's report of replay: locks taken in two orders, or misused, are errors.

    python -m asrbench.fuzz.helgrind REPORT.xml...

Helgrind knows locks, not atomics (https://valgrind.org/docs/manual/hg-manual.html), by which
the thread pool hands its tasks over: the races it suspects there are counted, and TSan, which knows
both, judges them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from asrbench.fuzz.memcheck import faults

_SUSPECTED = "Race"


def main(arguments: list[str]) -> int:
    """Print the errors of locks and how many races are suspected; 1 if there is such an error."""
    found = [
        fault
        for path in arguments
        for fault in faults(Path(path).read_text(encoding="utf-8", errors="replace"), "replay")
    ]
    locks = [fault for fault in found if fault.kind != _SUSPECTED]
    for fault in locks:
        print(f"{fault.kind}: {fault.what}\n    {fault.where or '?'}")
    suspected = len(found) - len(locks)
    print(f"helgrind: {len(locks)} errors of locks; {suspected} races suspected, for TSan to judge")
    return 1 if locks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
