"""Tokens become bytes, special tokens are found by name."""

import json

import pytest

from asrbench.errors import ModelError
from asrbench.speech import synthetic
from asrbench.speech.oracle import tokenizer

SPECIAL = ["endoftext", "startoftranscript", "en", "fr", "translate", "transcribe"]
SPECIAL += ["startofprev", "nospeech", "notimestamps", "0.00", "0.02"]
NAMES = ["a", "\u0120b", "\u00c3", "\u00a9", "\u010a", *(f"<|{name}|>" for name in SPECIAL)]


def lines(names: list[str]) -> bytes:
    return "".join(f"{name}\n" for name in names).encode()


def test_text_is_the_bytes_the_characters_stand_for() -> None:
    ids = tokenizer.read(lines(NAMES))

    assert ids.text([0, 1, 2, 3, 4]) == b"a b\xc3\xa9\n"  # U+00C3 U+00A9 are the bytes of e-acute


def test_special_tokens_and_timestamps_have_no_text() -> None:
    ids = tokenizer.read(lines(NAMES))

    assert ids.text([ids.sot, 0, ids.timestamp_begin, ids.eot]) == b"a"


def test_lines_and_a_json_array_are_the_same_vocabulary() -> None:
    assert tokenizer.read(json.dumps(NAMES).encode()) == tokenizer.read(lines(NAMES))


def test_ids_are_found_by_name() -> None:
    ids = tokenizer.read(lines(NAMES))

    assert (ids.eot, ids.sot, ids.translate, ids.transcribe) == (5, 6, 9, 10)
    assert (ids.start_of_previous, ids.no_speech) == (11, 12)
    assert (ids.no_timestamps, ids.timestamp_begin, ids.size) == (13, 14, 16)


def test_nocaptions_is_an_older_name_for_nospeech() -> None:
    names = [name.replace("nospeech", "nocaptions") for name in NAMES]

    assert tokenizer.read(lines(names)).no_speech == 12


def test_an_english_only_prompt_is_just_the_start() -> None:
    ids = tokenizer.read(lines(NAMES))

    assert not ids.multilingual
    assert ids.prompt() == (ids.sot,)
    with pytest.raises(ModelError, match="task is translate; expected transcribe"):
        ids.prompt("en", translates=True)


def test_the_empty_token_makes_a_vocabulary_multilingual() -> None:
    ids = tokenizer.read(lines(["", *NAMES]))

    assert ids.languages == {"en": 8, "fr": 9}
    assert ids.prompt("fr") == (ids.sot, 9, ids.transcribe)
    assert ids.prompt("fr", translates=True) == (ids.sot, 9, ids.translate)


@pytest.mark.parametrize(("first", "known"), [("x", "en"), ("", "en, fr")])
def test_an_unknown_language_is_refused_naming_the_known(first: str, known: str) -> None:
    ids = tokenizer.read(lines([first, *NAMES]))

    with pytest.raises(ModelError, match=f"language is 'de'; expected one of {known}$"):
        ids.prompt("de")


@pytest.mark.parametrize(
    ("vocabulary", "complaint"),
    [
        (lines(NAMES[:5]), r"vocabulary of 5 tokens has no <\|endoftext\|>"),
        (lines([*NAMES[:5], *NAMES[6:]]), r"has no <\|endoftext\|>"),
        (lines([name for name in NAMES if "nospeech" not in name]), r"<\|nospeech\|> or"),
        (lines(["\u4e2d", *NAMES]), "token 0 is '\u4e2d'"),
        (lines(NAMES[::-1]), "expected them in this order"),
        (b"[1, 2]", "token 0 is 1; expected a string"),
        (b"[" * 100_000, "neither lines nor a JSON array"),
        (b"\xff\xfe", "neither lines nor a JSON array"),
        (b"", r"has no <\|endoftext\|>"),
    ],
)
def test_a_damaged_vocabulary_is_refused(vocabulary: bytes, complaint: str) -> None:
    with pytest.raises(ModelError, match=complaint):
        tokenizer.read(vocabulary)


def test_the_byte_characters_are_256_different_ones() -> None:
    characters = tokenizer.byte_characters()

    assert len(set(characters.values())) == 256
    assert (characters[ord("a")], characters[ord(" ")]) == ("a", "\u0120")


def test_real_ids_of_tiny_en_are_those_openai_published() -> None:
    ids = tokenizer.read(synthetic.vocabulary_txt(synthetic.SHAPES["tiny.en"]))

    assert (ids.eot, ids.sot, ids.transcribe, ids.no_speech) == (50256, 50257, 50358, 50361)
    assert (ids.no_timestamps, ids.timestamp_begin, ids.size) == (50362, 50363, 51864)
