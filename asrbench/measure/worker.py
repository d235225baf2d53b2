"""A worker is a process of its own for an engine: what ends it fails one item, and the Run goes on.

The calls are timed, and metered, in the worker: what the answer costs on its way is not in them.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import IO, Any

from asrbench.errors import EngineError, MeterError, WorkerError
from asrbench.measure.bounds import Bounds, Ending, death, end, killed_for_memory
from asrbench.measure.call import Measured
from asrbench.measure.command import last_words
from asrbench.measure.interleave import Clock
from asrbench.measure.isolate import environment
from asrbench.measure.meters import Meter
from asrbench.measure.serve import Answered, Asked, Count, Counted, Ready, Refused
from asrbench.workload import Amount, Case, Check

_LEAVE_S = 10.0  # that a worker has to close its engine
_REFUSALS = {"refused": EngineError, "unread": MeterError}  # the worker lives on
_SERVE = "from asrbench.measure.serve import main; main()"  # by -m its records had other names
_LOOK_S = 0.5  # how often a silent worker is asked whether it lives: a child may hold its line open


@dataclass(frozen=True, slots=True)
class Isolation:
    """How an engine is kept apart: what loading and each call may take, and how long workers live.

    `fresh` asks for a new worker for every call, so that every call is a first one.
    """

    bounds: Bounds = field(default_factory=Bounds)
    fresh: bool = False

    @property
    def launch_bounds(self) -> Bounds:
        """What a fresh process may take that loads the engine and answers two items."""
        return Bounds(3 * self.bounds.seconds, self.bounds.memory_bytes)

    def settings(self) -> dict[str, Any]:
        """Return what a Run keeps of it."""
        return {
            "limit_s": self.bounds.seconds,
            "memory_bytes": self.bounds.memory_bytes,
            "fresh": self.fresh,
        }


@dataclass(slots=True)
class Worker:
    """The engine in a process of its own; to who builds cases, an Engine that only has a name.

    `arguments` are those of asrbench.measure.serve.serve. The process begins with `start`; after it
    was ended, with the next call. An item that ended it is not given to another one: each further
    call of it raises what the first one raised.
    """

    name: str
    arguments: Mapping[str, Any]
    isolation: Isolation
    _lost: dict[str, WorkerError] = field(default_factory=dict, init=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _connection: Connection[Any, Any] | None = field(default=None, init=False)
    _noise: IO[bytes] | None = field(default=None, init=False)
    _killed: int = field(default=0, init=False)
    _calls: int = field(default=0, init=False)
    _busy: bool = field(default=False, init=False)

    def start(self) -> None:
        """Load the engine. Raises EngineError where it refuses, WorkerError where it gives none."""
        ours, theirs = Pipe()
        self._noise = tempfile.TemporaryFile()  # noqa: SIM115  closed when the process ends
        self._killed = killed_for_memory()
        self._calls = 0
        self._connection = ours
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _SERVE, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=self._noise,
                stderr=subprocess.STDOUT,
                env=environment(),
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        try:
            self.name = self._ask((os.getpid(), dict(self.arguments)), Ready).name
        except EngineError:
            self._end()
            raise

    def run(self, item: object) -> object:
        """Refuse: the cases of a worker are run by `call`."""
        raise RuntimeError(f"{self.name} is elsewhere, item {item!r} here; expected Apart.run")

    def call(self, item: str, meters: Sequence[str] = ()) -> Measured:
        """Call the case of an item once, with meters of asrbench.measure.meters.KINDS round it.

        Raises EngineError where the engine refuses the item, WorkerError where the worker raised,
        died, hung or ate memory; it is ended then.
        """
        if item in self._lost:
            raise self._lost[item]
        try:
            if self.isolation.fresh and self._calls:
                self.close()
            if self._process is None:
                self.start()
            self._calls += 1
            answer = self._ask(Asked(item, tuple(meters)), Answered)
        except WorkerError as error:
            self._lost[item] = error
            raise
        first = self._calls == 1
        return Measured(answer.output, answer.took_s, answer.values, first)

    def count_allocations(self, on: bool) -> tuple[int, int]:
        """Have the engine count its allocations; no process, no allocations.

        Raises MeterError where the engine cannot, WorkerError where the worker gives no answer.
        """
        if self._process is None:
            return 0, 0
        counted = self._ask(Count(on), Counted)
        return counted.count, counted.size_bytes

    def measuring(
        self, names: Sequence[str]
    ) -> Callable[[Case[Any], Clock, Sequence[Meter]], Measured]:
        """Return what Instruments measure by: the call in the worker, with the meters named."""
        return lambda case, _clock, _meters: self.call(case.item, names)

    def close(self) -> None:
        """Let the worker close its engine and end, or end it where it is at work."""
        process, connection = self._process, self._connection
        if process is not None and connection is not None:
            connection.close()
            if not self._busy:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_LEAVE_S)
        self._end()

    def _ask(self, question: object, expected: type[Any]) -> Any:
        """Send a question and return the answer; whatever else comes of it is raised."""
        process, connection = self._process, self._connection
        if process is None or connection is None:
            raise RuntimeError("the worker has not begun; expected start() first")

        def done(step_s: float) -> bool:
            return connection.poll(min(step_s, _LOOK_S)) or process.poll() is not None

        self._busy = True
        ending: Ending | None = None
        answer: Any = None
        try:
            connection.send(question)
            ending = self.isolation.bounds.broken_by(process.pid, done)
            if ending is None and connection.poll():
                answer = connection.recv()
        except (EOFError, OSError):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_LEAVE_S)
        self._busy = False
        if isinstance(answer, expected):
            return answer
        if isinstance(answer, Refused) and answer.kind in _REFUSALS:
            raise _REFUSALS[answer.kind](answer.message)
        if isinstance(answer, Refused):
            ending = Ending("raised", answer.message)
        elif ending is None and process.poll() is None:
            ending = Ending("hung", "it gave up its connection and went on")
        elif ending is None:
            ending = death(process.returncode, self._said(), self._killed, killed_for_memory())
        self._end()
        raise WorkerError(ending.kind, ending.message)

    def _said(self) -> str:
        """Return the last words of the process."""
        return "" if self._noise is None else last_words(self._noise.fileno())

    def _end(self) -> None:
        """End the process and what it started."""
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            end(self._process)
        if self._noise is not None:
            self._noise.close()
        self._process = self._connection = self._noise = None
        self._busy = False


@dataclass(slots=True)
class Apart:
    """A Case whose work is done in a worker; its answer is checked here."""

    case: Case[Any]
    worker: Worker

    @property
    def name(self) -> str:
        """That of the case."""
        return self.case.name

    @property
    def item(self) -> str:
        """That of the case."""
        return self.case.item

    @property
    def group(self) -> str:
        """That of the case."""
        return self.case.group

    @property
    def amount(self) -> Amount:
        """That of the case."""
        return self.case.amount

    def prepare(self) -> None:
        """Load what the check needs; the worker prepares its own case."""
        self.case.prepare()

    def run(self) -> Any:
        """Do the work in the worker."""
        return self.worker.call(self.item).output

    def check(self, output: Any) -> Check:
        """Compare with the oracle, which is in this process."""
        return self.case.check(output)
