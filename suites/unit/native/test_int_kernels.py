"""Products of integers are exact: what NumPy's integers give, in every instruction set."""

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
BYTE_LEVELS = 127


def matrix(rows: int, columns: int, seed: int) -> Floats:
    """Return values of many magnitudes that do not begin on a vector's boundary."""
    chance = np.random.default_rng(seed)
    values = chance.standard_normal(rows * columns + 1, np.float32)
    values *= np.float32(10) ** chance.integers(-3, 3)
    return values[1:].reshape(rows, columns)


def quantised(x: Floats, levels: int) -> tuple[NDArray[np.int64], Floats]:
    """Return integers of at most `levels` and the scale of each row, in the core's own rounding."""
    reach = np.abs(x).max(axis=1, keepdims=True)
    inverse = np.divide(np.float32(levels), reach, out=np.zeros_like(reach), where=reach > 0)
    return np.rint(x * inverse).astype(np.int64), reach / np.float32(levels)


def int16_levels(depth: int) -> int:
    """Return how large an activation may be so that no sum of products overflows 32 bits."""
    return min(32767, (2**31 - 1) // (128 * depth))


def product(a: Floats, w: Floats, levels: int, evened: bool) -> NDArray[np.float64]:
    """Return the product of the quantised matrices, its sums exact."""
    if evened:
        inputs = np.abs(w).max(axis=0)
        inputs[inputs == 0] = 1
        a, w = a * inputs, w / inputs
    left, left_scale = quantised(a, levels)
    right, right_scale = quantised(w, BYTE_LEVELS)
    found: NDArray[np.float64] = (left @ right.T) * (left_scale * right_scale.T).astype(float)
    return found


@everywhere
@pytest.mark.parametrize(
    ("precision", "even"), [("int16", False), ("int16", True), ("int8", False)]
)
@settings(deadline=None)
@given(rows=sizes, out=sizes, depth=st.integers(1, 300), seed=st.integers(0, 99))
def test_a_product_with_bias_and_residual(
    isa: str, precision: str, even: bool, rows: int, out: int, depth: int, seed: int
) -> None:
    a, w = matrix(rows, depth, seed), matrix(out, depth, seed + 1)
    bias, residual = matrix(1, out, seed + 2)[0], matrix(rows, out, seed + 3)
    levels = int16_levels(depth) if precision == "int16" else kernels.int8_levels(isa=isa)

    found = kernels.gemm(a, w, bias, residual, precision=precision, even=even, isa=isa)

    expected = product(a, w, levels, even) + bias + residual
    largest = float(np.abs(expected).max() + np.abs(bias).max() + np.abs(residual).max())
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=5e-7 * largest)


@everywhere
@pytest.mark.parametrize("precision", ["int16", "int8"])
def test_the_largest_values_there_are_do_not_overflow(isa: str, precision: str) -> None:
    depth = 5120  # of large-v3's feed-forward layers
    a, w = np.full((13, depth), 3.0, np.float32), np.full((33, depth), -2.0, np.float32)

    found = kernels.gemm(a, w, precision=precision, isa=isa)

    np.testing.assert_allclose(found, np.full((13, 33), -6.0 * depth), rtol=1e-3)


@pytest.mark.parametrize("isa", [i for i in _native.isas() if i != "generic"])
@pytest.mark.parametrize("precision", ["int16", "int8"])
@settings(deadline=None)
@given(rows=sizes, out=sizes, depth=st.integers(1, 300), seed=st.integers(0, 99))
def test_the_same_bits_as_generic(
    isa: str, precision: str, rows: int, out: int, depth: int, seed: int
) -> None:
    if precision == "int8" and kernels.int8_levels(isa=isa) != kernels.int8_levels(isa="generic"):
        return  # another grid of activations
    a, w, bias = matrix(rows, depth, seed), matrix(out, depth, seed + 1), matrix(1, out, 2)[0]

    found = kernels.gemm(a, w, bias, precision=precision, isa=isa)

    expected = kernels.gemm(a, w, bias, precision=precision, isa="generic")
    np.testing.assert_array_equal(found, expected)


@everywhere
def test_an_outlier_does_not_take_the_bits_of_other_inputs(isa: str) -> None:
    chance = np.random.default_rng(1)
    a = chance.standard_normal((4, 384)).astype(np.float32)
    w = 0.01 * chance.standard_normal((96, 384)).astype(np.float32)
    w[:, 192] += 0.3

    lost, kept = (
        np.std(kernels.gemm(a, w, precision="int16", even=even, isa=isa) - a @ w.T)
        for even in (False, True)
    )

    assert kept < lost / 4


@everywhere
@pytest.mark.parametrize(("precision", "allowed"), [("int16", 0.01), ("int8", 0.03)])
def test_how_much_is_lost(isa: str, precision: str, allowed: float) -> None:
    chance = np.random.default_rng(1)
    a = chance.standard_normal((48, 384)).astype(np.float32)
    w = chance.standard_normal((96, 384)).astype(np.float32)

    lost = kernels.gemm(a, w, precision=precision, isa=isa) - a @ w.T

    assert np.sqrt(np.mean(lost**2)) < allowed * np.sqrt(np.mean((a @ w.T) ** 2))


@everywhere
@pytest.mark.parametrize("precision", ["int16", "int8"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_not_finite_spoils_its_row_and_no_other(
    isa: str, precision: str, bad: float
) -> None:
    a, w = matrix(5, 37, 1), matrix(40, 37, 2)
    a[3, 36] = bad

    found = kernels.gemm(a, w, precision=precision, isa=isa)

    assert np.isnan(found[3]).all()
    assert np.isfinite(np.delete(found, 3, axis=0)).all()


@everywhere
def test_a_row_of_zeros_gives_the_bias(isa: str) -> None:
    a, w, bias = np.zeros((3, 20), np.float32), matrix(9, 20, 1), matrix(1, 9, 2)[0]

    for precision in ("int16", "int8"):
        found = kernels.gemm(a, w, bias, precision=precision, isa=isa)
        np.testing.assert_array_equal(found, np.tile(bias, (3, 1)))


def attention(q: Floats, k: Floats, v: Floats) -> NDArray[np.float64]:
    """Return softmax(q k^T / sqrt(size)) v in double precision."""
    scores = q.astype(float) @ k.T.astype(float) / np.sqrt(q.shape[1])
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    found: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True) @ v
    return found


@everywhere
@pytest.mark.parametrize(("precision", "allowed"), [("float32", 1e-5), ("int16", 0.02)])
@settings(deadline=None)
@given(
    queries=st.integers(1, 50),
    places=st.integers(1, 200),
    size=st.integers(1, 70),
    seed=st.integers(0, 99),
)
def test_attention(
    isa: str, precision: str, allowed: float, queries: int, places: int, size: int, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    q, k, v = (
        chance.standard_normal((rows, size)).astype(np.float32)
        for rows in (queries, places, places)
    )

    found = kernels.attend(q, k, v, precision, isa=isa)

    np.testing.assert_allclose(found, attention(q, k, v), atol=allowed * float(np.abs(v).max()))


@everywhere
@pytest.mark.parametrize("precision", ["float32", "int16"])
@settings(deadline=None)
@given(places=st.integers(1, 150), size=st.integers(1, 70), data=st.data())
def test_places_taken_from_another_head_are_those_that_were_put_there(
    isa: str, precision: str, places: int, size: int, data: st.DataObject
) -> None:
    taken = data.draw(st.one_of(st.just(places), st.integers(0, places // 4).map(lambda n: 4 * n)))
    q, k, v = matrix(3, size, 1), matrix(places, size, 2), matrix(places, size, 3)

    found = kernels.attend(q, k, v, precision, taken, isa=isa)

    np.testing.assert_array_equal(found, kernels.attend(q, k, v, precision, isa=isa))


@everywhere
def test_attention_to_one_place_among_many_finds_its_value(isa: str) -> None:
    v = np.random.default_rng(1).standard_normal((1500, 64)).astype(np.float32)
    k = np.zeros((1500, 64), np.float32)
    k[777] = 100.0

    found = kernels.attend(np.ones((1, 64), np.float32), k, v, "int16", isa=isa)

    np.testing.assert_allclose(found[0], v[777], atol=0.005 * float(np.abs(v).max()))


@everywhere
def test_attention_to_everything_finds_the_mean(isa: str) -> None:
    v = 3 + np.random.default_rng(1).standard_normal((1500, 64)).astype(np.float32)

    found = kernels.attend(np.zeros((1, 64), np.float32), 0 * v, v, "int16", isa=isa)

    np.testing.assert_allclose(found[0], v.mean(axis=0), atol=0.005)


@everywhere
@pytest.mark.parametrize("precision", ["float32", "int16"])
def test_scores_that_overflow_are_not_a_number(isa: str, precision: str) -> None:
    q = np.full((2, 16), 1e30, np.float32)

    found = kernels.attend(q, -q, np.ones((2, 16), np.float32), precision, isa=isa)

    assert np.isnan(found).all()


def test_arrays_of_other_shapes_with_as_many_values_are_refused() -> None:
    with pytest.raises(OptionError, match="residual's rows has 1 values; expected 6"):
        kernels.gemm(matrix(6, 4, 1), matrix(5, 4, 2), None, matrix(1, 30, 3), isa="generic")
    with pytest.raises(OptionError, match="values' rows has 8 values; expected 4"):
        kernels.attend(matrix(1, 8, 1), matrix(4, 8, 2), matrix(8, 4, 3), isa="generic")


@everywhere
def test_values_too_small_to_divide_by_count_as_silence(isa: str) -> None:
    tiny = np.full((2, 40), 1e-38, np.float32)

    for precision in ("int16", "int8"):
        found = kernels.gemm(tiny, matrix(3, 40, 1), precision=precision, isa=isa)
        np.testing.assert_array_equal(found, np.zeros((2, 3)))


@everywhere
@pytest.mark.parametrize("precision", ["float32", "int16"])
@pytest.mark.parametrize("which", ["queries", "keys", "values"])
def test_attention_over_a_value_that_is_not_finite_is_not_a_number(
    isa: str, precision: str, which: str
) -> None:
    arrays = {name: matrix(9, 16, i) for i, name in enumerate(("queries", "keys", "values"))}
    arrays[which][4, 7] = np.nan

    found = kernels.attend(arrays["queries"], arrays["keys"], arrays["values"], precision, isa=isa)

    assert np.isnan(found[4]).any()


def test_another_precision_is_refused_by_name() -> None:
    with pytest.raises(OptionError, match=r"int4.*expected float32, int16 or int8"):
        kernels.gemm(matrix(1, 4, 1), matrix(1, 4, 1), precision="int4", isa="generic")
