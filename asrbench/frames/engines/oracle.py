"""The oracle as an engine: what is right, at NumPy's speed."""

from __future__ import annotations

from asrbench.engine import EngineOptions
from asrbench.frames.agreement import Filtered
from asrbench.frames.oracle import edges, equalize, letterbox, resize
from asrbench.frames.work import DETECTOR, FILL, SCALE, Work


class Oracle:
    """Filters in NumPy, in one thread."""

    name = "oracle"

    def __init__(self, options: EngineOptions) -> None:
        """There is nothing to choose."""

    def run(self, item: Work) -> Filtered:
        """Return the filtered frame."""
        if item.filter == "gray":
            return edges.gray(item.image)
        if item.filter == "blur":
            return edges.blur(item.image)
        if item.filter == "edges-l1":
            return edges.edges_l1(item.image)
        if item.filter == "edges-l2":
            return edges.edges_l2(item.image)
        if item.filter == "resize":
            return resize.resize(item.image, *item.smaller)
        if item.filter == "letterbox":
            scale = (SCALE, SCALE, SCALE)
            return letterbox.letterbox(item.image, DETECTOR, DETECTOR, scale=scale, fill=FILL)
        return equalize.equalize(item.image)

    def close(self) -> None:
        """Nothing is held."""
