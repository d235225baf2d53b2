"""Engines that stream, and engines that do not, good and bad."""

import _thread
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from asrbench.engine import Event, Final
from asrbench.errors import EngineError
from suites.unit.measure.streams import Law


class Whole:
    """An engine that only knows whole items; it says how many there are."""

    name = "counterfeit"
    made = 0
    ran: ClassVar[list[tuple[int, int]]] = []  # engine and thread, of each call

    def __init__(self) -> None:
        type(self).made += 1

    def run(self, item: str) -> str:
        self.ran.append((id(self), threading.get_ident()))
        return item.upper()

    def close(self) -> None:
        type(self).made -= 1


@dataclass
class AtTheEnd:
    engine: Whole
    item: str = ""

    def push(self, pcm: str) -> Sequence[Event]:
        self.item = pcm[0]
        return ()

    def finish(self) -> Sequence[Event]:
        return (Final(self.engine.run(self.item), 1.0),)


class Streaming(Whole):
    """Takes `delay_s` for each chunk; streams do not wait for each other."""

    delay_s = 0.001

    def open(self) -> Law:
        return Law(time.sleep, lambda n: self.delay_s)


class Queueing(Streaming):
    """Serves one chunk at a time, each in 2 ms: three streams of 5 ms chunks are too many."""

    lock = threading.Lock()

    def work(self, seconds: float) -> None:
        with self.lock:
            time.sleep(0.002)

    def open(self) -> Law:
        return Law(self.work)


class Picky(Whole):
    def run(self, item: str) -> str:
        if item == "b":
            raise EngineError("item is 'b'; expected anything else")
        return item.upper()


class Faulty(Streaming):
    def open(self) -> Law:
        raise RuntimeError("a fault of the engine")


class Dumb(Streaming):
    """Never says its last word."""

    def open(self) -> Law:
        class Silent(Law):
            def finish(self) -> Sequence[Event]:
                return ()

        return Silent(time.sleep)


@dataclass
class Streamed:
    engine: Whole

    def open(self) -> AtTheEnd:
        return AtTheEnd(self.engine)


class Interrupting(Streaming):
    """Gets the harness interrupted while its first item is heard, which is a slow one."""

    delay_s = 0.2

    def open(self) -> Law:
        class Ctrl(Law):
            def push(self, pcm: str) -> Sequence[Event]:
                if pcm.endswith("w2"):
                    _thread.interrupt_main()
                return super().push(pcm)

        return Ctrl(time.sleep, lambda n: self.delay_s)
