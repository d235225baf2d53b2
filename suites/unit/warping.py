"""Every way through a small matrix of costs, tried one by one: what the cheapest one must be."""

from collections.abc import Iterator

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

Array = NDArray[np.float32]
Way = tuple[tuple[int, int], ...]


def small_costs() -> st.SearchStrategy[Array]:
    """Costs of at most 4 rows and 5 columns: small integers, which float32 adds exactly."""
    shapes = st.tuples(st.integers(1, 4), st.integers(1, 5))
    return shapes.flatmap(
        lambda shape: arrays.arrays(np.float32, shape, elements=st.integers(-9, 9).map(float))
    )


def ways(rows: int, columns: int) -> Iterator[Way]:
    """Yield every way from the first place to the last, as the columns of each row."""
    yield from _from(0, 0, rows, columns)


def _from(row: int, first: int, rows: int, columns: int) -> Iterator[Way]:
    if row == rows - 1:
        yield ((first, columns - 1),)
        return
    for last in range(first, columns):
        for following in {last, min(last + 1, columns - 1)}:
            for rest in _from(row + 1, following, rows, columns):
                yield ((first, last), *rest)


def cheapest(costs: Array) -> float:
    """Return the least sum of costs along any way."""
    return min(
        sum(float(costs[r, first : last + 1].sum()) for r, (first, last) in enumerate(way))
        for way in ways(*costs.shape)
    )
