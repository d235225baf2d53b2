"""Answers to a query over any number of sources, or over a log that grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from asrbench.jsonlog import core, sources
from asrbench.jsonlog.answer import Census, Group
from asrbench.jsonlog.query import Query

Progress = Callable[[str, int], object]  # a source, and how many bytes of it were read


@dataclass(frozen=True, slots=True)
class Found:
    """The groups of all sources together, and what became of the lines of each."""

    groups: tuple[Group, ...]
    censuses: tuple[tuple[str, Census], ...]

    @property
    def bad(self) -> int:
        """Lines that are in no group because they are bad."""
        return sum(sum(census.bad.values()) for _, census in self.censuses)


def ask(
    given: Sequence[str], query: Query, threads: int = 1, progress: Progress | None = None
) -> Found:
    """Answer over files, plain or .gz or .zst, pipes, and the standard input (-).

    Plain files are read by `threads` threads. Raises Error where one cannot be read or is damaged.
    """
    log = core.core().Log(core.native_query(query))
    censuses = []
    for source in given:
        tell = _of(source, progress)
        size = sources.size(source)
        if sources.is_plain(source):
            counted = log.scan(source, threads, progress=tell)
        else:
            for piece in sources.pieces(source, tell):
                log.feed(piece)
            counted = log.finish()
        if tell is not None:
            tell(size)  # the core tells every 20 ms, and so not of the end
        censuses.append((source, core.census(counted)))
    return Found(core.groups(log), tuple(censuses))


def _of(source: str, progress: Progress | None) -> Callable[[int], object] | None:
    if progress is None:
        return None
    return lambda done: progress(source, done)


def follow(path: Path, query: Query, wait: Callable[[], object]) -> Iterator[Found]:
    """Yield the answer over a file each time that it was read to its end, and `wait` in between.

    Where it begins anew its lines are counted from 1 again; groups go on. A line without a newline
    is not counted before it has one.
    """
    log = core.core().Log(core.native_query(query))
    for piece in sources.growth(path):
        if piece is None:
            log.finish()
        elif piece:
            log.feed(piece)
        else:
            yield Found(core.groups(log), ((str(path), core.census(log.fed())),))
            wait()
