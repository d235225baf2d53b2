"""The limits of this processor: arithmetic without loads, and loads without arithmetic."""

from __future__ import annotations

import math

from asrbench import _native
from asrbench.kernels.work import Limit, Loop
from asrbench.workload import Check

_MORE = 0.01  # of the operations of a loop: the part that its last round may be too much
_FILLING, _LAST = b"\1", 2  # no zeros: untouched pages would all be the same page


class Limits:
    """Reaches limits: loops with the instructions of one set, reads with the C library's.

    A read is a search for the byte at the end (memchr, by the widest loads of the processor where
    the C library is glibc). Buffers are kept between calls.
    """

    def __init__(self, isa: str) -> None:
        """Use an instruction set of `_native.isas()`."""
        self._isa = isa
        self._buffers: dict[int, bytearray] = {}

    def run(self, limit: Limit) -> float:
        """Return the operations that a loop made, or where a read found the last byte."""
        if isinstance(limit, Loop):
            each = _native.kernels.peak(limit.precision, 1, isa=self._isa)
            rounds = math.ceil(limit.operations / each)
            return _native.kernels.peak(limit.precision, rounds, isa=self._isa)
        if limit.size not in self._buffers:
            self._buffers[limit.size] = bytearray(_FILLING) * limit.size
            self._buffers[limit.size][-1] = _LAST
        buffer = self._buffers[limit.size]
        for _ in range(limit.repeats):
            found = buffer.find(_LAST)
        return found


def check(limit: Limit, found: float) -> Check:
    """Whether all the work of a limit was done, and hardly more of it."""
    if isinstance(limit, Loop):
        least, most = limit.operations, limit.operations * (1 + _MORE)
        unit = "operations made"
    else:
        least = most = limit.size - 1
        unit = "bytes passed over"
    return Check(least <= found <= most, f"{found:.9g} {unit}; expected {least:.9g} to {most:.9g}")
