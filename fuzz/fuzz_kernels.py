"""Kernels through the binding: every instruction set does what generic does, or refuses alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from asrbench import OptionError, _native
from asrbench.fuzz.chooser import Chooser

Floats = NDArray[np.float32]
kernels = _native.kernels


class Matrices:
    """Matrices of values from -8 to 8, from the bytes that are left, round and round."""

    def __init__(self, chooser: Chooser) -> None:
        self._values = np.frombuffer(chooser.rest() or b"\1", np.int8).astype(np.float32) / 16

    def __call__(self, *shape: int) -> Floats:
        """Return a matrix of that shape, or a row."""
        return np.resize(self._values, shape)


def one_input(data: bytes) -> None:
    """Compare one kernel with generic, for sizes that may not fit together."""
    chooser = Chooser(data)
    kind = chooser.number(0, 9)
    rows, out, depth = (chooser.number(0, most) for most in (13, 37, 70))
    odd = chooser.number(0, 20) == 20  # now and then a size that does not fit
    matrix = Matrices(chooser)
    x, a, w = matrix(depth + odd), matrix(rows, depth), matrix(out, depth)
    half = w.astype(np.float16).view(np.uint16)
    works: list[Callable[[str], Floats | float]] = [
        lambda isa: kernels.gemm(a, w, matrix(out + odd), isa=isa),
        lambda isa: kernels.gemm(a, w, None, matrix(rows, out + odd), gelu=True, isa=isa),
        lambda isa: kernels.gemv(w, x, matrix(out), isa=isa),
        lambda isa: kernels.gemv_half(half, x, isa=isa),
        lambda isa: kernels.layer_norm(a, x, matrix(depth), isa=isa),
        lambda isa: kernels.softmax(a, 0.5, isa=isa),
        lambda isa: kernels.weighted_sum(matrix(out + odd), w, isa=isa),
        lambda isa: kernels.gemm(a, w, matrix(out), None, False, "int16", isa=isa),
        lambda isa: kernels.attend(a, w, matrix(out, depth + odd), isa=isa),
        lambda isa: kernels.sum_exp(x, kernels.max(x, isa=isa), isa=isa) + kernels.gelu(x, isa=isa),
    ]
    answers = [answer(works[kind], isa) for isa in _native.isas()]
    for found in answers[:-1]:
        assert (found is None) == (answers[-1] is None), "one refuses, the other does not"
        if found is not None and answers[-1] is not None:
            np.testing.assert_allclose(found, answers[-1], rtol=1e-5, atol=1e-3)


def answer(work: Callable[[str], Floats | float], isa: str) -> Floats | float | None:
    """Return what a kernel gives, None where it refuses."""
    try:
        return work(isa)
    except OptionError:
        return None


def seeds() -> Iterator[bytes]:
    """Yield each kernel with sizes that fit, do not fit, and are 0."""
    noise = np.random.default_rng(0).bytes(64)
    for kind in range(8):
        yield bytes([kind, 5, 17, 40, 0]) + noise
        yield bytes([kind, 13, 37, 130, 20]) + noise
        yield bytes([kind, 0, kind % 2, 0, 0]) + noise
