"""Words out of tokens, and their times: every rule on a text small enough to check by hand."""

from dataclasses import replace

import pytest

from asrbench.speech import synthetic
from asrbench.speech.oracle import timing, tokenizer, words
from asrbench.speech.oracle.segments import Cut, finishes
from asrbench.speech.oracle.timing import Said, Timed, Window
from asrbench.speech.oracle.tokenizer import Tokenizer
from asrbench.speech.oracle.words import Spelled
from asrbench.speech.transcript import Word

IDS = tokenizer.read(synthetic.vocabulary_txt(synthetic.TINY))


def tokens(text: str | bytes) -> list[int]:
    """Return a token a byte, as the tiny vocabulary has them."""
    return list(text.encode() if isinstance(text, str) else text)


def spelled(text: str | bytes, language: str = "en") -> list[bytes]:
    return [word.text for word in words.spell(ordered(), tokens(text), language)]


def ordered() -> Tokenizer:
    """The vocabulary with the bytes in their order: token 65 is A."""
    return replace(IDS, pieces=tuple(bytes([byte]) for byte in range(256)))


def test_a_word_begins_at_a_space_and_punctuation_is_a_word() -> None:
    assert spelled(" So it, is.") == [b" So", b" it", b",", b" is", b"."]


def test_tokens_without_a_space_go_on_with_the_word_before() -> None:
    pieces = (b" so", b"me", *ordered().pieces[2:])

    found = words.spell(replace(IDS, pieces=pieces), [0, 1, 0], "en")

    assert found == (Spelled(b" some", 2), Spelled(b" so", 1))


def test_bytes_of_a_character_stay_together_and_broken_ones_stand_alone() -> None:
    assert spelled("é€😀", "ja") == ["é".encode(), "€".encode(), "😀".encode()]
    assert spelled(b"a\xff\xc3b", "ja") == [b"a", b"\xff", b"\xc3", b"b"]


def test_a_text_that_breaks_off_in_a_character_keeps_its_last_bytes() -> None:
    assert spelled(b"a\xe2\xa9") == [b"a\xe2\xa9"]


def test_languages_without_spaces_are_split_at_each_character() -> None:
    assert spelled("去年", "zh") == ["去".encode(), "年".encode()]
    assert spelled("去年", "en") == ["去年".encode()]


def test_marks_join_the_words_they_belong_to() -> None:
    parts = [" (", " He", " said", ":", ' "', "No", "!", '"', " -", " so"]

    joined = words.join_marks([Spelled(part.encode(), 1) for part in parts])

    assert [(word.text.decode(), word.tokens) for word in joined] == [
        ("", 0), (" ( He", 2), (" said:", 2), ("", 0), ("", 0), (' "No!"', 4), ("", 0), ("", 0),
        ("", 0), (" - so", 2),
    ]  # fmt: skip


def test_nothing_is_joined_in_an_empty_text() -> None:
    assert words.join_marks([]) == ()
    assert words.spell(IDS, [], "en") == ()


@pytest.mark.parametrize(("text", "ends"), [(".", True), ("?", True), ("...", False), (",", False)])
def test_a_sentence_ends_at_one_mark(text: str, ends: bool) -> None:
    assert words.ends_sentence(Spelled(text.encode(), 1)) == ends


def said(*times: tuple[float, float]) -> list[Said]:
    return [Said(start_s, end_s, 0.5, b" w") for start_s, end_s in times]


def times(some: list[Said]) -> list[tuple[float, float]]:
    return [(one.start_s, one.end_s) for one in some]


def test_a_mark_at_the_end_of_a_sentence_and_the_word_behind_it_are_shortened() -> None:
    some = said((0, 1), (1, 4), (4, 8), (8, 12))
    texts = [Spelled(text, 1) for text in (b" a", b".", b" b", b" c")]

    timing._shorten_at_sentences(texts, some, 1.0)

    assert times(some) == [(0, 1), (1, 2), (7, 8), (8, 12)]


def test_the_first_words_behind_a_pause_are_shortened() -> None:
    some = said((0, 5), (5, 8), (8, 9))

    timing._shorten_behind_pause(some, usual_s=0.5, spoken_s=0)

    assert times(some) == [(6, 7), (7, 8), (8, 9)]


def test_a_long_first_word_is_shortened_behind_a_pause_alone() -> None:
    behind, at_once = said((0, 5), (5, 5.5)), said((0, 1.5), (1.5, 2))

    timing._shorten_behind_pause(behind, usual_s=0.5, spoken_s=0)
    timing._shorten_behind_pause(at_once, usual_s=0.5, spoken_s=0)

    assert times(behind) == [(4, 5), (5, 5.5)]
    assert times(at_once) == [(0, 1.5), (1.5, 2)]


def test_a_segment_begins_and_ends_with_its_words() -> None:
    segment = Timed(1.0, 3.0, said((0.8, 1.5), (1.5, 3.3)))

    timing._fit(segment, usual_s=0.5)

    assert (segment.start_s, segment.end_s) == (0.8, 3.3)
    assert times(segment.said) == [(0.8, 1.5), (1.5, 3.3)]


def test_words_that_go_far_beyond_their_segment_are_cut_to_it() -> None:
    segment = Timed(1.0, 3.0, said((0.2, 1.5), (1.5, 4.0)))

    timing._fit(segment, usual_s=0.3)

    assert (segment.start_s, segment.end_s) == (1.0, 3.0)
    assert times(segment.said) == [(1.0, 1.5), (1.5, 3.0)]


def test_the_end_is_that_of_the_last_word_or_else_of_the_last_segment() -> None:
    worded, bare = Timed(0.0, 2.0, said((0.5, 1.5))), Timed(2.0, 4.0, [])

    assert timing.end_of([worded, bare]) == 1.5
    assert timing.end_of([bare]) == 4.0


def test_a_window_is_finished_by_a_single_timestamp() -> None:
    assert finishes([50, 1, 60], 50)
    assert not finishes([50, 1, 60, 60], 50)
    assert not finishes([60], 50)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Word(2.0, 1.0, " a", 0.5),
        lambda: Word(-1.0, 1.0, " a", 0.5),
        lambda: Word(0.0, 1.0, " a", 1.5),
        lambda: Said(2.0, 1.0, 0.5),
        lambda: Timed(2.0, 1.0, []),
        lambda: Window((1,), "en", 0, 0, 0.0),
        lambda: Spelled(b"", -1),
        lambda: Cut(2, 1, ()),
    ],
)
def test_what_cannot_be_is_refused(make: object) -> None:
    with pytest.raises(ValueError, match="expected"):
        make()  # type: ignore[operator]  # every one is a function
