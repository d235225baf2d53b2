"""The frames: drawn from a seed, since a filter's time does not depend on what an image shows."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asrbench.errors import CorpusError
from asrbench.frames.oracle.edges import gray
from asrbench.frames.work import FILTERS, Filter, Work

ALL = "embedded"  # what a corpus that comes with the package is called in every workload
EDGES = "edges"
HD = (1080, 1920)  # rows, columns
_GIVEN = re.compile(r"(\d{1,5})x(\d{1,5})")
_MOST = 2**26  # pixels of a frame that is given
_PART = 7  # rows and columns that a part leaves out on each side


@dataclass(frozen=True, slots=True)
class Corpus:
    """Filters to be timed, each on its frame."""

    work: tuple[Work, ...]
    licence: str = "none needed: drawn from random numbers"


def known() -> dict[str, str]:
    """Return the corpora by name, with what is in them."""
    return {
        ALL: "every filter on 1920x1080, and edges-l1 on a part of a larger image",
        EDGES: "the two fused chains on 1920x1080",
        **{name: f"{name} on 1920x1080" for name in FILTERS},
    }


def find(name: str, limit: int | None = None) -> Corpus:
    """Return a corpus of `known()`, or every filter on a size such as "1280x720", columns first.

    `limit` keeps the first so many. Raises CorpusError for another name, a size with a 0 or too
    large, or a limit below 1.
    """
    if limit is not None and limit < 1:
        raise CorpusError(f"limit is {limit}; expected one frame or more")
    if name == EDGES:
        work = _on(drawn(*HD), ("edges-l1", "edges-l2"))
    elif name in FILTERS:
        work = _on(drawn(*HD), (name,))
    elif name == ALL:
        rows, columns = HD
        whole = drawn(rows + 2 * _PART, columns + 2 * _PART)
        part = whole[_PART:-_PART, _PART:-_PART]
        work = (*_on(drawn(*HD), FILTERS), Work("edges-l1", part, "part"))
    else:
        work = _on(drawn(*_given(name)), FILTERS)
    return Corpus(work[:limit])


def drawn(rows: int, columns: int, seed: int = 0) -> NDArray[np.uint8]:
    """Return an image of shape (rows, columns, 3): slopes, rectangles of colour, and noise."""
    chance = np.random.default_rng([seed, rows, columns])
    down = np.linspace(0, 120, rows)[:, np.newaxis, np.newaxis]
    across = np.linspace(0, 80, columns)[np.newaxis, :, np.newaxis]
    image = down + across + chance.integers(0, 20, 3)
    for _ in range(12):
        top, left = (int(chance.integers(0, size)) for size in (rows, columns))
        high, wide = (int(chance.integers(1, size // 3 + 2)) for size in (rows, columns))
        image[top : top + high, left : left + wide] = chance.integers(0, 256, 3)
    noise = chance.integers(-6, 7, image.shape, np.int8)
    drawn: NDArray[np.uint8] = np.clip(image + noise, 0, 255).astype(np.uint8)
    return drawn


def _on(image: NDArray[np.uint8], filters: tuple[Filter, ...]) -> tuple[Work, ...]:
    return tuple(Work(name, gray(image) if name == "equalize" else image) for name in filters)


def _given(name: str) -> tuple[int, int]:
    """Return rows and columns of "1280x720"."""
    found = _GIVEN.fullmatch(name)
    if found is None:
        raise CorpusError(
            f"no frames {name!r}; expected one of {', '.join(known())}, or such as 1280x720"
        )
    columns, rows = map(int, found.groups())
    if min(rows, columns) < 1 or rows * columns > _MOST or max(rows, columns) > 65535:
        raise CorpusError(f"frame is {name}; expected sizes from 1 on, and at most {_MOST} pixels")
    return rows, columns
