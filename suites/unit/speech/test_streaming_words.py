"""Tokens become words with times; standing text is cut; agreement and pauses are what they say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from asrbench.speech.audio import Pcm
from asrbench.speech.streaming.agreement import agreed, marked
from asrbench.speech.streaming.attention import sure
from asrbench.speech.streaming.hearing import Limits
from asrbench.speech.streaming.pauses import Pauses
from asrbench.speech.streaming.standing import Pass, Standing
from asrbench.speech.streaming.words import Heard, Splitter, Spoken, bare
from suites.unit.speech.stream_script import SPLITTER, TIMES, ids, loud, quiet


def heard(tokens: Sequence[int], frames: Sequence[int] | None = None) -> Heard:
    """Every token as likely as not; the decoder looks at 0.1 s for the second, 0.2 s ..."""
    return Heard([0.5] * len(tokens), frames or [5 * n for n in range(len(tokens))])


def words(
    text: str, stands: int = 0, length_s: float = 4.0, frames: Sequence[int] | None = None
) -> list[Spoken]:
    tokens = ids(text)
    return SPLITTER.words(tokens, heard(tokens, frames), stands, length_s)


def test_words_begin_at_spaces_and_punctuation_goes_with_the_word_before() -> None:
    found = words(" one, sixty - two.")

    assert [w.text for w in found] == ["one,", "sixty -", "two."]
    assert [(w.first, w.mark, w.behind) for w in found] == [(1, 2, 3), (3, 5, 6), (6, 7, 8)]


def test_a_word_ends_where_a_segment_does_and_where_the_text_stood() -> None:
    assert [w.text for w in words(" six<1.0><1.0>ty")] == ["six", "ty"]
    assert [w.text for w in words(" sixty")] == ["sixty"]
    assert [w.text for w in words(" sixty", stands=2)] == ["six", "ty"]
    assert [w.text for w in words(" six.", stands=2)] == ["six."]


def test_a_word_lasts_until_the_next_one_or_its_segments_end() -> None:
    found = words(" one three<1.10><2.0> two", frames=[0, 10, 30, 0, 0, 110])

    assert [(w.start_s, w.end_s) for w in found] == [
        pytest.approx((0.2, 0.6)),
        pytest.approx((0.6, 1.1)),
        pytest.approx((2.2, 4.0)),
    ]


def test_words_lie_within_the_speech_and_one_behind_another_wherever_the_decoder_looked() -> None:
    found = words(" one two three four", length_s=1.0, frames=[0, 20, 10, 60, 30])

    assert [(w.start_s, w.end_s) for w in found] == [
        pytest.approx((0.4, 0.4)),
        pytest.approx((0.4, 1.0)),
        pytest.approx((1.0, 1.0)),
        pytest.approx((1.0, 1.0)),
    ]


def test_where_the_decoder_looked_last_for_a_word_its_punctuation_does_not_matter() -> None:
    found = words(" sixty, one.", frames=[0, 30, 20, 90, 40, 99])

    assert [word.looked_s for word in found] == pytest.approx([0.6, 0.8])
    assert sure(found, 0.8) == 1
    assert sure(found, 0.81) == 2
    assert sure(found, 0.6) == sure([], 1.0) == 0


def test_a_word_is_as_probable_as_its_tokens_are_on_average() -> None:
    (found,) = SPLITTER.words(ids(" sixty"), Heard([1.0, 0.25, 0.75], [0, 1, 2]), 0, 1.0)

    assert found.probability == 0.5


def test_a_character_of_several_tokens_is_one_letter_of_its_word() -> None:
    pieces = [b" caf", b"\xc3", b"\xa9"]

    def text(tokens: Sequence[int]) -> bytes:
        return b"".join(pieces[token] for token in tokens if token < TIMES)

    (found,) = Splitter(text, TIMES).words([TIMES, 0, 1, 2], heard(range(4)), 0, 1.0)

    assert found.text == "caf\u00e9"
    assert (found.mark, found.behind) == (4, 4)


@pytest.mark.parametrize(
    "bad",
    [(1.0, 0.5, 1, 2, 2), (-1.0, 0.5, 1, 2, 2), (0.0, 0.5, 2, 2, 2), (0.0, 0.5, 1, 3, 2)],
)
def test_a_word_of_no_tokens_or_no_time_is_refused(bad: tuple[float, float, int, int, int]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Spoken("x", *bad[:2], 0.5, 0.5, *bad[2:])


def test_a_model_that_hears_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"window_s is 0\.0, tokens 4"):
        Limits(0.0, 4)


def test_two_passes_agree_but_for_case_and_punctuation() -> None:
    before, now = words(" one, two three"), words(" one two. four three")

    assert bare("It's,") == "its"
    assert agreed(before, now) == 2
    assert agreed([], now) == agreed(before, []) == 0


def test_punctuation_stands_where_both_have_it_and_more_follows() -> None:
    same = words(" one, two.")

    assert marked(same, same, 1)
    assert not marked(same, same, 2)
    assert not marked(words(" one two"), same, 1)
    assert not marked(same, same, 0)
    assert marked([], same, 1)  # sure by attention alone


def passed(text: str) -> Pass:
    tokens = ids(text)
    found = SPLITTER.words(tokens, heard(tokens, [20 * n for n in range(len(tokens))]), 0, 4.0)
    return Pass(tuple(tokens), tuple(found), "")


def test_committed_tokens_stand_with_the_punctuation_or_without() -> None:
    found = passed(" one, two. three")
    standing = Standing(TIMES)
    standing.commit(found, found.words[1], marks=True)
    assert standing.tokens == ids(" one, two.")
    standing.commit(found, found.words[1], marks=False)

    assert standing.tokens == ids(" one, two")
    assert standing.end == round(100 * found.words[1].end_s)


def test_text_is_cut_at_the_last_pair_of_timestamps_and_the_rest_moves_to_the_front() -> None:
    found = passed(" one<1.0><1.2> two<2.0><2.6> three four<3.6>")
    standing = Standing(TIMES)
    standing.commit(found, found.words[-1], marks=True)

    assert standing.closed() == 200
    standing.cut()

    assert standing.tokens == ids(" three four", at=0.6)
    assert standing.end == 160  # of 360
    assert standing.closed() == 0
    standing.cut()
    assert standing.tokens == ids(" three four", at=0.6)


def blocks(pcm: Pcm) -> list[Pcm]:
    return [pcm[at : at + 320] for at in range(0, len(pcm), 320)]


def test_speech_is_what_rises_over_the_noise_and_quiet_is_counted_behind_it() -> None:
    pauses = Pauses()
    hiss = 0.02 * loud(4.0)
    for block in blocks(hiss):
        pauses.hear(block)
    assert not pauses.speech
    for block in blocks(hiss[:6400] + 0.3 * loud(0.4)):
        pauses.hear(block)
    assert pauses.speech
    assert pauses.quiet == 0
    for block in blocks(hiss[:16000]):
        pauses.hear(block)

    assert pauses.quiet == 50
    pauses.reset()
    assert not pauses.speech
    assert pauses.quiet == 0


def test_a_click_is_no_speech() -> None:
    pauses = Pauses()
    for block in blocks(np.concatenate([quiet(1.0), loud(0.06), quiet(1.0)])):
        pauses.hear(block)

    assert not pauses.speech


def test_speech_that_begins_at_once_and_does_not_pause_is_speech() -> None:
    pauses = Pauses()
    for block in blocks(loud(10.0)):
        pauses.hear(block)

    assert pauses.speech
    assert pauses.quiet == 0
