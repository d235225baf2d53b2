"""A function runs in a fresh process, and whatever becomes of it comes back as a value."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from asrbench.measure.memory import peak_bytes

_LAST = 2000  # characters of what a dead process wrote that are kept


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a process gave no answer: it raised, died (a signal, an exit code) or hung."""

    kind: Literal["raised", "died", "hung"]
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a fresh process: its function's value, or how it ended without one.

    `peak_bytes` is the process's own VmHWM after the function returned, None where it did not or
    the system does not tell. Invariants: there is no value where there is an ending.
    """

    value: Any
    peak_bytes: int | None
    ending: Ending | None

    def __post_init__(self) -> None:
        """Refuse an answer that is both."""
        if self.ending is not None and self.value is not None:
            raise ValueError(f"value {self.value!r} beside {self.ending}; expected one of them")


def isolate(
    function: Callable[..., Any],
    arguments: Mapping[str, Any],
    timeout_s: float = 600.0,
    before: Sequence[str] = (),
) -> Answer:
    """Call a module-level function with JSON arguments in a fresh Python process.

    Its value has to be JSON. `before` is a command that is put before the process's own, such as
    "valgrind --tool=callgrind". The process has this one's module path, a session of its own, and
    is killed with all its children after `timeout_s` or when this process is interrupted.
    """
    with tempfile.TemporaryDirectory(prefix="asrbench-") as folder:
        answer = Path(folder, "answer.json")
        noise = Path(folder, "noise.txt")
        request = {
            "module": function.__module__,
            "function": function.__qualname__,
            "arguments": dict(arguments),
            "answer": str(answer),
        }
        with noise.open("wb") as sink:
            process = subprocess.Popen(
                [*before, sys.executable, "-m", "asrbench.measure.isolate"],
                stdin=subprocess.PIPE,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                start_new_session=True,
            )
            try:
                process.communicate(json.dumps(request).encode(), timeout=timeout_s)
            except subprocess.TimeoutExpired:
                return Answer(None, None, Ending("hung", f"no answer within {timeout_s:g} s"))
            finally:
                _end(process)
        if answer.exists():
            given = json.loads(answer.read_text(encoding="utf-8"))
            if "raised" in given:
                return Answer(None, None, Ending("raised", given["raised"]))
            return Answer(given["value"], given["peak_bytes"], None)
        said = noise.read_text(encoding="utf-8", errors="replace").strip()[-_LAST:]
        return Answer(None, None, Ending("died", _why(process.returncode) + (said and f": {said}")))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a process and of those it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _why(code: int) -> str:
    """Return a return code in words."""
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exited with code {code} and no answer"


def main() -> None:
    """Be the fresh process: read the request, call the function, write the answer."""
    request = json.load(sys.stdin)
    function = getattr(importlib.import_module(request["module"]), request["function"])
    answer: dict[str, Any]
    try:
        value = function(**request["arguments"])
        answer = {"value": value, "peak_bytes": peak_bytes()}
    except Exception as error:  # noqa: BLE001  not to go on: the process that waits is told
        answer = {"raised": f"{type(error).__name__}: {error}"}
    path = Path(request["answer"])
    path.with_suffix(".part").write_text(json.dumps(answer), encoding="utf-8")
    path.with_suffix(".part").rename(path)


if __name__ == "__main__":
    main()
