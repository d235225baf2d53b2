"""The calls: all five functions, or one of them by its name."""

from __future__ import annotations

from dataclasses import dataclass

from asrbench.boundary.calls import ARGUMENTS, Calls
from asrbench.errors import CorpusError

ALL = "embedded"  # what a corpus that comes with the package is called in every workload


@dataclass(frozen=True, slots=True)
class Corpus:
    """Functions to be called."""

    calls: tuple[Calls, ...]
    licence: str = "none needed: an array and a few bytes"


def find(name: str, limit: int | None = None) -> Corpus:
    """Return the calls of that name; `limit` keeps the first so many.

    Raises CorpusError for another name, or a limit below 1.
    """
    if limit is not None and limit < 1:
        raise CorpusError(f"limit is {limit}; expected one function or more")
    if name != ALL and name not in ARGUMENTS:
        known = ", ".join((ALL, *ARGUMENTS))
        raise CorpusError(f"no calls {name!r}; expected one of {known}")
    chosen = [Calls(function) for function in ARGUMENTS if name in (function, ALL)]
    return Corpus(tuple(chosen[:limit]))
