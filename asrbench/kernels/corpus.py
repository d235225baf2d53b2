"""The shapes: those of Whisper tiny.en, part by part, or one that is given."""

from __future__ import annotations

import re
from dataclasses import dataclass

from asrbench.errors import CorpusError
from asrbench.kernels.work import PRECISIONS, Product, Work

ALL = "embedded"  # what a corpus that comes with the package is called in every workload
SHAPES = {  # rows, out, depth
    "encoder": (
        (1500, 1152, 384),  # queries, keys and values
        (1500, 384, 384),  # out of the attention
        (1500, 1536, 384),  # feed-forward, up
        (1500, 384, 1536),  # and down
        (1500, 384, 1152),  # the second convolution, as a product
    ),
    "attention": ((48, 1500, 64), (48, 64, 1500)),  # a block of rows of one head
    "decoder": ((1, 1152, 384), (1, 1536, 384), (1, 384, 1536)),
    "vocabulary": ((1, 51864, 384),),
}
_GIVEN = re.compile(r"(\d{1,6})x(\d{1,6})x(\d{1,6})")
_MOST = 2**28  # weights of a shape that is given: 1 GiB as float32


@dataclass(frozen=True, slots=True)
class Corpus:
    """Products to be timed, each with its limit."""

    products: tuple[Product, ...]
    licence: str = "none needed: random numbers"

    @property
    def work(self) -> tuple[Work, ...]:
        """Every product, and every limit of one of them once."""
        return (*self.products, *dict.fromkeys(product.limit for product in self.products))


def find(name: str, limit: int | None = None) -> Corpus:
    """Return the shapes of that name in every precision: `embedded`, a part, or "8x1152x384".

    A given shape is rows, out, depth. `limit` keeps the first so many products, and their limits.
    Raises CorpusError for another name, a shape with a 0 or too large, or a limit below 1.
    """
    if limit is not None and limit < 1:
        raise CorpusError(f"limit is {limit}; expected one product or more")
    shapes = {part: SHAPES[part] for part in SHAPES if name in (part, ALL)} or _given(name)
    products = [
        Product(part, *shape, precision)
        for part, some in shapes.items()
        for shape in some
        for precision in PRECISIONS
    ]
    return Corpus(tuple(products[:limit]))


def _given(name: str) -> dict[str, tuple[tuple[int, int, int], ...]]:
    found = _GIVEN.fullmatch(name)
    if found is None:
        known = ", ".join((ALL, *SHAPES))
        raise CorpusError(f"no shapes {name!r}; expected one of {known}, or such as 8x1152x384")
    rows, out, depth = map(int, found.groups())
    if min(rows, out, depth) < 1 or max(rows, out) * depth > _MOST:
        raise CorpusError(f"shape is {name}; expected sizes from 1 on, and at most {_MOST} values")
    return {"given": ((rows, out, depth),)}
