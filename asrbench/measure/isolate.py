"""A function runs in a fresh process, and whatever becomes of it comes back as a value."""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asrbench.measure import command
from asrbench.measure.bounds import Bounds, Ending
from asrbench.measure.memory import peak_bytes
from asrbench.measure.orphan import die_with


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
    memory_bytes: int | None = None,
) -> Answer:
    """Call a module-level function with JSON arguments in a fresh Python process.

    Its value has to be JSON. `before` is a command that is put before the process's own, such as
    "valgrind --tool=callgrind". The process has this one's module path, a session of its own, and
    is killed with all its children after `timeout_s`, above `memory_bytes` or when this process is
    interrupted; itself also when this process is killed.
    """
    with tempfile.TemporaryDirectory(prefix="asrbench-") as folder:
        answer = Path(folder, "answer.json")
        request = {
            "module": function.__module__,
            "function": function.__qualname__,
            "arguments": dict(arguments),
            "answer": str(answer),
            "parent": os.getpid(),
        }
        done = command.run(
            [*before, sys.executable, "-m", "asrbench.measure.isolate"],
            Bounds(timeout_s, memory_bytes),
            json.dumps(request).encode(),
            variables=environment(),
        )
        if done.broke is not None or not answer.exists():
            return Answer(None, None, done.death)
        given = json.loads(answer.read_text(encoding="utf-8"))
    if "raised" in given:
        return Answer(None, None, Ending("raised", given["raised"]))
    return Answer(given["value"], given["peak_bytes"], None)


def environment() -> dict[str, str]:
    """Return the environment of a fresh process: ours, with the module path of this process."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def main() -> None:
    """Be the fresh process: read the request, call the function, write the answer."""
    request = json.load(sys.stdin)
    die_with(request["parent"])
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
