"""The camera loop: take the newest frame, filter it, look for faces, write it down."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from asrbench import _native
from asrbench.errors import CorpusError
from asrbench.frames.camera.detector import Box, Detector
from asrbench.frames.camera.reader import Frame, Reader
from asrbench.frames.camera.source import Image, Source
from asrbench.frames.camera.trip import Trip
from asrbench.frames.camera.writer import Writer


@dataclass(slots=True)
class Loop:
    """What is done with each frame: edges always, faces where there is a detector.

    `filter_s` and the others grow by a value a frame; see Trip.
    """

    threads: int = 1
    detector: Detector | None = None
    writer: Writer | None = None
    clock: Callable[[], float] = time.perf_counter
    filter_s: list[float] = field(default_factory=list)
    detect_s: list[float] = field(default_factory=list)
    work_s: list[float] = field(default_factory=list)
    latency_s: list[float] = field(default_factory=list)
    faces: list[int] = field(default_factory=list)
    _filters: _native.frames.Filters = field(init=False)
    _edges: Image | None = field(default=None, init=False)
    _gray: Image | None = field(default=None, init=False)
    _even: Image | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Start the threads."""
        self._filters = _native.frames.Filters(self.threads)

    def see(self, frame: Frame) -> list[Box]:
        """Do the work on a frame, and keep its times; return the faces."""
        clock, filters, image = self.clock, self._filters, frame.image
        began = clock()
        if self._edges is None or self._edges.shape != image.shape[:2]:
            self._edges, self._gray, self._even = (
                np.empty(image.shape[:2], np.uint8) for _ in range(3)
            )
        edges = filters.edges_l1(image, out=self._edges)
        faces: list[Box] = []
        if self.detector is None:
            filtered = clock()
        else:
            gray = filters.gray(image, out=self._gray)
            even = filters.equalize(gray, out=self._even)
            filtered = clock()
            faces = list(self.detector.find(even))
            self.detect_s.append(clock() - filtered)
            self.faces.append(len(faces))
        if self.writer is not None:
            self.writer.write(edges, faces)
        done = clock()
        self.filter_s.append(filtered - began)
        self.work_s.append(done - began)
        self.latency_s.append(done - frame.came_s)
        return faces

    def trip(self, rate_hz: float, reader: Reader, took_s: float) -> Trip:
        """Return what was done so far; the last frame, where it was cut short, is left out."""
        taken = len(self.latency_s)
        return Trip(
            rate_hz=rate_hz,
            read=reader.read,
            dropped=reader.dropped,
            took_s=took_s,
            decode_s=reader.decode_s,
            filter_s=tuple(self.filter_s[:taken]),
            detect_s=tuple(self.detect_s[:taken]),
            work_s=tuple(self.work_s[:taken]),
            latency_s=tuple(self.latency_s),
            faces=tuple(self.faces[:taken]),
        )


def run(
    source: Source,
    loop: Loop,
    limit: int | None = None,
    seen: Callable[[int], None] = lambda _: None,
    keep: Callable[[Trip], None] = lambda _: None,
) -> Trip:
    """Run the loop until the source ends or has given `limit` frames; return what it gave.

    `seen` is told the number of each frame that was taken. `keep` is given the Trip however the
    work ends, Ctrl-C included. Raises CorpusError where the source gave no frame, and what it
    raised.
    """
    reader = Reader(source, limit, loop.clock)
    first_s: float | None = None
    try:
        with reader:
            while (frame := reader.take()) is not None:
                first_s = frame.came_s if first_s is None else first_s
                loop.see(frame)
                seen(frame.number)
    finally:
        took_s = 0.0 if first_s is None else loop.clock() - first_s
        trip = loop.trip(source.rate_hz, reader, took_s)
        keep(trip)
    if trip.read == 0:
        raise CorpusError("the source gave no frame; expected at least one")
    return trip
