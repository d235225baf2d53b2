"""The signed-rank test, against every pattern of signs written out."""

import itertools
import random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrbench.measure.statistics import signed_rank

whole = st.lists(st.integers(-5, 5).map(float), max_size=9)  # ties and zeros, and exact sums


def enumerated(differences: list[float]) -> float:
    """The share of all patterns of signs whose positive ranks sum up to as much, or to more."""
    kept = [value for value in differences if value != 0]
    ordered = sorted(abs(value) for value in kept)
    places = [[n + 1 for n, size in enumerate(ordered) if size == abs(v)] for v in kept]
    ranks = [fmean(some) for some in places]
    found = sum(rank for rank, value in zip(ranks, kept, strict=True) if value > 0)
    patterns = list(itertools.product((0, 1), repeat=len(kept)))
    sums = [sum(r for r, on in zip(ranks, signs, strict=True) if on) for signs in patterns]
    return sum(total >= found for total in sums) / len(patterns)


@given(whole)
def test_it_is_the_share_of_all_patterns_of_signs(differences: list[float]) -> None:
    assert signed_rank(differences) == pytest.approx(enumerated(differences), abs=1e-12)


@given(whole)
def test_zeros_say_nothing(differences: list[float]) -> None:
    assert signed_rank([*differences, 0.0, -0.0]) == signed_rank(differences)


@given(whole)
def test_their_order_says_nothing(differences: list[float]) -> None:
    shuffled = random.Random(1).sample(differences, len(differences))

    assert signed_rank(shuffled) == signed_rank(differences)


def test_all_above_zero_is_one_pattern_of_all() -> None:
    assert signed_rank([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]) == 1 / 64
    assert signed_rank([0.1] * 10) == 1 / 1024  # equal sizes change nothing of that


def test_all_below_zero_and_nothing_at_all_are_sure_by_chance() -> None:
    assert signed_rank([-1.0, -2.0, -3.0]) == 1.0
    assert signed_rank([0.0, 0.0]) == 1.0
    assert signed_rank([]) == 1.0


def test_ten_ranks_are_those_of_the_table() -> None:
    # n = 10: P(W >= 45) = 0.042 and P(W >= 44) = 0.053 (Hollander, Wolfe and Chicken, A.4)
    ranks = [float(value) for value in range(1, 11)]

    assert signed_rank([-v if v == 10 else v for v in ranks]) == 43 / 1024
    assert signed_rank([-v if v in (1, 10) else v for v in ranks]) == 54 / 1024
