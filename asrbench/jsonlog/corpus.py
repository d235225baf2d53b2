"""The logs that are answered: made of recognition events once and kept, or the user's own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from asrbench.errors import CorpusError
from asrbench.jsonlog.synthetic import events

EMBEDDED = "synthetic:2MB"
_SYNTHETIC = re.compile(r"synthetic:([1-9][0-9]{0,4})(kB|MB|GB)")
_UNITS = {"kB": 10**3, "MB": 10**6, "GB": 10**9}
_MOST = 200 * 10**9
_HEAD = 2 * 10**6  # bytes at the beginning that an engine is checked on before it is timed
_VERSION = 1  # of the events: another one makes other files


@dataclass(frozen=True, slots=True)
class Log:
    """A file of plain lines of JSON. `head` holds its first lines, about 2 MB; it may be `path`."""

    id: str
    path: Path
    size_bytes: int
    head: Path


@dataclass(frozen=True, slots=True)
class Corpus:
    """Logs to be answered, each by itself."""

    logs: tuple[Log, ...]
    licence: str = "none needed: made here, or your own"


def cache_folder() -> Path:
    """Return where logs are kept: below $ASRBENCH_CACHE or ~/.cache/asrbench."""
    chosen = os.environ.get("ASRBENCH_CACHE")
    return (Path(chosen) if chosen else Path.home() / ".cache" / "asrbench") / "jsonlog"


def find(name: str, limit: int | None = None, seed: int = 0) -> Corpus:
    """Return the log of that name: `embedded`, "synthetic:1GB" (made if need be), or a file.

    A synthetic log holds whole lines, the last of which passes its size. Raises CorpusError.
    """
    if limit is not None and limit < 1:
        raise CorpusError(f"limit is {limit}; expected one log or more")
    name = EMBEDDED if name == "embedded" else name
    path = Path(name)
    if found := _SYNTHETIC.fullmatch(name):
        size = int(found[1]) * _UNITS[found[2]]
        if size > _MOST:
            raise CorpusError(f"size is {name}; expected at most {_MOST} bytes")
        path = cache_folder() / f"events-{_VERSION}-{seed}-{size}.jsonl"
        if not path.exists():
            _write(path, _until(events(seed), size))
    elif not path.is_file():
        raise CorpusError(f"no log {name!r}; expected embedded, such as synthetic:1GB, or a file")
    size_bytes = path.stat().st_size
    if size_bytes == 0:
        raise CorpusError(f"log {name!r} is empty; expected one line or more")
    return Corpus((Log(name, path, size_bytes, _head(path, size_bytes)),))


def _head(path: Path, size_bytes: int) -> Path:
    """Return a file with the first lines of a log, made anew where the log has changed."""
    if size_bytes <= _HEAD:
        return path
    status = path.stat()
    kept = cache_folder() / f"head-{status.st_dev}-{status.st_ino}-{status.st_mtime_ns}.jsonl"
    if not kept.exists():
        with path.open("rb") as file:
            _write(kept, _until(file, _HEAD))
    return kept


def _until(lines: Iterable[bytes], size: int) -> Iterable[bytes]:
    """Yield lines up to the one that passes the size."""
    total = 0
    for line in lines:
        yield line
        total += len(line)
        if total >= size:
            return


def _write(path: Path, lines: Iterable[bytes]) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
