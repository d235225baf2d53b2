"""A price by simulation: the mean of what many paths pay, with its standard error.

NumPy over blocks of paths, since a million of them would take plain Python a minute.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from asrbench.pricing.oracle import sobol
from asrbench.pricing.oracle.closed_form import geometric_asian
from asrbench.pricing.oracle.normal import normals
from asrbench.pricing.oracle.payoffs import Terms, Values, outputs
from asrbench.pricing.oracle.philox import words

_BLOCK = 2**17  # deviates at once
Estimates = list[tuple[float, float]]  # a value and its standard error each


def simulate(terms: Terms, paths: int, seed: int, method: str, precision: str) -> Estimates:
    """Return price, delta, gamma, vega, rho, theta with their standard errors.

    `paths` are pairs, each with its mirrored path. `method` is philox or sobol; `precision` says
    how many bits deviates have (32 or 64), for this is float64 always.
    """
    made = _sobol if method == "sobol" else _philox
    found = made(terms, paths // 2, seed, precision)
    if terms.kind == "asian":
        sign = 1 if terms.right == "call" else -1
        control = geometric_asian(*terms[2:8], sign)
        found[0] = (found[0][0] + control, found[0][1])
    return found


def _philox(terms: Terms, pairs: int, seed: int, precision: str) -> Estimates:
    count, total, squares = 0, np.zeros(6), np.zeros(6)
    for block in _deviates(terms.steps, pairs, seed, precision):
        pair = _pairs(terms, np.cumsum(block, axis=1))
        count += len(block)
        total += pair.sum(axis=1)
        squares += (pair**2).sum(axis=1)
    variance = np.maximum(squares / count - (total / count) ** 2, 0) * count / (count - 1)
    return _listed(total / count, np.sqrt(variance / count))


def _sobol(terms: Terms, pairs: int, seed: int, precision: str) -> Estimates:
    """Return means over randomisations, each of as many points; their spread makes the error."""
    point = sobol.points(pairs // sobol.SHIFTS, terms.steps)
    means = []
    for number in range(sobol.SHIFTS):
        moved = point ^ sobol.shift(seed, number, terms.steps)
        if precision == "float64":
            moved = (moved.astype(np.uint64) << np.uint64(32)) | np.uint64(2**31)
        means.append(_pairs(terms, sobol.bridged(normals(moved))).mean(axis=1))
    error = np.std(means, axis=0, ddof=1) / math.sqrt(sobol.SHIFTS)
    return _listed(np.mean(means, axis=0), error)


def _pairs(terms: Terms, path: Values) -> Values:
    return (outputs(terms, path) + outputs(terms, -path)) / 2


def _listed(values: NDArray[np.float64], errors: NDArray[np.float64]) -> Estimates:
    return [(float(v), float(e)) for v, e in zip(values, errors, strict=True)]


def _deviates(steps: int, pairs: int, seed: int, precision: str) -> Iterator[Values]:
    """Yield deviates, (some pairs, steps), the pairs in order.

    A counter has 4 words, or 2 of 64 bits: for as many dates of one pair; where there is one date
    only, for as many pairs.
    """
    each = 4 if precision == "float32" else 2
    if steps == 1:
        counters = -(-pairs // each)
        for first in range(0, counters, _BLOCK // 4):
            some = min(_BLOCK // 4, counters - first)
            found = _joined(words(seed, first, 0, some), each).reshape(-1, 1)
            yield normals(found[: pairs - first * each])
        return
    block = max(1, _BLOCK // steps)
    for first in range(0, pairs, block):
        some = min(block, pairs - first)
        parts = [
            normals(_joined(words(seed, first, step, some), each))
            for step in range(-(-steps // each))
        ]
        yield np.concatenate(parts, axis=1)[:, :steps]


def _joined(found: NDArray[np.uint32], each: int) -> NDArray[np.uint32] | NDArray[np.uint64]:
    if each == 4:
        return found
    wide = found.astype(np.uint64)
    joined: NDArray[np.uint64] = (wide[:, ::2] << np.uint64(32)) | wide[:, 1::2]
    return joined
