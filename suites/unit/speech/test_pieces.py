"""Of speech alone a transcript is made, in pieces, and its times come back to where they were."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from asrbench.errors import DeadlineError
from asrbench.speech.audio import Pcm
from asrbench.speech.transcript import Segment, Transcript, Word
from asrbench.speech.voice import FRAME, Span
from asrbench.speech.voice.pieces import Piece, pieces, transcribe

RATE = 16_000

SPANS = st.lists(st.integers(1, 40 * RATE), max_size=16).map(
    lambda steps: tuple(
        Span(start, end) for start, end in list(pairwise([0, *np.cumsum(steps).tolist()]))[::2]
    )
)


@given(SPANS)
def test_pieces_are_the_spans_as_many_together_as_fit(found: tuple[Span, ...]) -> None:
    cut = list(pieces(found))

    assert tuple(span for piece in cut for span in piece.spans) == found
    sizes = [sum(span.end - span.start for span in piece.spans) for piece in cut]
    assert all(s <= 30 * RATE or len(p.spans) == 1 for s, p in zip(sizes, cut, strict=True))
    for size, following in zip(sizes, cut[1:], strict=False):
        first = following.spans[0]
        assert size + first.end - first.start > 30 * RATE


@given(SPANS.filter(bool), st.integers(0, 10**6))
def test_a_time_of_a_piece_is_the_time_of_the_value_it_stands_for(
    found: tuple[Span, ...], at: int
) -> None:
    piece = Piece(found)
    places = [(span.start, span.end - span.start) for span in found]
    at %= sum(length for _, length in places)
    left = at
    while left >= places[0][1]:  # until the span of the value that stands at `at` in the piece
        left -= places.pop(0)[1]
    value = places[0][0] + left

    assert round(piece.begins_s(at / RATE) * RATE) == value
    assert round(piece.ends_s((at + 1) / RATE) * RATE) == value + 1


def test_a_piece_is_its_values() -> None:
    pcm = np.arange(100, dtype=np.float32)

    np.testing.assert_array_equal(Piece((Span(3, 5), Span(90, 92))).of(pcm), [3, 4, 90, 91])
    assert np.shares_memory(Piece((Span(3, 5),)).of(pcm), pcm)


@pytest.mark.parametrize("wrong", [(), (Span(5, 9), Span(0, 4)), (Span(0, 6), Span(5, 9))])
def test_a_piece_is_of_spans_in_order(wrong: tuple[Span, ...]) -> None:
    with pytest.raises(ValueError, match="one or more, in order and apart"):
        Piece(wrong)


def always(pcm: Pcm) -> NDArray[np.float32]:
    """Speech wherever a frame begins with a value that is not zero."""
    found: NDArray[np.float32] = (pcm[::FRAME] != 0).astype(np.float32)
    return found


def marked() -> Pcm:
    """40 s with 1.5 s of speech from 2 s, 10 s from 15 s, and 5 s from 30 s."""
    pcm = np.zeros(40 * RATE, np.float32)
    for start_s, end_s in ((2, 3.5), (15, 25), (30, 35)):
        pcm[round(start_s * RATE) : round(end_s * RATE)] = 1.0
    return pcm


def saying(pcm: Pcm, deadline_s: float | None) -> Transcript:
    """A segment for each stretch without zeros, with one word; as long as it lasts."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], pcm, [0]])))
    said = tuple(
        Segment(
            a / RATE,
            b / RATE,
            f" {b - a}",
            (7,),
            -0.5,
            0.25,
            words=(Word(a / RATE, b / RATE, " w", 1.0),),
        )
        for a, b in edges.reshape(-1, 2).tolist()
    )
    text = "".join(segment.text for segment in said)
    return Transcript(text, (7,) * len(said), said, -0.5, 0.25, MappingProxyType({"encoder": 1.0}))


def test_times_are_those_of_the_whole_audio() -> None:
    found = transcribe(marked(), always, saying)

    expected = [(2.0, 3.5), (15.0, 25.0), (30.0, 35.0)]
    assert [(s.start_s, s.end_s) for s in found.segments] == expected
    assert [(s.words[0].start_s, s.words[0].end_s) for s in found.segments] == expected
    assert found.text == " 24000 160000 80000"
    assert found.tokens == (7, 7, 7)
    assert (found.avg_log_prob, found.no_speech_prob) == (-0.5, 0.25)
    assert found.stages["encoder"] == 1.0  # one piece
    assert found.stages["voice"] > 0


def test_silence_costs_no_recognition() -> None:
    def never(pcm: Pcm, deadline_s: float | None) -> Transcript:
        raise AssertionError

    found = transcribe(np.zeros(RATE, np.float32), always, never)

    assert (found.text, found.segments, found.avg_log_prob) == ("", (), None)


def test_the_deadline_is_that_of_all_pieces() -> None:
    lefts: list[float | None] = []

    def slow(pcm: Pcm, deadline_s: float | None) -> Transcript:
        lefts.append(deadline_s)
        if len(lefts) == 2:
            raise DeadlineError("the work took longer than its deadline of 0.1 s")
        return saying(pcm, deadline_s)

    long = np.concatenate([marked(), marked()])
    with pytest.raises(DeadlineError, match=r"deadline of 60 s, at 54\.8 s of the audio"):
        transcribe(long, always, slow, 60)

    first, second = lefts
    assert first is not None
    assert second is not None
    assert 59 < second < first < 60


def test_the_language_is_that_of_the_first_piece() -> None:
    def german(pcm: Pcm, deadline_s: float | None) -> Transcript:
        return replace(saying(pcm, deadline_s), language="de", language_probability=0.75)

    found = transcribe(marked(), always, german)

    assert (found.language, found.language_probability) == ("de", 0.75)
