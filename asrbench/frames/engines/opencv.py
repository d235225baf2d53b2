"""OpenCV as an engine: one call a filter, each writing memory that is kept between calls.

Its threads are the process's, so compare engines at one number of threads a process: with several
it would start and end its threads between calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from asrbench.engine import EngineOptions, missing
from asrbench.frames.agreement import Filtered
from asrbench.frames.buffers import Buffers
from asrbench.frames.oracle.letterbox import fit
from asrbench.frames.work import DETECTOR, FILL, SCALE, Work

if TYPE_CHECKING:
    from numpy.typing import NDArray


GRADIENT = "opencv-gradient"


class OpenCV:
    """Filters with OpenCV; `options.model` is not used."""

    def __init__(self, options: EngineOptions, name: str = "opencv") -> None:
        """Take OpenCV. Raises EngineError if the library is not installed."""
        self.name = name
        try:
            import cv2
        except ModuleNotFoundError as error:
            raise missing(self.name, error, "peers-frames") from error
        self._cv: Any = cv2  # its stubs ask for more than its functions
        self._threads = options.threads
        self._buffers = Buffers()
        self._pair: dict[tuple[str, type], list[NDArray[Any]]] = {}

    def run(self, item: Work) -> Filtered:
        """Return the filtered frame, in memory that the next call on this item writes again."""
        cv, image, buffers = self._cv, item.image, self._buffers
        if cv.getNumThreads() != self._threads:
            cv.setNumThreads(self._threads)
        if item.filter == "equalize":
            return _bytes(cv.equalizeHist(image, dst=buffers.bytes(item)))
        if item.filter == "resize":
            rows, columns = item.smaller
            exact = cv.INTER_LINEAR_EXACT
            out = buffers.bytes(item)
            return _bytes(cv.resize(image, (columns, rows), dst=out, interpolation=exact))
        if item.filter == "letterbox":
            return self._letterbox(item)
        gray = cv.cvtColor(image, cv.COLOR_BGR2GRAY, dst=buffers.bytes(item, "gray"))
        if item.filter == "gray":
            return _bytes(gray)
        blurred = cv.GaussianBlur(gray, (5, 5), 0, dst=buffers.bytes(item, "blurred"))
        if item.filter == "blur":
            return _bytes(blurred)
        if item.filter == "edges-l1":
            return self._l1(item, blurred)
        return self._l2(item, blurred)

    def close(self) -> None:
        """Give the buffers back."""
        self._buffers.clear()
        self._pair.clear()

    def _l1(self, item: Work, blurred: object) -> Filtered:
        """Differences, then |dx| and |dy| cut to 255, and their sum likewise."""
        cv = self._cv
        dx, dy = self._two(item, np.int16)
        if self.name == GRADIENT:
            dx, dy = cv.spatialGradient(blurred, dx=dx, dy=dy)
        else:
            dx = cv.Sobel(blurred, cv.CV_16S, 1, 0, dst=dx)
            dy = cv.Sobel(blurred, cv.CV_16S, 0, 1, dst=dy)
        across = cv.convertScaleAbs(dx, dst=self._buffers.bytes(item, "dx"))
        along = cv.convertScaleAbs(dy, dst=self._buffers.bytes(item, "dy"))
        return _bytes(cv.add(across, along, dst=self._buffers.bytes(item)))

    def _l2(self, item: Work, blurred: object) -> Filtered:
        cv = self._cv
        dx, dy = self._two(item, np.float32)
        dx = cv.Sobel(blurred, cv.CV_32F, 1, 0, dst=dx)
        dy = cv.Sobel(blurred, cv.CV_32F, 0, 1, dst=dy)
        return _floats(cv.magnitude(dx, dy, magnitude=self._buffers.floats(item)))

    def _letterbox(self, item: Work) -> Filtered:
        """Resize into a frame's middle, then let OpenCV's own function make the planes."""
        cv = self._cv
        rows, columns = item.image.shape[:2]
        top, left, high, wide = fit((rows, columns), (DETECTOR, DETECTOR))
        frame = self._frame(item)
        inner = frame[top : top + high, left : left + wide]
        exact = cv.INTER_LINEAR_EXACT
        cv.resize(item.image, (wide, high), dst=inner, interpolation=exact)
        return _floats(cv.dnn.blobFromImage(frame, SCALE, swapRB=True)[0])

    def _frame(self, item: Work) -> NDArray[np.uint8]:
        key = (item.id, np.uint8)
        if key not in self._pair:
            self._pair[key] = [np.full((DETECTOR, DETECTOR, 3), FILL, np.uint8)]
        return cast("NDArray[np.uint8]", self._pair[key][0])

    def _two(self, item: Work, dtype: type) -> list[NDArray[Any]]:
        key = (item.id, dtype)
        if key not in self._pair:
            self._pair[key] = [np.empty(item.image.shape[:2], dtype) for _ in range(2)]
        return self._pair[key]


def gradient(options: EngineOptions) -> OpenCV:
    """Return OpenCV with one call for both differences of edges-l1, which takes one thread."""
    return OpenCV(options, GRADIENT)


def _bytes(filtered: object) -> Filtered:
    return cast("NDArray[np.uint8]", filtered)


def _floats(filtered: object) -> Filtered:
    return cast("NDArray[np.float32]", filtered)
