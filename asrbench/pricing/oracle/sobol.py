"""Sobol's sequence, moved by a random digital shift, and the Brownian bridge over it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from asrbench.pricing.oracle.joe_kuo import JOE_KUO
from asrbench.pricing.oracle.philox import words

SHIFTS = 16
_BITS = 32
_SHIFT_STEP = 2**31  # in a counter: no path has as many dates


def directions(dimensions: int) -> NDArray[np.uint32]:
    """Return the direction numbers, (dimensions, 32), at most 128 (Bratley and Fox 1988)."""
    found = np.zeros((dimensions, _BITS), np.uint32)
    found[0] = [1 << (_BITS - 1 - k) for k in range(_BITS)]
    numbers = iter(JOE_KUO)
    for d in range(1, dimensions):
        polynomial = next(numbers)
        degree = polynomial.bit_length() - 1
        m = [next(numbers) for _ in range(degree)]
        for k in range(degree, _BITS):
            new = m[k - degree] ^ (m[k - degree] << degree)
            for i in range(1, degree):
                if polynomial >> (degree - i) & 1:
                    new ^= m[k - i] << i
            m.append(new)
        found[d] = [number << (_BITS - 1 - k) for k, number in enumerate(m)]
    return found


def points(count: int, dimensions: int) -> NDArray[np.uint32]:
    """Return the first points, (count, dimensions), in the order of Gray codes."""
    v = directions(dimensions)
    found = np.zeros((count, dimensions), np.uint32)
    for i in range(1, count):  # one bit of the Gray code changes
        found[i] = found[i - 1] ^ v[:, (i & -i).bit_length() - 1]
    return found


def shift(seed: int, number: int, dimensions: int) -> NDArray[np.uint32]:
    """Return the words that one randomisation moves each dimension by: (dimensions,)."""
    each = -(-dimensions // 4)
    return words(seed, number << 32, _SHIFT_STEP, each).ravel()[:dimensions]


def bridged(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Brownian paths, (count, steps), of deviates, (count, steps), in units of a step.

    The first deviate makes the last value, the next ones halve what is between, the widest first.
    """
    count, steps = z.shape
    path = np.zeros((count, steps + 1))
    path[:, steps] = np.sqrt(steps) * z[:, 0]
    gaps, used = [(0, steps)], 1
    for start, end in gaps:
        if end - start < 2:
            continue
        at = start + (end - start) // 2
        before, behind = at - start, end - at
        mean = (behind * path[:, start] + before * path[:, end]) / (before + behind)
        path[:, at] = mean + np.sqrt(before * behind / (before + behind)) * z[:, used]
        used += 1
        gaps += [(start, at), (at, end)]
    return path[:, 1:]
