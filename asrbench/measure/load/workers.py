"""Threads that run cases as requests come in, and tell what became of each."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from asrbench.errors import EngineError
from asrbench.workload import Case


@dataclass(frozen=True, slots=True)
class Ticket:
    """One request to a worker: its number, that of its case, and what to call once it is answered.

    `done` is called before anything else is done with the answer.
    """

    number: int
    index: int
    done: Callable[[], None]


class Heard(Protocol):
    """Told of every call: its ticket, the seconds it took, its output, or why it was refused."""

    def __call__(self, ticket: Ticket, took_s: float, output: Any, refusal: str) -> None:
        """Hear of one call; several threads may tell at once."""
        ...


@dataclass(slots=True)
class Workers:
    """Threads that take tickets. An EngineError is a refusal; anything else goes to `fault`."""

    cases: Sequence[Case[Any]]
    heard: Heard
    fault: Callable[[BaseException], None]
    _tickets: queue.SimpleQueue[Ticket] = field(default_factory=queue.SimpleQueue, init=False)
    _over: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0), init=False)

    def start(self, count: int) -> None:
        """Start the threads; they end with the process."""
        for _ in range(count):
            threading.Thread(target=self._work, daemon=True).start()

    def put(self, ticket: Ticket) -> None:
        """Give a request to the next worker that is free; returns at once."""
        self._tickets.put(ticket)

    def wait(self, count: int) -> None:
        """Wait until `count` more calls are over and told of."""
        for _ in range(count):
            self._over.acquire()

    def _work(self) -> None:
        while True:
            ticket = self._tickets.get()
            try:
                output, refusal = None, ""
                began = time.perf_counter()
                try:
                    output = self.cases[ticket.index].run()
                except EngineError as error:
                    refusal = str(error) or type(error).__name__
                took_s = time.perf_counter() - began
                ticket.done()
                self.heard(ticket, took_s, output, refusal)
            except BaseException as error:  # noqa: BLE001  not to go on: the process ends with it
                self.fault(error)
            self._over.release()
