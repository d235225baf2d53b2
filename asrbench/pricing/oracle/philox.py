"""Philox4x32-10: random words that are a function of a counter and a key.

J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC11).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_BUMPS = (0x9E3779B9, 0xBB67AE85)
_ROUNDS = 10


def philox(counters: NDArray[np.uint32], key: tuple[int, int]) -> NDArray[np.uint32]:
    """Return the four words of each counter; both are (n, 4), the first word the lowest."""
    c0, c1, c2, c3 = (counters[:, i].astype(np.uint64) for i in range(4))
    for turn in range(_ROUNDS):
        k0, k1 = (
            np.uint64((k + turn * bump) & 0xFFFFFFFF) for k, bump in zip(key, _BUMPS, strict=True)
        )
        first, second = c0 * _MULTIPLIERS[0], c2 * _MULTIPLIERS[1]
        c0, c1 = (second >> _HALF) ^ c1 ^ k0, second & _LOW
        c2, c3 = (first >> _HALF) ^ c3 ^ k1, first & _LOW
    return np.stack([c0, c1, c2, c3], axis=1).astype(np.uint32)


def words(seed: int, first: int, step: int, count: int) -> NDArray[np.uint32]:
    """Return the words of `count` counters (i, i >> 32, step, 0) from `first` on: (count, 4)."""
    index = np.arange(first, first + count, dtype=np.uint64)
    counters = np.zeros((count, 4), np.uint32)
    counters[:, 0] = index & _LOW
    counters[:, 1] = index >> _HALF
    counters[:, 2] = step
    return philox(counters, (seed & 0xFFFFFFFF, seed >> 32))
