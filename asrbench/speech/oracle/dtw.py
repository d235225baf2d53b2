"""Dynamic time warping: the cheapest way through a matrix of costs, from first place to last.

Source: Sakoe and Chiba 1978. A step goes to the next column, to the next row, or to both.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Stretch = tuple[int, int]

_ALONG, _BOTH, _DOWN = range(3)


def dtw(costs: Array) -> tuple[Stretch, ...]:
    """Return for each row the first and the last column that the cheapest way goes through.

    costs are (rows, columns), finite, one of each at least; they are added in float32. Of steps
    that cost the same the one along the row is taken, or else the one to both. Raises ValueError
    for other costs.
    """
    if costs.ndim != 2 or costs.size == 0 or not np.isfinite(costs).all():
        raise ValueError(f"costs are {costs.shape}; expected finite ones, a row and a column")
    rows, columns = costs.shape
    sums = np.full((rows, columns), np.inf, np.float32)
    steps = np.full((rows, columns), _ALONG)
    for row in range(rows):
        for column in range(columns):
            before = [
                sums[row, column - 1] if column else np.float32(np.inf),
                sums[row - 1, column - 1] if row and column else np.float32(np.inf),
                sums[row - 1, column] if row else np.float32(np.inf),
            ]
            step = int(np.argmin(before))  # the first of equal ones
            least = before[step] if row or column else np.float32(0)
            sums[row, column] = costs[row, column] + least
            steps[row, column] = step
    return _way_back(steps)


def _way_back(steps: NDArray[np.int_]) -> tuple[Stretch, ...]:
    column = steps.shape[1] - 1
    way = []
    for row in reversed(range(len(steps))):
        last = column
        while column > 0 and steps[row, column] == _ALONG:
            column -= 1
        way.append((column, last))
        column -= row > 0 and steps[row, column] == _BOTH
    return tuple(reversed(way))
