"""A side is a process in the environment of one revision; here it is started, asked and ended."""

from __future__ import annotations

import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

from asrbench.errors import WorkerError
from asrbench.gate.cores import kept_to
from asrbench.gate.side.wire import GoneError, Wire
from asrbench.measure.bounds import Bounds, Ending, death, end, killed_for_memory
from asrbench.measure.command import last_words
from asrbench.measure.orphan import orphaned

SIDE = Path(__file__).parent / "side"
Name = Literal["base", "head"]
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a side runs: the Python of its environment, the folder of its sources, what is asked.

    `told` says where cases come from: lists "cases" (functions that return Cases), "tests" (pytest
    node ids), "figures" (functions that return numbers), and "allocations" (a function that counts,
    or None). `variables` are added to the environment.
    """

    side: Name
    python: Path
    folder: Path
    told: Mapping[str, Any]
    variables: Mapping[str, str] = field(default_factory=dict)
    threads: int = 1


@dataclass(slots=True)
class Process:
    """A side at work. Raises WorkerError when it dies, hangs or eats memory; it is ended then.

    `before` is a command that runs it, such as Valgrind; `cores` are those it is kept to, if any.
    """

    place: Place
    bounds: Bounds = field(default_factory=Bounds)
    before: Sequence[str] = ()
    cores: frozenset[int] = frozenset()
    began: float = field(default=0.0, init=False)
    _wire: Wire | None = field(default=None, init=False)
    _socket: socket.socket | None = field(default=None, init=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _noise: IO[bytes] | None = field(default=None, init=False)
    _killed: int = field(default=0, init=False)

    def __enter__(self) -> Process:
        """Start it."""
        ours, theirs = socket.socketpair()
        self._noise = tempfile.TemporaryFile()
        self._killed = killed_for_memory()
        line = [*self.before, str(self.place.python), str(SIDE), str(theirs.fileno())]
        line[0] = shutil.which(line[0]) or line[0]
        self.began = time.perf_counter()
        with theirs, kept_to(self.cores):
            self._process = subprocess.Popen(
                orphaned(line),
                stdin=subprocess.DEVNULL,
                stdout=self._noise,
                stderr=subprocess.STDOUT,
                cwd=self.place.folder,
                env=environment(self.place),
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._wire, self._socket = Wire(ours), ours
        self.send(dict(self.place.told))
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.end()

    def ask(self, ask: str, **more: Any) -> Mapping[str, Any]:
        """Send a question and return the answer."""
        self.send({"ask": ask, **more})
        return self.hear()

    def send(self, value: Any) -> None:
        """Send a question whose answer is heard later."""
        if self._wire is None:
            raise RuntimeError("the side has not begun; expected it in a with statement")
        try:
            self._wire.send(value)
        except GoneError:
            self._fail(None)

    def hear(self) -> Mapping[str, Any]:
        """Return the next answer."""
        wire, process, connection = self._wire, self._process, self._socket
        if wire is None or process is None or connection is None:
            raise RuntimeError("the side has not begun; expected it in a with statement")

        def done(step_s: float) -> bool:
            return wire.holds or bool(select.select([connection], [], [], step_s)[0])

        ending = self.bounds.broken_by(process.pid, done)
        if ending is not None:
            self._fail(ending)
        try:
            answer: Mapping[str, Any] = wire.receive()
        except (GoneError, ValueError):
            self._fail(None)
        return answer

    def end(self) -> None:
        """End the process and what it started."""
        if self._wire is not None:
            self._wire.close()
        if self._process is not None:
            end(self._process)
        if self._noise is not None:
            self._noise.close()
        self._wire = self._process = self._socket = self._noise = None

    def _fail(self, ending: Ending | None) -> None:
        """End the process, and raise why there is no answer."""
        process, noise = self._process, self._noise
        if process is None or noise is None:
            raise RuntimeError("the side has ended; expected it at work")
        if ending is None:
            try:
                process.wait(10.0)
            except subprocess.TimeoutExpired:
                ending = Ending("hung", "it gave up its connection and went on")
        said = last_words(noise.fileno())
        if ending is None:
            ending = death(process.returncode, said, self._killed, killed_for_memory())
        self.end()
        raise WorkerError(ending.kind, ending.message)


def environment(place: Place) -> dict[str, str]:
    """Return the environment of a side: ours, without what would lead into other packages."""
    lead = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTEST_ADDOPTS")
    kept = {name: value for name, value in os.environ.items() if name not in lead}
    threads = {name: str(place.threads) for name in _THREADS}
    path = os.pathsep.join([str(place.python.parent), kept.get("PATH", "")])
    return {**kept, **threads, "PATH": path, "PYTHONHASHSEED": "0", **place.variables}


def here(side: Name, told: Mapping[str, Any], folder: Path = Path()) -> Place:
    """Return a place in this process's own environment, for calibration and tests."""
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return Place(side, Path(sys.executable), folder, told, {"PYTHONPATH": path})
