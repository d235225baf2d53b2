"""A file is written whole or not at all; the draft that a kill left behind is taken over."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


def draft_of(path: Path) -> Path:
    """Return where a file is written before it is there: beside it, hidden, always the same name.

    A kill leaves at most this file, and whoever writes the same file later uses it up.
    """
    return path.with_name(f".{path.name}.part")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file through its draft, fsync and rename; make its folder if need be.

    Raises OSError, also where another process writes the same file at this time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = draft_of(path)
    with draft.open("ab") as file:  # not "wb": it may be another's until it is locked
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mine = os.path.samestat(os.fstat(file.fileno()), draft.stat())
        except (BlockingIOError, FileNotFoundError):
            mine = False
        if not mine:
            raise BlockingIOError(f"another process writes {path}; expected one at a time")
        try:
            file.truncate(0)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
