"""Random words, normal deviates, Sobol's points and the bridge are what their papers say."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asrbench import _native
from asrbench.errors import OptionError
from asrbench.pricing.oracle import sobol
from asrbench.pricing.oracle.normal import normals
from asrbench.pricing.oracle.philox import philox, words

ISAS = _native.isas()
SCIPYS = "ec19c99c5adc3b9372a78ecc87dac887493119b06639d75d6fff8eda740c7b43"
KNOWN = [  # Random123's kat_vectors: counter, key, words
    ("00000000 " * 4, "00000000 " * 2, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff " * 4, "ffffffff " * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (
        "243f6a88 85a308d3 13198a2e 03707344",
        "a4093822 299f31d0",
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]


def numbers(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_philox_gives_the_known_answers(counter: str, key: str, expected: str) -> None:
    first, second = numbers(key)

    found = philox(np.array([numbers(counter)], np.uint32), (first, second))

    assert found[0].tolist() == numbers(expected)


@pytest.mark.parametrize("isa", ISAS)
@settings(max_examples=50, deadline=None)
@given(
    seed=st.integers(0, 2**64 - 1),
    first=st.integers(0, 2**64 - 100),
    step=st.integers(0, 2**32 - 1),
    count=st.integers(0, 70),
)
def test_the_words_are_the_oracles_in_every_instruction_set(
    isa: str, seed: int, first: int, step: int, count: int
) -> None:
    found = _native.pricing.words(seed, first, step, count, isa=isa)

    np.testing.assert_array_equal(found, words(seed, first, step, count))


def spread(dtype: type, bits: int) -> np.ndarray:
    """The ends of the range, its middle, and words of every size in both halves."""
    top = 2**bits
    edges = [0, 1, 2, top // 2 - 1, top // 2, top // 2 + 1, top - 2, top - 1]
    tails = [2**k + 1 for k in range(2, bits - 1)]
    chance = np.random.default_rng(0).integers(0, top, 2001, np.uint64)
    return np.array([*edges, *tails, *(top - 1 - t for t in tails), *chance.tolist()], dtype)


@pytest.mark.parametrize("isa", ISAS)
def test_deviates_of_32_bits_are_the_inverse_to_single_precision(isa: str) -> None:
    given_words = spread(np.uint32, 32)

    found = _native.pricing.normals32(given_words, isa=isa)

    expected = normals(given_words)
    usual = np.abs(expected) < 5  # 6 of 10^7 are beyond
    np.testing.assert_allclose(found[usual], expected[usual], rtol=2e-6, atol=3e-7)
    np.testing.assert_allclose(found[~usual], expected[~usual], rtol=5e-4)


@pytest.mark.parametrize("isa", ISAS)
def test_deviates_of_64_bits_are_the_inverse_to_double_precision(isa: str) -> None:
    given_words = spread(np.uint64, 64)

    found = _native.pricing.normals64(given_words, isa=isa)

    np.testing.assert_allclose(found, normals(given_words), rtol=5e-15, atol=5e-16)


@pytest.mark.parametrize("isa", ISAS)
def test_a_word_and_its_complement_give_mirrored_deviates(isa: str) -> None:
    given_words = spread(np.uint32, 32)

    both = [_native.pricing.normals32(w, isa=isa) for w in (given_words, ~given_words)]

    np.testing.assert_array_equal(both[0], -both[1])


def test_sobols_first_points_are_joe_and_kuos() -> None:
    found = sobol.points(8, 3) / 2.0**32

    np.testing.assert_array_equal(found[:, 0], [0, 0.5, 0.75, 0.25, 0.375, 0.875, 0.625, 0.125])
    np.testing.assert_array_equal(found[:, 1], [0, 0.5, 0.25, 0.75, 0.375, 0.875, 0.125, 0.625])
    np.testing.assert_array_equal(found[:, 2], [0, 0.5, 0.25, 0.75, 0.625, 0.125, 0.875, 0.375])


def test_sobols_points_are_scipys_in_all_dimensions() -> None:
    """The digest of scipy 1.17's Sobol(128, scramble=False, bits=32), 4096 points as integers."""
    found = sobol.points(4096, 128)

    assert hashlib.sha256(found.astype("<u4").tobytes()).hexdigest() == SCIPYS


def test_every_dimension_of_sobols_sequence_is_evenly_filled() -> None:
    cells = sobol.points(1024, 128) >> np.uint32(22)

    assert all(np.unique(cells[:, d]).size == 1024 for d in range(128))


@pytest.mark.parametrize("steps", [1, 2, 3, 7, 64, 100])
def test_a_bridge_makes_a_brownian_path(steps: int) -> None:
    """Of deviates that are unit vectors it makes the matrix whose square is the covariance."""
    root = sobol.bridged(np.eye(steps))
    dates = np.arange(1, steps + 1)

    np.testing.assert_allclose(root.T @ root, np.minimum.outer(dates, dates), atol=1e-12)


def test_the_first_deviate_of_a_bridge_decides_the_end() -> None:
    root = sobol.bridged(np.eye(64))

    assert np.count_nonzero(root[:, -1]) == 1


def test_what_has_no_words_is_refused() -> None:
    with pytest.raises(OptionError, match="instruction set"):
        _native.pricing.words(0, 0, 0, 1, isa="abacus")
    with pytest.raises(OptionError, match="count is 20000000; expected at most"):
        _native.pricing.words(0, 0, 0, 20_000_000, isa="generic")
    with pytest.raises(OptionError, match="rank 2; expected 1"):
        _native.pricing.normals32(np.zeros((2, 2), np.uint32), isa="generic")
