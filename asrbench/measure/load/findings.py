"""What the process under load finds it writes into a folder, where its parent reads it.

loaded.json    the items, once the engine is there
calls.jsonl    a line for every call, of the warm-up and under load
ready.json     how the warm-up went
compared.json  whether answers under load were those of before
raised.json    why the process ended early
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

FAULT = 70  # the exit code of a process that wrote raised.json


@dataclass(slots=True)
class Folder:
    """The folder, for the process under load to write to."""

    path: Path
    _calls: BinaryIO = field(init=False)

    def __post_init__(self) -> None:
        """Open the file of calls, which is not buffered: a line is there once it is written."""
        self._calls = (self.path / "calls.jsonl").open("ab", buffering=0)

    def write(self, name: str, value: Any) -> None:
        """Write one JSON file, whole or not at all."""
        part = self.path / f"{name}.part"
        part.write_text(json.dumps(value), encoding="utf-8")
        part.rename(self.path / name)

    def line(self, value: Any) -> None:
        """Add a line to the calls."""
        self._calls.write(json.dumps(value).encode() + b"\n")

    def fault(self, error: BaseException) -> None:
        """Say why this process ends, and end it: nothing may be raised into the load generator."""
        self.write("raised.json", {"type": type(error).__name__, "message": str(error)})
        os._exit(FAULT)


class Lines:
    """A file of JSON lines that is still being written; each read takes the new whole ones."""

    def __init__(self, path: Path) -> None:
        """Begin at the start of the file, which need not be there yet."""
        self._path = path
        self._offset = 0

    def read(self) -> list[dict[str, Any]]:
        """Return the values of the lines that are new."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._offset)
            new = file.read()
        whole = new[: new.rfind(b"\n") + 1]
        self._offset += len(whole)
        return [json.loads(line) for line in whole.splitlines()]


def found(folder: Path, name: str) -> Any:
    """Return the JSON of a file in the folder; None where it is not there."""
    path = folder / name
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
