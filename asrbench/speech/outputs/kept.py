"""What was written of one input, and of what: so that a batch that broke goes on where it was.

Beside the outputs of an input lies a hidden record: the SHA-256 of the input, what was chosen, and
the SHA-256 of each output. An input is done when all of it is still so; times do not matter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asrbench.speech.outputs.whole import write_whole

_SCHEMA = "asrbench.transcribed/1"


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where the outputs of one input go: `stem` with each ending, "talk" becoming "talk.srt".

    Invariants: `endings` are not empty and each there once.
    """

    folder: Path
    stem: str
    endings: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse to write nothing, or one file twice."""
        if not self.endings or len(set(self.endings)) != len(self.endings):
            raise ValueError(f"endings are {self.endings}; expected some, each once")

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files, in the order of the endings."""
        return tuple(self.folder / f"{self.stem}.{ending}" for ending in self.endings)

    @property
    def record(self) -> Path:
        """The hidden file that says what was written."""
        return self.folder / f".{self.stem}.transcribed"

    def done(self, input_sha256: str, chosen: Mapping[str, Any]) -> bool:
        """Say whether every output is there as it was written, of this input and these choices."""
        try:
            found = json.loads(self.record.read_bytes())
            written = {path.name: _sha256(path.read_bytes()) for path in self.paths}
        except (OSError, ValueError):  # nothing there, or not by us: write it
            return False
        return bool(found == _said(input_sha256, chosen, written))

    def write(
        self, input_sha256: str, chosen: Mapping[str, Any], contents: Mapping[str, str]
    ) -> None:
        """Write each output, then the record of them; each whole or not at all. Raises OSError."""
        written = {}
        for ending, path in zip(self.endings, self.paths, strict=True):
            data = contents[ending].encode()
            write_whole(path, data)
            written[path.name] = _sha256(data)
        record = json.dumps(_said(input_sha256, chosen, written), indent=1, sort_keys=True)
        write_whole(self.record, f"{record}\n".encode())


def _said(
    input_sha256: str, chosen: Mapping[str, Any], written: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "schema": _SCHEMA,
        "input": input_sha256,
        "chosen": json.loads(json.dumps(chosen)),  # as it is read again: tuples are lists
        "outputs": dict(written),
    }


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
