"""Normal deviates of random words, by the inverse of the distribution, one a word."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

_INVERSE = NormalDist().inv_cdf  # Wichura's algorithm AS241, 16 digits


def normals(words: NDArray[np.uint32] | NDArray[np.uint64]) -> NDArray[np.float64]:
    """Return the deviates whose distribution function is (word + 1/2) / 2^bits, of any shape.

    Of a word of 64 bits the first 53 count. The smaller tail is inverted: 1 less it may be 1.
    """
    if words.dtype == np.uint64:
        bits, words = 53, words >> np.uint64(11)
    else:
        bits, words = 32, words.astype(np.uint64)
    last = np.uint64(2**bits - 1)
    above = words > last >> np.uint64(1)
    tail = (np.where(above, last - words, words).astype(np.float64) + 0.5) / 2.0**bits
    sizes = np.fromiter(map(_INVERSE, tail.ravel().tolist()), np.float64, tail.size)
    return np.where(above, -1.0, 1.0) * sizes.reshape(words.shape)
