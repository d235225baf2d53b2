"""Alignment: the cheapest way through costs, what heads saw made comparable, tokens on frames."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from asrbench.errors import EngineError, ModelError
from asrbench.speech import synthetic
from asrbench.speech.oracle import alignment, decoder, model
from asrbench.speech.oracle.alignment import Forced
from asrbench.speech.oracle.config import Config
from asrbench.speech.oracle.dtw import dtw
from suites.unit.warping import cheapest, small_costs, ways

Array = NDArray[np.float32]


@given(small_costs())
def test_no_way_is_cheaper_than_the_one_that_is_found(costs: Array) -> None:
    way = dtw(costs)

    assert way in list(ways(*costs.shape))
    assert sum(costs[r, first : last + 1].sum() for r, (first, last) in enumerate(way)) == cheapest(
        costs
    )


def test_a_way_by_hand() -> None:
    costs = np.array([[1, 1, 9, 9], [9, 9, 1, 9], [9, 9, 9, 1]], np.float32)

    assert dtw(costs) == ((0, 1), (2, 2), (3, 3))


def test_of_equal_steps_the_one_along_the_row_is_taken() -> None:
    assert dtw(np.zeros((2, 3), np.float32)) == ((0, 0), (0, 2))


@pytest.mark.parametrize(
    "costs",
    [np.zeros((0, 3), np.float32), np.zeros(3, np.float32), np.full((2, 2), np.nan, np.float32)],
)
def test_costs_without_a_way_are_refused(costs: Array) -> None:
    with pytest.raises(ValueError, match="expected finite ones, a row and a column"):
        dtw(costs)


def test_a_frame_is_measured_against_what_is_seen_of_it_on_average() -> None:
    seen = np.array([[1, 5, 2], [3, 5, 2]], np.float32)

    np.testing.assert_array_equal(alignment.standardise(seen), [[-1, 0, 0], [1, 0, 0]])


def test_a_single_glimpse_is_smoothed_away_and_a_look_stays() -> None:
    seen = np.zeros((1, 20), np.float32)
    seen[0, 3] = 9
    seen[0, 10:14] = 1

    smoothed = alignment.smooth(seen)

    np.testing.assert_array_equal(np.flatnonzero(smoothed), [10, 11, 12, 13])


def test_ends_are_reflected_without_their_own_value() -> None:
    seen = np.array([[0, 1, 1, 1, 0, 0, 0, 0]], np.float32)

    # Around the first value stand 1 1 1 [0] 1 1 1: the median is 1.
    assert alignment.smooth(seen)[0, 0] == 1


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_rows_too_short_to_be_reflected_stay_as_they_are(columns: int) -> None:
    seen = np.arange(columns, dtype=np.float32)[None]

    np.testing.assert_array_equal(alignment.smooth(seen), seen)


def test_tokens_begin_where_they_are_seen() -> None:
    followed = 2 * np.eye(4, dtype=np.float32).repeat([3, 1, 4, 2], axis=1) - 1

    assert alignment.beginnings(followed) == (0, 3, 4, 8)


def test_the_heads_of_the_upper_half_follow_the_audio_where_no_others_are_named() -> None:
    whisper = model.read(*synthetic.files(synthetic.TINY))
    silent = model.Model(whisper.weights, Config(), whisper.tokenizer)

    assert whisper.alignment_heads == ((1, 0),)
    assert silent.alignment_heads == ((1, 0), (1, 1))


@pytest.mark.parametrize("heads", [((2, 0),), ((0, 2),), ((0, 1), (0, 1))])
def test_heads_that_the_decoder_has_not_are_refused(heads: tuple[tuple[int, int], ...]) -> None:
    whisper = model.read(*synthetic.files(synthetic.TINY))

    with pytest.raises(ModelError, match="alignment_heads"):
        model.Model(whisper.weights, Config(alignment_heads=heads), whisper.tokenizer)


def test_a_text_longer_than_the_text_context_is_refused() -> None:
    whisper = model.read(*synthetic.files(synthetic.TINY))
    cross = decoder.cross_kv(whisper.weights, np.zeros((16, 8), np.float32))

    with pytest.raises(EngineError, match="words of 65 tokens; expected 64"):
        alignment.force(whisper, cross, whisper.tokenizer.prompt(), [5] * 62, 16)


def test_probabilities_are_those_among_text_of_the_logits_before_each_token() -> None:
    whisper = model.read(*synthetic.files(synthetic.TINY, seed=2))
    ids = whisper.tokenizer
    states = np.random.default_rng(0).standard_normal((16, 8), np.float32)
    text = [5, 9, 100]

    cross = decoder.cross_kv(whisper.weights, states)
    forced = alignment.force(whisper, cross, ids.prompt(), text, 16)

    logits = decoder.logits(whisper.weights, states, [ids.sot, ids.no_timestamps, *text])
    chances = np.exp(logits[:, : ids.eot].astype(np.float64))
    chances /= chances.sum(axis=1, keepdims=True)
    expected = [chances[row, token] for row, token in zip((1, 2, 3), text, strict=True)]
    np.testing.assert_allclose(forced.probabilities, expected, rtol=1e-4)
    assert forced.followed.shape == (4, 16)


def test_followed_rows_without_their_token_are_refused() -> None:
    with pytest.raises(ValueError, match="expected 2 rows"):
        Forced((0.5,), np.zeros((3, 4), np.float32))


@given(arrays.arrays(np.float32, (3, 9), elements=st.floats(0, 1, width=32)))
def test_smoothing_takes_no_value_that_was_not_there(seen: Array) -> None:
    assert np.isin(alignment.smooth(seen), seen).all()
