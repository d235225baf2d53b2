"""The zoo: seventeen planted bugs, and what each lane says of each of them.

The bugs are those of `fuzz/zoo/`, one small extension that a lane builds in its own way; which of
them bites is chosen at run time. What no lane finds here, no lane would find in our own extension.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

BUGS = {
    "heap_overflow_read": "reads a byte behind a block on the heap",
    "heap_overflow_write": "writes a byte behind a block on the heap",
    "stack_overflow": "writes a byte behind an array on the stack",
    "use_after_free": "reads a block that was freed",
    "double_free": "frees a block twice",
    "leak_per_call": "never frees a block, in each call",
    "uninitialised_read": "decides by a value that was never set",
    "signed_overflow": "adds in an int what does not fit",
    "out_of_range_cast": "casts a double that no int holds",
    "data_race": "adds to one sum from two threads without a lock",
    "deadlock_by_lock_order": "takes two locks in either order",
    "gil_not_held": "makes a Python object without the GIL",
    "reference_leak": "takes a reference to its argument and keeps it",
    "buffer_of_a_dead_array": "reads an array's memory after the array died",
    "length_in_16_bits": "keeps a length in 16 bits",
    "quadratic": "takes time by the square of its input",
    "endless_loop": "never ends where a byte is 0",
}
_PLACE = re.compile(r"/\S*/|\(pid=\d+\)")  # what is another on each machine, and in each run
CLEAN = "clean"  # all seventeen ways without their bugs: no lane may find anything


Look = Callable[[str, Path], str | None]


class Lane(Protocol):
    """One way to look for bugs."""

    @property
    def name(self) -> str:
        """Its name on the command line."""

    @property
    def what(self) -> str:
        """What looks, in a few words."""

    def prepare(self, cache: Path) -> Look:
        """Build the zoo as this lane needs it. Raises Error where a tool is missing.

        What is returned drives a bug, or the clean function, with a folder to write to, and returns
        in one line what was found, or None.
        """


@dataclass(frozen=True, slots=True)
class Trial:
    """What a lane said of one bug, and after how many seconds of wall time.

    Invariants: the bug is one of BUGS or CLEAN; the time is not below 0; a finding says something.
    """

    lane: str
    bug: str
    finding: str | None
    took_s: float

    def __post_init__(self) -> None:
        """Refuse an unknown bug, a time below 0, and a finding that says nothing."""
        if self.bug != CLEAN and self.bug not in BUGS:
            raise ValueError(f"bug is {self.bug!r}; expected {CLEAN!r} or one of {sorted(BUGS)}")
        if self.took_s < 0 or self.finding == "":
            raise ValueError(f"{self}; expected a time of 0 or more, and a finding or None")


Show = Callable[[str, str], None]


def trials(
    lanes: Sequence[Lane], bugs: Sequence[str], cache: Path, folder: Path, show: Show
) -> Iterator[Trial]:
    """Yield what each lane says of the clean function and of each bug, as it is known.

    `folder` is for what the lanes write; `show` is told the lane, and what it does. A lane is built
    once, before it looks at anything; the build is not in the seconds.
    """
    for lane in lanes:
        show(lane.name, "building, the first time")
        look = lane.prepare(cache)
        for bug in (CLEAN, *bugs):
            show(lane.name, bug)
            place = folder / lane.name / bug
            place.mkdir(parents=True, exist_ok=True)
            began = time.monotonic()
            finding = look(bug, place)
            took_s = time.monotonic() - began
            yield Trial(lane.name, bug, finding and _PLACE.sub("", finding).strip(), took_s)
