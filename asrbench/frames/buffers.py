"""Memory of results, made once for each item and written again by each call."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from asrbench.frames.work import DETECTOR, Work


class Buffers:
    """Keeps an array for each item and purpose; without them an engine would time page faults."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], NDArray[np.uint8]] = {}
        self._floats: dict[str, NDArray[np.float32]] = {}

    def bytes(self, work: Work, purpose: str = "result") -> NDArray[np.uint8]:
        """Return an array of uint8: (rows, columns) of the work, or what `resize` makes."""
        key = (work.id, purpose)
        if key not in self._kept:
            rows, columns = work.image.shape[:2]
            small = work.filter == "resize"
            shape = (*work.smaller, 3) if small else (rows, columns)
            self._kept[key] = np.empty(shape, np.uint8)
        return self._kept[key]

    def floats(self, work: Work) -> NDArray[np.float32]:
        """Return an array of float32: (rows, columns) of the work, or what `letterbox` makes."""
        if work.id not in self._floats:
            boxed = work.filter == "letterbox"
            shape = (3, DETECTOR, DETECTOR) if boxed else work.image.shape[:2]
            self._floats[work.id] = np.empty(shape, np.float32)
        return self._floats[work.id]

    def clear(self) -> None:
        """Give the memory back."""
        self._kept.clear()
        self._floats.clear()
