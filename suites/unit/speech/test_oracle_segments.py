"""Segments and the next window, on tokens short enough to follow with a finger.

Timestamps begin at 100 and count 20 ms, which are two mel frames.
"""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrbench.speech.oracle.segments import Cut, split


def at(seconds: float) -> int:
    return 100 + round(seconds * 50)


def test_pairs_end_segments_and_the_next_window_begins_at_the_last_pair() -> None:
    tokens = [at(0.0), 1, 2, at(1.0), at(1.2), 3, at(2.0), at(2.4), 4]

    cuts, seek = split(tokens, 100, seek=1000, size=3000)

    assert cuts == (
        Cut(1000, 1100, (at(0.0), 1, 2, at(1.0))),
        Cut(1120, 1200, (at(1.2), 3, at(2.0))),
    )
    assert seek == 1200


def test_a_single_timestamp_at_the_end_means_silence_behind_it() -> None:
    tokens = [at(0.0), 1, at(1.0), at(1.0), 2, at(2.0)]

    cuts, seek = split(tokens, 100, seek=0, size=3000)

    assert [(cut.start, cut.end) for cut in cuts] == [(0, 100), (100, 200)]
    assert seek == 3000


def test_without_a_pair_the_window_is_one_segment_up_to_its_last_timestamp() -> None:
    assert split([at(0.0), 1, at(4.0)], 100, 500, 3000) == (
        (Cut(500, 900, (at(0.0), 1, at(4.0))),),
        3500,
    )


def test_without_an_end_the_segment_is_as_long_as_the_window() -> None:
    assert split([at(0.0), 1], 100, 0, 777) == ((Cut(0, 777, (at(0.0), 1)),), 777)


def test_a_window_without_tokens_is_passed() -> None:
    assert split([], 100, 0, 3000) == ((Cut(0, 3000, ()),), 3000)


def test_a_pair_at_nought_does_not_hold_the_recognizer_for_ever() -> None:
    _, seek = split([at(0.0), at(0.0), 1], 100, 0, 3000)

    assert seek == 3000


def test_a_segment_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="segment from 3 to 2; expected 0 <= start <= end"):
        Cut(3, 2, ())


@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(1, 40), st.booleans()), max_size=20),
    st.integers(1, 3000),
)
def test_the_next_window_is_always_later_and_segments_are_in_order(
    said: list[tuple[int, int, bool]], size: int
) -> None:
    tokens, now = [100], 100
    for word, later, pair in said:
        now += later
        tokens += [word, now, now] if pair else [word]

    cuts, seek = split(tokens, 100, 50, size)

    assert seek > 50
    assert all(a.end <= b.start for a, b in pairwise(cuts))
