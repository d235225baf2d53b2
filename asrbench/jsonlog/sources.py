"""Where log lines come from: plain files, .gz and .zst, pipes, and files that still grow."""

from __future__ import annotations

import gzip
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from asrbench.engine import missing
from asrbench.errors import Error

STDIN = "-"
_PIECE = 1 << 18  # bytes
_MAGIC = {b"\x1f\x8b": ".gz", b"\x28\xb5\x2f\xfd": ".zst"}


def size(source: str) -> int:
    """Return the bytes of a file, 0 of a pipe. Raises Error where there is no such file."""
    return 0 if source == STDIN else _status(source).st_size


def is_plain(source: str) -> bool:
    """Whether a source is a regular file that is not compressed, by its first bytes.

    Raises Error where there is no such file.
    """
    if source == STDIN or not stat.S_ISREG(_status(source).st_mode):
        return False
    try:
        return not _packed(Path(source))
    except OSError as error:
        raise Error(f"{source!r} cannot be read: {error.strerror}") from error


def _status(source: str) -> os.stat_result:
    try:
        return Path(source).stat()
    except OSError as error:
        raise Error(f"{source!r} cannot be read: {error.strerror}") from error


def pieces(source: str, progress: Callable[[int], object] | None = None) -> Iterator[bytes]:
    """Yield the bytes of a pipe, of the standard input (-), or of a file, unpacked.

    `progress` is told how many bytes of the file were read, as they lie there. Raises Error where a
    file cannot be read or is damaged, EngineError where what reads .zst is not installed.
    """
    if source == STDIN:
        yield from _read(sys.stdin.buffer)
        return
    path = Path(source)
    try:
        with path.open("rb") as file:
            regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            packed = _packed(path) if regular else ""
            with _unpacked(file, packed) as unpacked:
                for piece in _read(unpacked):
                    if progress is not None and packed:
                        progress(file.tell())
                    yield piece
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Error(f"{source!r} is damaged: {error}") from error
    except OSError as error:
        raise Error(f"{source!r} cannot be read: {error.strerror or error}") from error


def _packed(path: Path) -> str:
    """Return ".gz" or ".zst" by a file's first bytes, "" for a plain one."""
    with path.open("rb") as file:
        first = file.read(4)
    return next((ending for magic, ending in _MAGIC.items() if first.startswith(magic)), "")


@contextmanager
def _unpacked(file: BinaryIO, packed: str) -> Iterator[BinaryIO]:
    if packed == ".gz":
        with gzip.open(file) as unpacked:
            yield cast("BinaryIO", unpacked)
    elif packed == ".zst":
        with _zst(file) as unpacked:
            yield unpacked
    else:
        yield file


@contextmanager
def _zst(file: BinaryIO) -> Iterator[BinaryIO]:
    if sys.version_info >= (3, 14):
        from compression import zstd

        try:
            with zstd.open(file) as unpacked:
                yield unpacked
        except zstd.ZstdError as error:
            raise Error(f"{file.name!r} is damaged: {error}") from error
    else:
        try:
            import zstandard
        except ModuleNotFoundError as error:
            raise missing("reading .zst", error, "zst") from error
        try:
            with zstandard.ZstdDecompressor().stream_reader(
                file, read_across_frames=True
            ) as unpacked:
                yield unpacked
        except zstandard.ZstdError as error:
            raise Error(f"{file.name!r} is damaged: {error}") from error


def _read(file: BinaryIO) -> Iterator[bytes]:
    """Yield what is there, as soon as it is there."""
    read = getattr(file, "read1", file.read)
    while piece := read(_PIECE):
        yield piece


def growth(path: Path) -> Iterator[bytes | None]:
    """Yield a file's bytes and what is added to it, b"" at its end for now, None if it began anew.

    A file that became shorter, or another one of that name, is read from its beginning. Raises
    Error where it cannot be read at first.
    """
    try:
        file = path.open("rb", buffering=0)
    except OSError as error:
        raise Error(f"{str(path)!r} cannot be read: {error.strerror}") from error
    try:
        while True:
            if piece := file.read(_PIECE):
                yield piece
                continue
            yield b""
            if _began_anew(path, file):
                yield None
                file.close()
                file = path.open("rb", buffering=0)
    finally:
        file.close()


def _began_anew(path: Path, file: BinaryIO) -> bool:
    ours = os.fstat(file.fileno())
    try:
        now = path.stat()
    except FileNotFoundError:  # between two names: the old one is read on
        return False
    return (now.st_dev, now.st_ino) != (ours.st_dev, ours.st_ino) or now.st_size < file.tell()
