"""What calls leave behind: references to their arguments, blocks of the interpreter, memory.

A call that leaves nothing has the same figures after any number of calls. Memory is the resident
set, which moves by whole pages and for reasons of its own: so it is read after each of ten batches,
and a leak is what grows from batch to batch, not what grew once. Freed memory that the allocator
still holds is given back first: a leak would be served from it, and not be seen.
"""

from __future__ import annotations

import ctypes
import gc
import os
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_BATCHES = 10
_STATM = Path("/proc/self/statm")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_ONE = 0.5  # half a reference or block a call; what is not there for each call is no leak of it
_BYTES = 8.0  # a call; the smallest block malloc gives is larger


@dataclass(frozen=True, slots=True)
class Growth:
    """What a number of calls left behind.

    `references` is how many more refer to each argument, `blocks` how many more blocks Python's
    allocator has in use, `resident_bytes` the resident memory before the first batch and behind
    each. Invariants: at least one call in each batch; a value for each batch and one before.
    """

    calls: int
    references: tuple[int, ...]
    blocks: int
    resident_bytes: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse batches without a call, and values that are not those of the batches."""
        batches = len(self.resident_bytes) - 1
        if batches < 1 or self.calls < batches:
            raise ValueError(f"{self.calls} calls in {batches} batches; expected one in each")

    @property
    def bytes_per_call(self) -> float:
        """The median growth of a batch, in bytes a call."""
        before, after = self.resident_bytes[:-1], self.resident_bytes[1:]
        grown = [b - a for a, b in zip(before, after, strict=True)]
        return statistics.median(grown) / (self.calls / len(grown))

    def kept(self) -> list[str]:
        """Return what is a leak of references and blocks; nothing where there is none."""
        counts = [(f"argument {i}", count) for i, count in enumerate(self.references)]
        said = [f"references to {name}" for name, n in counts if abs(n) > _ONE * self.calls]
        if self.blocks > _ONE * self.calls:
            said.append("blocks of Python's allocator")
        return [f"{what} grow with each of {self.calls} calls" for what in said]

    def memory(self) -> list[str]:
        """Return what is a leak of memory; nothing where there is none."""
        if self.bytes_per_call < _BYTES:
            return []
        return [f"resident memory grows by {self.bytes_per_call:.0f} bytes a call"]


def growth(call: Callable[[], object], arguments: Sequence[object], calls: int) -> Growth:
    """Return what so many calls leave behind; as many as a batch has go before, to warm up.

    `call` hands the `arguments` over; those that are shared with the rest of the interpreter, such
    as small numbers, had better not be among them. Raises ValueError for fewer calls than batches.
    """
    batch = calls // _BATCHES
    if batch < 1:
        raise ValueError(f"calls is {calls}; expected at least {_BATCHES}")
    _repeat(call, batch)
    _give_back()
    references = [sys.getrefcount(argument) for argument in arguments]
    resident = [_resident_bytes()] * (_BATCHES + 1)  # all at once: the list itself may not grow
    gc.collect()
    blocks = sys.getallocatedblocks()
    for number in range(_BATCHES):
        _repeat(call, batch)
        resident[number + 1] = _resident_bytes()
    gc.collect()
    more_blocks = sys.getallocatedblocks() - blocks
    more = [sys.getrefcount(a) - n for a, n in zip(arguments, references, strict=True)]
    return Growth(batch * _BATCHES, tuple(more), more_blocks, tuple(resident))


def _give_back() -> None:
    """Return free memory to the system, where the C library (glibc) knows how."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _repeat(call: Callable[[], object], times: int) -> None:
    for _ in range(times):
        call()


def _resident_bytes() -> int:
    """Return the resident memory of this process in bytes, as Linux counts it."""
    return int(_STATM.read_text(encoding="ascii").split()[1]) * _PAGE
