"""Where frames come from: a camera, a video file played at its rate, or frames drawn on the fly."""

from __future__ import annotations

import math
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from asrbench.errors import CorpusError, EngineError
from asrbench.frames.corpus import drawn

Image = NDArray[np.uint8]  # (rows, columns, 3): blue, green, red

SYNTHETIC = "synthetic"
RATE_HZ = 30.0  # of drawn frames, and of a source that does not say its own
SIZE = (1080, 1920)  # rows and columns of drawn frames
_STEP = 16  # columns that a drawn frame moves from one to the next


class Source(Protocol):
    """Gives frames one after another; used by one thread at a time.

    `live` says that `read` itself waits for the next frame, as a camera does.
    """

    rate_hz: float
    live: bool

    def read(self) -> Image | None:
        """Return the next frame, or None behind the last. The frame is the caller's to keep."""
        ...

    def close(self) -> None:
        """Let go of the camera or the file."""
        ...


class Synthetic:
    """Drawn frames that move to the left: parts of one wide image, so that they cost nothing."""

    live = False

    def __init__(
        self, size: tuple[int, int] = SIZE, rate_hz: float = RATE_HZ, seed: int = 0
    ) -> None:
        self.rate_hz = rate_hz
        self._columns = size[1]
        self._wide = drawn(size[0], 2 * size[1], seed)
        self._wide.flags.writeable = False
        self._at = 0

    def read(self) -> Image:
        """Return the next frame; there is no last one."""
        frame = self._wide[:, self._at : self._at + self._columns]
        self._at = (self._at + _STEP) % self._columns
        return frame

    def close(self) -> None:
        """Nothing is held."""


class Captured:
    """A camera or a video file, read by OpenCV."""

    def __init__(self, source: int | Path, cv: Any) -> None:
        """Open. Raises CorpusError for what cannot be opened, or gives no frame."""
        if isinstance(source, Path) and not source.is_file():
            raise CorpusError(f"no file {source}; expected one, a camera's number or synthetic")
        self.live = isinstance(source, int)
        self._name = f"camera {source}" if self.live else str(source)
        self._capture = cv.VideoCapture(source if isinstance(source, int) else str(source))
        if not self._capture.isOpened():
            raise CorpusError(f"{self._name} cannot be opened; expected a camera or a video file")
        rate_hz = float(self._capture.get(cv.CAP_PROP_FPS))
        self.rate_hz = rate_hz if math.isfinite(rate_hz) and rate_hz > 0 else RATE_HZ

    def read(self) -> Image | None:
        """Return the next frame, decoded; None behind the last."""
        there, frame = self._capture.read()
        return np.asarray(frame, np.uint8) if there else None

    def close(self) -> None:
        """Let go of it."""
        self._capture.release()


def opencv() -> ModuleType:
    """Return OpenCV. Raises EngineError where it is not installed."""
    try:
        import cv2
    except ModuleNotFoundError as error:
        raise EngineError(
            f"this source, --save and --detect need {error.name}, which is not installed: "
            'pip install "asrbench-perf[peers-frames]"; --source synthetic needs nothing'
        ) from error
    return cv2  # type: ignore[no-any-return,unused-ignore]  # typed where it is installed


def find(source: str) -> Source:
    """Open a camera by its number, `synthetic`, or a video file.

    Raises CorpusError for what cannot be opened, EngineError where that needs OpenCV and it is not
    installed.
    """
    if source == SYNTHETIC:
        return Synthetic()
    return Captured(int(source) if source.isdecimal() else Path(source), opencv())
