"""OpenCV's cascade detector: frontal faces in a gray image of even contrast."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asrbench.errors import ModelError

CASCADE = "haarcascade_frontalface_default.xml"

Box = tuple[int, int, int, int]  # left, top, columns, rows


class Detector:
    """Finds faces with the cascade that OpenCV ships."""

    def __init__(self, cv: Any) -> None:
        """Load. Raises ModelError where this OpenCV has no cascades, as version 5."""
        if not hasattr(cv, "CascadeClassifier"):
            raise ModelError(
                f"OpenCV {cv.__version__} has no CascadeClassifier; expected version 4: "
                'pip install "opencv-python-headless>=4.14,<5"'
            )
        path = Path(cv.data.haarcascades) / CASCADE
        self._cascade = cv.CascadeClassifier(str(path))
        if self._cascade.empty():
            raise ModelError(f"{path} is no cascade; expected the one that OpenCV ships")

    def find(self, gray: NDArray[np.uint8]) -> Sequence[Box]:
        """Return the faces in a gray image, (rows, columns)."""
        found = self._cascade.detectMultiScale(gray, scaleFactor=1.1, minNeighbors=5)
        return [(int(x), int(y), int(wide), int(high)) for x, y, wide, high in found]
