"""Numba as an engine: the edges in Python loops, compiled, each step over the whole image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from asrbench.engine import EngineOptions, missing
from asrbench.errors import EngineError
from asrbench.frames.agreement import Filtered
from asrbench.frames.buffers import Buffers
from asrbench.frames.oracle.border import reflected
from asrbench.frames.work import Work

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Numba:
    """Filters gray, blur and edges in one thread; refuses the others. `options.model` is not used.

    Every image is compiled for as if its rows may lie any distance apart.
    """

    name = "numba"

    def __init__(self, options: EngineOptions) -> None:
        """Compile when first called. Raises EngineError for several threads, or without Numba."""
        try:
            from numba import njit
        except ModuleNotFoundError as error:
            raise missing(self.name, error, "peers-frames") from error
        if options.threads != 1:
            raise EngineError(f"threads is {options.threads}; expected 1, which these loops run in")
        self._gray, self._blur, self._edges = (njit(loop) for loop in (_gray, _blur, _edges))
        self._buffers = Buffers()

    def run(self, item: Work) -> Filtered:
        """Return the filtered frame, in memory that the next call on this item writes again."""
        if item.filter not in ("gray", "blur", "edges-l1", "edges-l2"):
            raise EngineError(f"filter is {item.filter}; expected gray, blur or edges")
        gray = self._buffers.bytes(item, "gray")
        self._gray(item.image, gray)
        if item.filter == "gray":
            return gray
        blurred = self._buffers.bytes(item, "blurred")
        self._blur(gray, *_places(gray, 2), blurred)
        if item.filter == "blur":
            return blurred
        out: NDArray[Any]
        long = item.filter == "edges-l2"
        out = self._buffers.floats(item) if long else self._buffers.bytes(item)
        self._edges(blurred, *_places(blurred, 1), long, out)
        return out

    def close(self) -> None:
        """Give the buffers back."""
        self._buffers.clear()


def _places(image: NDArray[np.uint8], reach: int) -> list[NDArray[np.int64]]:
    """Return where rows and columns from -reach on come from, two arrays."""
    sizes = image.shape
    return [
        np.array([reflected(place, size, "reflect101") for place in range(-reach, size + reach)])
        for size in sizes
    ]


def _gray(image: Any, out: Any) -> None:  # compiled: the types are Numba's
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            blue, green = np.int32(image[y, x, 0]), np.int32(image[y, x, 1])
            red = np.int32(image[y, x, 2])
            out[y, x] = (3735 * blue + 19235 * green + 9798 * red + 16384) >> 15


def _blur(image: Any, down: Any, across: Any, out: Any) -> None:
    rows, columns = image.shape
    sums = np.empty(columns + 4, np.int32)
    for y in range(rows):
        a, b, c = image[down[y]], image[down[y + 1]], image[down[y + 2]]
        d, e = image[down[y + 3]], image[down[y + 4]]
        for x in range(columns + 4):
            u = across[x]
            outer, inner = np.int32(a[u]) + np.int32(e[u]), np.int32(b[u]) + np.int32(d[u])
            sums[x] = outer + 4 * inner + 6 * np.int32(c[u])
        for x in range(columns):
            outer, inner = sums[x] + sums[x + 4], sums[x + 1] + sums[x + 3]
            out[y, x] = (outer + 4 * inner + 6 * sums[x + 2] + 128) >> 8


def _edges(image: Any, down: Any, across: Any, long: bool, out: Any) -> None:
    rows, columns = image.shape
    smooth, slope = np.empty(columns + 2, np.int32), np.empty(columns + 2, np.int32)
    for y in range(rows):
        a, b, c = image[down[y]], image[down[y + 1]], image[down[y + 2]]
        for x in range(columns + 2):
            u = across[x]
            smooth[x] = np.int32(a[u]) + 2 * np.int32(b[u]) + np.int32(c[u])
            slope[x] = np.int32(c[u]) - np.int32(a[u])
        for x in range(columns):
            dx = smooth[x + 2] - smooth[x]
            dy = slope[x] + 2 * slope[x + 1] + slope[x + 2]
            if long:
                out[y, x] = np.sqrt(np.float32(dx * dx + dy * dy))
            else:
                out[y, x] = min(abs(dx) + abs(dy), 255)
