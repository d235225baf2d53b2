"""Writes what comes out of the camera loop to a video file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asrbench.errors import CorpusError
from asrbench.frames.camera.detector import Box

CODECS = {".avi": "MJPG", ".mp4": "mp4v"}

_GREEN = (0, 255, 0)
_LINE = 2  # pixels


class Writer:
    """Writes a video of what comes out; the format is that of the file's ending."""

    def __init__(self, path: Path, rate_hz: float, cv: Any) -> None:
        """Choose. Raises CorpusError for an ending that is no video's."""
        if path.suffix not in CODECS:
            raise CorpusError(f"{path} is no video; expected a name that ends with .avi or .mp4")
        self._path, self._rate_hz, self._cv = path, rate_hz, cv
        self._code = cv.VideoWriter.fourcc(*CODECS[path.suffix])
        self._file: Any = None

    def write(self, edges: NDArray[np.uint8], faces: Sequence[Box]) -> None:
        """Append a frame: edges, with faces framed. Raises CorpusError where nothing is written."""
        cv = self._cv
        if self._file is None:
            rows, columns = edges.shape
            self._file = cv.VideoWriter(str(self._path), self._code, self._rate_hz, (columns, rows))
            if not self._file.isOpened():
                raise CorpusError(
                    f"{self._path} cannot be written; expected a folder that is there"
                )
        shown = cv.cvtColor(edges, cv.COLOR_GRAY2BGR)
        for left, top, wide, high in faces:
            cv.rectangle(shown, (left, top), (left + wide, top + high), _GREEN, _LINE)
        self._file.write(shown)

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.release()
