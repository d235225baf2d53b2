"""What is timed: one filter on one frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from asrbench.workload import Amount

Filter = Literal["gray", "blur", "edges-l1", "edges-l2", "resize", "letterbox", "equalize"]
FILTERS: tuple[Filter, ...] = get_args(Filter)

UNIT = "frames"
DETECTOR = 640  # rows and columns of what `letterbox` makes: what detectors of the YOLO family take
SHRINK = 3  # times smaller that `resize` makes rows and columns
SCALE = 1 / 255  # of `letterbox`, in all channels
FILL = 114  # around the image of `letterbox`


@dataclass(frozen=True, slots=True)
class Work:
    """One filter on one image, uint8 of shape (rows, columns, 3), or (rows, columns) to equalize.

    Invariants: the image has a pixel or more, and the rank that the filter takes. What it shows is
    never written.
    """

    filter: Filter
    image: NDArray[np.uint8] = field(repr=False, compare=False)
    note: str = ""  # what is special about the image: "part"

    def __post_init__(self) -> None:
        """Refuse an image that the filter does not take."""
        rank = 2 if self.filter == "equalize" else 3
        if self.image.ndim != rank or self.image.size == 0:
            raise ValueError(
                f"image of {self.filter} has shape {self.image.shape}; expected rank {rank}, and "
                "one pixel or more"
            )

    @property
    def id(self) -> str:
        """Filter and size, columns first: "edges-l1 1920x1080"."""
        rows, columns = self.image.shape[:2]
        return f"{self.filter} {columns}x{rows} {self.note}".rstrip()

    @property
    def group(self) -> str:
        """The filter."""
        return self.filter

    @property
    def amount(self) -> Amount:
        """One frame."""
        return Amount(1.0, UNIT)

    @property
    def smaller(self) -> tuple[int, int]:
        """Rows and columns that `resize` makes."""
        rows, columns = self.image.shape[:2]
        return max(rows // SHRINK, 1), max(columns // SHRINK, 1)
