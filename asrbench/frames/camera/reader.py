"""A thread that reads frames as they come and keeps the newest: one that nobody took is dropped.

A file and drawn frames are played at their rate, on a clock that waits for nobody.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from asrbench.frames.camera.source import Image, Source


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame, its number from 0 on, and when it was there, in seconds of the reader's clock."""

    number: int
    image: Image
    came_s: float


class Reader:
    """Reads from when it is entered until it is left; `take` gives the newest frame once.

    `limit` ends the reading after so many frames. `read`, `dropped` and `decode_s` (seconds in the
    source's own `read`, where it does not wait for a camera) are whole when the reader was left.
    """

    def __init__(
        self,
        source: Source,
        limit: int | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.read = 0
        self.dropped = 0
        self.decode_s = 0.0
        self._source = source
        self._limit = limit
        self._clock = clock
        self._newest: Frame | None = None
        self._ended = False
        self._failure: BaseException | None = None
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="camera", daemon=True)

    def __enter__(self) -> Reader:
        """Begin to read."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and wait for the frame that is being read."""
        self._stop.set()
        self._thread.join()

    def take(self) -> Frame | None:
        """Wait for a frame that was not taken yet; None when there is no more.

        Raises what the source raised.
        """
        with self._changed:
            while self._newest is None and not self._ended:
                self._changed.wait(0.1)  # short, so that Ctrl-C is heard
            if self._newest is None and self._failure is not None:
                raise self._failure
            frame, self._newest = self._newest, None
            return frame

    def _work(self) -> None:
        try:
            self._read_all()
        except BaseException as error:  # noqa: BLE001  not to go on: `take` raises it
            self._failure = error
        with self._changed:
            self._ended = True
            self._changed.notify()

    def _read_all(self) -> None:
        start = self._clock()
        while not self._stop.is_set() and self.read != self._limit:
            if not self._source.live and self._wait(start + self.read / self._source.rate_hz):
                return
            began = self._clock()
            image = self._source.read()
            if image is None:
                return
            came = self._clock()
            self.decode_s += 0.0 if self._source.live else came - began
            with self._changed:
                self.dropped += self._newest is not None
                self._newest = Frame(self.read, image, came)
                self.read += 1
                self._changed.notify()

    def _wait(self, due_s: float) -> bool:
        """Wait until a moment; say whether to stop instead."""
        left = due_s - self._clock()
        return left > 0 and self._stop.wait(left)
