"""The five functions through cffi in its API mode, with the checks that its callers write.

cffi hands over an address and a length: what lies there is for the caller to know.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from asrbench.boundary.engines.toolkit import Toolkit, built
from asrbench.engine import EngineOptions

_FLOAT32 = np.dtype(np.float32)


class Five:
    """The functions of `lib`, each with an array or bytes as a pointer and a number."""

    def __init__(self) -> None:
        """Import. Raises EngineError where this build has none of cffi."""
        made = built("cffi")
        self._from_buffer = made.ffi.from_buffer
        self._lib = made.lib
        self.nothing = made.lib.asrbench_nothing
        self.scalars = made.lib.asrbench_scalars

    def array_in(self, values: NDArray[np.float32], /) -> float:
        """Return the first value and the last one, added. Raises TypeError for another dtype."""
        if values.dtype is not _FLOAT32 or values.ndim != 1:
            raise TypeError(f"values are {values.dtype} of rank {values.ndim}; expected float32, 1")
        added: float = self._lib.asrbench_array_in(
            self._from_buffer("float[]", values), values.size
        )
        return added

    def array_out(self, count: int, /) -> NDArray[np.float32]:
        """Return 0, 1, 2 and so on."""
        values = np.empty(count, np.float32)
        self._lib.asrbench_array_out(self._from_buffer("float[]", values), count)
        return values

    def bytes_in(self, data: bytes, /) -> int:
        """Return 256 times the number of bytes, and the last one added."""
        found: int = self._lib.asrbench_bytes_in(self._from_buffer(data), len(data))
        return found


def cffi(options: EngineOptions) -> Toolkit:
    """Return the functions. Raises EngineError where this build has none of cffi."""
    return Toolkit("cffi", Five(), options)
