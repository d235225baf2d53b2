"""Word errors are counted after normalising, and two engines are compared with an interval."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrbench.speech.accuracy import Difference, UtteranceWer, Wer, normalize, wer, wer_difference


def test_equal_texts_have_no_errors() -> None:
    score = wer(["hello big world"], ["hello big world"])

    assert (score.errors, score.words, score.rate) == (0, 3, 0.0)
    assert score.utterances[0].differences == ()


def test_spelling_case_and_punctuation_are_no_errors() -> None:
    score = wer(["Dr. Smith's colour is forty-two."], ["doctor smith is color, is 42"])

    assert score.rate == 0.0


def test_each_kind_of_error_is_counted() -> None:
    score = wer(["the red cat sat down"], ["a red cat sat down there"])

    assert (score.substitutions, score.deletions, score.insertions) == (1, 0, 1)
    assert score.rate == 2 / 5


def test_the_words_that_differ_are_listed() -> None:
    score = wer(["please open the old window now"], ["please open an old door"])

    assert score.utterances[0].differences == (
        Difference("substitution", "the", "an"),
        Difference("substitution", "window", "door"),
        Difference("deletion", "now", ""),
    )


def test_the_rate_weighs_utterances_by_their_words() -> None:
    score = wer(["apple", "a b c d e f g h i"], ["pear", "a b c d e f g h i"])

    assert [u.errors for u in score.utterances] == [1, 0]
    assert score.rate == 1 / 10


def test_silence_may_have_an_empty_reference() -> None:
    score = wer(["", "", "hello"], ["", "noise here", ""])

    assert [u.insertions for u in score.utterances] == [0, 2, 0]
    assert score.deletions == 1
    assert score.rate == 3.0


def test_a_hypothesis_half_as_long_again_and_four_words_longer_is_a_loop() -> None:
    words = [8, 8, 8, 4, 1, 1]
    heard = [12, 13, 8, 7, 4, 5]

    score = wer([" ".join("w" * n) for n in words], [" ".join("w" * n) for n in heard])

    assert score.loops == (1, 5)


def test_references_without_a_word_have_no_rate() -> None:
    with pytest.raises(ValueError, match="none of 2 references has a word"):
        wer(["", " "], ["a", "b"])
    with pytest.raises(ValueError, match="none of 0 references has a word"):
        wer([], [])


def test_as_many_hypotheses_as_references_are_expected() -> None:
    with pytest.raises(ValueError, match="2 references and 1 hypotheses"):
        wer(["a", "b"], ["a"])


def errors(*counts: int) -> Wer:
    return Wer(tuple(UtteranceWer(10, 10, count, 0, 0, ()) for count in counts))


def test_equal_engines_differ_by_nothing() -> None:
    same = errors(1, 0, 4, 0)

    found = wer_difference(same, same, seed=1)

    assert (found.difference, found.low, found.high) == (0.0, 0.0, 0.0)


def test_an_engine_that_is_worse_everywhere_is_surely_worse() -> None:
    found = wer_difference(errors(*[1] * 50), errors(*[3] * 50), seed=1)

    assert found.difference == pytest.approx(0.2)
    assert found.low == pytest.approx(0.2)


def test_the_interval_has_the_width_that_theory_gives() -> None:
    better, worse = errors(*[0] * 400), errors(*[0, 1] * 200)

    found = wer_difference(better, worse, seed=1)

    # One more error in half of 400 utterances of 10 words: 5 %, standard error 0.05 / sqrt(400).
    assert found.difference == 0.05
    assert found.low == pytest.approx(0.05 - 1.96 * 0.0025, abs=3e-4)
    assert found.high == pytest.approx(0.05 + 1.96 * 0.0025, abs=3e-4)


def test_the_same_seed_gives_the_same_interval() -> None:
    first, second = errors(*range(50)), errors(*reversed(range(50)))

    assert wer_difference(first, second, seed=7) == wer_difference(first, second, seed=7)
    assert wer_difference(first, second, seed=7) != wer_difference(first, second, seed=8)


def test_engines_heard_on_different_utterances_are_not_compared() -> None:
    with pytest.raises(ValueError, match="2 and 3 utterances, 20 and 30 words; expected the same"):
        wer_difference(errors(1, 1), errors(1, 1, 1), seed=1)


words = st.lists(st.sampled_from(["cat", "dog", "bird", "fish"]), max_size=8).map(" ".join)


@given(words.filter(bool), words)
def test_the_counts_add_up(reference: str, hypothesis: str) -> None:
    (score,) = wer([reference], [hypothesis]).utterances

    kept = score.words - score.deletions - score.substitutions
    assert score.hypothesis_words == kept + score.substitutions + score.insertions
    assert max(score.words, score.hypothesis_words) >= score.errors
    assert (score.errors == 0) == (normalize(reference) == normalize(hypothesis))


@pytest.mark.parametrize(
    ("kind", "reference", "hypothesis"),
    [("insertion", "a", "b"), ("deletion", "a", "b"), ("substitution", "", "b")],
)
def test_a_difference_has_words_on_the_sides_its_kind_says(
    kind: str, reference: str, hypothesis: str
) -> None:
    with pytest.raises(ValueError, match="kind"):
        Difference(kind, reference, hypothesis)  # type: ignore[arg-type]
