"""Every kernel, in every instruction set of this machine, does what NumPy does in double."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from asrbench import OptionError, _native

kernels = _native.kernels
Floats = NDArray[np.float32]

everywhere = pytest.mark.parametrize("isa", _native.isas())
sizes = st.integers(1, 70)  # past two panels of the widest instruction set, with every remainder


def matrix(rows: int, columns: int, seed: int) -> Floats:
    """Return values that do not begin on a vector's boundary."""
    values = np.random.default_rng(seed).standard_normal(rows * columns + 1, np.float32)
    return values[1:].reshape(rows, columns)


def agrees(found: Floats, expected: NDArray[np.float64], terms: int) -> None:
    """Allow each of the terms of a sum its rounding."""
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=4e-7 * terms)


@everywhere
@settings(deadline=None)
@given(rows=sizes, out=sizes, depth=st.integers(1, 300), seed=st.integers(0, 99))
def test_a_product_with_bias_and_residual(
    isa: str, rows: int, out: int, depth: int, seed: int
) -> None:
    a, w = matrix(rows, depth, seed), matrix(out, depth, seed + 1)
    bias, residual = matrix(1, out, seed + 2)[0], matrix(rows, out, seed + 3)

    found = kernels.gemm(a, w, bias, residual, isa=isa)

    agrees(found, a.astype(float) @ w.T + bias + residual, depth + 2)


@everywhere
def test_a_product_of_several_depth_blocks_passes_through_gelu_once(isa: str) -> None:
    a, w = matrix(13, 700, 1), matrix(37, 700, 2)

    found = kernels.gemm(a, w, gelu=True, isa=isa)

    agrees(found, gelu(a.astype(float) @ w.T), 700)


@everywhere
def test_a_row_does_not_depend_on_the_rows_beside_it(isa: str) -> None:
    a, w = matrix(29, 96, 1), matrix(40, 96, 2)

    whole = kernels.gemm(a, w, isa=isa)

    for row in range(len(a)):
        np.testing.assert_array_equal(kernels.gemm(a[row : row + 1], w, isa=isa)[0], whole[row])


@everywhere
@settings(deadline=None)
@given(rows=sizes, depth=st.integers(1, 200), seed=st.integers(0, 99))
def test_a_product_with_a_vector(isa: str, rows: int, depth: int, seed: int) -> None:
    w, x, bias = matrix(rows, depth, seed), matrix(1, depth, seed + 1)[0], matrix(1, rows, 5)[0]

    agrees(kernels.gemv(w, x, bias, isa=isa), w.astype(float) @ x + bias, depth + 1)


@everywhere
@settings(deadline=None)
@given(rows=sizes, depth=st.integers(1, 200), seed=st.integers(0, 99))
def test_a_product_with_half_precision_weights(isa: str, rows: int, depth: int, seed: int) -> None:
    half, x = matrix(rows, depth, seed).astype(np.float16), matrix(1, depth, seed + 1)[0]

    found = kernels.gemv_half(half.view(np.uint16), x, isa=isa)

    agrees(found, half.astype(float) @ x, depth)


@everywhere
def test_every_finite_half_precision_value_is_widened_exactly(isa: str) -> None:
    bits = np.arange(1 << 16, dtype=np.uint16)
    finite = np.isfinite(bits.view(np.float16))

    found = kernels.gemv_half(bits[:, None], np.ones(1, np.float32), isa=isa)

    np.testing.assert_array_equal(found[finite], bits.view(np.float16)[finite].astype(np.float32))


@everywhere
@settings(deadline=None)
@given(
    columns=st.integers(1, 100), scale=st.sampled_from([0.125, 1.0, 3.0]), seed=st.integers(0, 9)
)
def test_softmax(isa: str, columns: int, scale: float, seed: int) -> None:
    x = 10 * matrix(3, columns, seed)
    powers = np.exp(scale * (x.astype(float) - x.max(axis=1, keepdims=True)))

    found = kernels.softmax(x, scale, isa=isa)

    np.testing.assert_allclose(found, powers / powers.sum(axis=1, keepdims=True), atol=2e-6)


@everywhere
def test_softmax_of_extremes_stays_a_distribution(isa: str) -> None:
    x = np.array([[3e38, -3e38, 0.0], [-1e30, -1e30, -1e30]], np.float32)

    found = kernels.softmax(x, isa=isa)

    expected = np.array([[1, 0, 0], [1 / 3, 1 / 3, 1 / 3]])
    np.testing.assert_allclose(found, expected, atol=1e-6)


@everywhere
@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("at", [0, 20, 36])
def test_a_value_that_is_not_finite_is_not_hidden(isa: str, bad: float, at: int) -> None:
    x = matrix(2, 37, 1)
    x[1, at] = bad

    assert np.isnan(kernels.softmax(x, isa=isa)[1]).any()
    assert np.isfinite(kernels.softmax(x, isa=isa)[0]).all()
    assert not np.isfinite(kernels.gelu(x[1], isa=isa)[at])


@everywhere
@settings(deadline=None)
@given(columns=st.integers(1, 100), seed=st.integers(0, 99))
def test_layer_norm(isa: str, columns: int, seed: int) -> None:
    x, gamma, beta = (
        5 + matrix(4, columns, seed),
        matrix(1, columns, 1)[0],
        matrix(1, columns, 2)[0],
    )
    wide = x.astype(float)
    scale = np.sqrt(wide.var(axis=1, keepdims=True) + 1e-5)

    found = kernels.layer_norm(x, gamma, beta, isa=isa)

    expected = (wide - wide.mean(axis=1, keepdims=True)) / scale * gamma + beta
    np.testing.assert_allclose(found, expected, atol=1e-4, rtol=1e-4)


def gelu(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return x (1 + erf(x / sqrt 2)) / 2."""
    erf = np.array([math.erf(value) for value in (x / math.sqrt(2)).flat]).reshape(x.shape)
    result: NDArray[np.float64] = x * (1 + erf) / 2
    return result


@everywhere
def test_gelu_is_exact_to_two_millionths_and_does_not_drift_far_out(isa: str) -> None:
    x = np.concatenate([np.linspace(-9, 9, 40001), [-1e30, -1e4, -50.0, 50.0, 1e4, 1e30]])

    found = kernels.gelu(x.astype(np.float32), isa=isa)

    expected = gelu(x.astype(np.float32).astype(float))
    np.testing.assert_allclose(found, expected, atol=2e-6, rtol=2e-7)


@everywhere
@settings(deadline=None)
@given(rows=sizes, columns=sizes, seed=st.integers(0, 99))
def test_a_weighted_sum_of_rows(isa: str, rows: int, columns: int, seed: int) -> None:
    p, v = matrix(1, rows, seed)[0], matrix(rows, columns, seed + 1)

    agrees(kernels.weighted_sum(p, v, isa=isa), p.astype(float) @ v, rows)


@everywhere
@settings(deadline=None)
@given(count=st.integers(1, 100), seed=st.integers(0, 99))
def test_the_sum_of_exponentials_and_the_largest(isa: str, count: int, seed: int) -> None:
    x = 20 * matrix(1, count, seed)[0]

    assert kernels.max(x, isa=isa) == x.max()
    expected = np.exp(x.astype(float) - float(x.max())).sum()
    assert kernels.sum_exp(x, float(x.max()), isa=isa) == pytest.approx(expected, rel=1e-5)


def test_an_unknown_instruction_set_is_refused_and_the_known_ones_named() -> None:
    with pytest.raises(OptionError, match=r'"sse9"; expected one that runs here: .*generic'):
        kernels.gelu(np.ones(1, np.float32), isa="sse9")
