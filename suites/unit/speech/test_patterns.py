"""Patterns find what was said, when, and how surely; what is no pattern is refused by its line."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrbench.errors import OptionError
from asrbench.speech.patterns import LONGEST, Event, events, fingerprint, read, written
from asrbench.speech.spoken import number
from asrbench.speech.transcript import Segment, Transcript, Word

EXAMPLE = Path(__file__).parents[3] / "examples" / "patterns.toml"


def said(text: str, probability: float = 0.5, log_prob: float = -0.5) -> Transcript:
    """A segment whose words each last a second, from 10 s."""
    words = tuple(
        Word(10.0 + n, 11.0 + n, f" {word}", probability) for n, word in enumerate(text.split())
    )
    end_s = 10.0 + len(words)
    segment = Segment(10.0, end_s, f" {text}", (), log_prob, 0.1, words=words)
    return Transcript(segment.text, (), (segment,))


def found(toml: str, transcript: Transcript, folder: Path) -> list[Event]:
    """The events of the patterns of a file."""
    (folder / "p.toml").write_text(toml)
    return list(events(read(folder / "p.toml"), transcript))


def test_the_example_finds_what_it_says() -> None:
    transcript = said("Please transfer me to extension 4012 on March the third at twenty-five past")

    names = {(e.pattern, e.text, e.value) for e in events(read(EXAMPLE), transcript)}

    assert names == {
        ("operator", "transfer me", None),
        ("number", "4012", 4012.0),
        ("extension", "extension 4012", "4012"),
        ("date", "March the third", None),
        ("number", "twenty-five", 25.0),
    }.difference({("operator", "transfer me", None)})  # 0.5 * 0.5 lies below its 0.3


def test_an_event_has_the_times_of_its_words_and_the_product_of_their_probabilities(
    tmp_path: Path,
) -> None:
    toml = '[[pattern]]\nname = "n"\nkind = "number"'

    (event,) = found(toml, said("It costs twenty five dollars."), tmp_path)

    assert event == Event("n", "twenty five", 12.0, 14.0, 0.25, 25.0)


def test_without_words_an_event_has_the_segments_times(tmp_path: Path) -> None:
    toml = '[[pattern]]\nname = "n"\nkind = "number"'
    whole = Segment(3.0, 5.0, " It costs 25.", (), 0.0, 0.1)

    (event,) = found(toml, Transcript("", (), (whole,)), tmp_path)

    assert event == Event("n", "25", 3.0, 5.0, 1.0, 25.0)


def test_events_come_in_the_order_of_the_text(tmp_path: Path) -> None:
    toml = """
        [[pattern]]
        name = "z"
        kind = "words"
        words = ["one"]
        [[pattern]]
        name = "a"
        kind = "words"
        words = ["two"]
    """

    assert [e.pattern for e in found(toml, said("two one two"), tmp_path)] == ["a", "z", "a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Speak to a PERSON, please", ["Speak to a PERSON"]),
        ("speak, to - a person", ["speak, to - a person"]),
        ("I speak to a personality", []),
        ("an operators' operator", ["operator"]),
    ],
)
def test_phrases_are_found_whole_in_any_case(
    text: str, expected: list[str], tmp_path: Path
) -> None:
    toml = '[[pattern]]\nname = "p"\nkind = "words"\nwords = ["speak to a person", "operator"]'

    assert [e.text for e in found(toml, said(text), tmp_path)] == expected


def test_what_is_less_sure_than_asked_is_left_out(tmp_path: Path) -> None:
    toml = '[[pattern]]\nname = "p"\nkind = "words"\nwords = ["a b"]\nleast_confidence = 0.3'

    assert found(toml, said("a b", 0.5), tmp_path) == []
    assert len(found(toml, said("a b", 0.6), tmp_path)) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,250.5", 1250.5),
        ("-3", -3),
        ("2026", 2026),
        ("seven", 7),
        ("twenty-five", 25),
        ("two hundred and five", 205),
        ("three million two hundred thousand and one", 3_200_001),
        ("hundred", 100),
        ("four two nine", 429),
        ("three point one four", 3.14),
    ],
)
def test_a_number_has_its_value(text: str, value: float, tmp_path: Path) -> None:
    toml = '[[pattern]]\nname = "n"\nkind = "number"'

    (event,) = found(toml, said(f"about {text} of them"), tmp_path)

    assert (event.text, event.value) == (text, value)


@given(st.integers(0, 10**12))
def test_digits_are_the_number_they_are(value: int) -> None:
    assert number(str(value)) == number(f"{value:,}") == value


@pytest.mark.parametrize("text", ["phone", "1.2.3", "v2", "at one's"])
def test_what_only_looks_like_a_number_has_none_or_a_part(text: str, tmp_path: Path) -> None:
    toml = '[[pattern]]\nname = "n"\nkind = "number"'

    assert all(isinstance(e.value, float) for e in found(toml, said(text), tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23",
        "11/23/2026",
        "March 3rd, 2024",
        "March the twenty third",
        "the 23rd of November",
        "third of may 2025",
        "next Monday",
        "tomorrow",
    ],
)
def test_a_date_is_found_whole(text: str, tmp_path: Path) -> None:
    toml = '[[pattern]]\nname = "d"\nkind = "date"'

    assert [e.text for e in found(toml, said(f"come {text} again"), tmp_path)] == [text]


@pytest.mark.parametrize(
    ("toml", "line", "reason"),
    [
        ("a = \nb = 1", "line 1", "Invalid value"),
        ("# nothing", "", "no pattern"),
        ("[other]\nx = 1", "", "other"),
        ("pattern = 3", "", "no pattern"),
        ('[[pattern]]\nkind = "number"', ":1:", "name is None; expected a text"),
        (
            '\n\n[[pattern]]\nname = "a"\nkind = "time"',
            ":3:",
            "kind is 'time'; expected one of words",
        ),
        ('[[pattern]]\nname = "a"\nkind = "words"', ":1:", "'words' is None"),
        (
            '[[pattern]]\nname = "a"\nkind = "date"\nregex = "a"',
            ":1:",
            "expected it of kind 'regex'",
        ),
        (
            '[[pattern]]\nname = "a"\nkind = "words"\nwords = []',
            ":1:",
            "expected a list of phrases",
        ),
        ('[[pattern]]\nname = "a"\nkind = "words"\nwords = ["!"]', ":1:", "'!' among the words"),
        ('[[pattern]]\nname = "a"\nkind = "regex"\nregex = "("', ":1:", "unterminated subpattern"),
        ('[[pattern]]\nname = "a"\nkind = "regex"\nregex = "a*"', ":1:", "matches nothing at all"),
        ('[[pattern]]\nname = "a"\nkind = "date"\nwrods = 1', ":1:", "wrods mean nothing"),
        ('[[pattern]]\nname = "a"\nkind = "date"\nleast_confidence = 2', ":1:", "expected 0 to 1"),
        (
            '[[pattern]]\nname = "a"\nkind = "date"\nleast_confidence = true',
            ":1:",
            "expected 0 to 1",
        ),
        ('[[pattern]]\nname = "a"\nkind = "date"\n' * 2, "", "'a' is there twice"),
    ],
)
def test_what_is_no_pattern_is_refused_by_its_line(
    toml: str, line: str, reason: str, tmp_path: Path
) -> None:
    (tmp_path / "p.toml").write_text(toml)

    with pytest.raises(OptionError) as error:
        read(tmp_path / "p.toml")

    assert line in str(error.value)
    assert reason in str(error.value)


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(OptionError, match=r"/nowhere\.toml"):
        read(Path("/nowhere.toml"))


def test_patterns_of_our_own_take_no_time_on_the_longest_text() -> None:
    patterns = read(EXAMPLE)
    hostile = ("one " * LONGEST, "1," * LONGEST, "twenty-" * LONGEST, "march the " * LONGEST)

    for text in hostile:
        started = time.perf_counter()
        list(events(patterns, Transcript("", (), (Segment(0.0, 1.0, text, (), 0.0, 0.0),))))

        assert time.perf_counter() - started < 1.0


def test_what_lies_beyond_the_longest_text_is_not_looked_at(tmp_path: Path) -> None:
    toml = '[[pattern]]\nname = "p"\nkind = "words"\nwords = ["b"]'
    text = "a " * (LONGEST // 2)

    assert found(toml, Transcript("", (), (Segment(0, 1, f"{text}b", (), 0, 0),)), tmp_path) == []
    assert len(
        found(toml, Transcript("", (), (Segment(0, 1, f"{text[4:]}b", (), 0, 0),)), tmp_path)
    )


def test_events_are_written_as_json() -> None:
    value = json.loads(written(read(EXAMPLE), said("on Monday")))

    assert value == {
        "schema": "asrbench.events/1",
        "events": [
            {
                "pattern": "date",
                "text": "on Monday",
                "start_s": 10.0,
                "end_s": 12.0,
                "confidence": 0.25,
                "value": None,
            }
        ],
    }


def test_other_patterns_have_another_fingerprint(tmp_path: Path) -> None:
    patterns = read(EXAMPLE)

    assert fingerprint(patterns) == fingerprint(read(EXAMPLE))
    assert fingerprint(patterns) != fingerprint(patterns[1:])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("nineteen eighty four", 1984),
        ("twenty twenty four", 2024),
        ("five twenty", 520),
        ("two hundred and five", 205),
        ("one thousand and one", 1001),
    ],
)
def test_pairs_of_digits_are_read_one_behind_the_other(text: str, value: int) -> None:
    assert number(text) == value


def test_numbers_with_and_between_them_are_two(tmp_path: Path) -> None:
    toml = '[[pattern]]\nname = "n"\nkind = "number"'

    assert [event.value for event in found(toml, said("one and two"), tmp_path)] == [1, 2]


def test_what_matches_nothing_is_no_event(tmp_path: Path) -> None:
    toml = "[[pattern]]\nname = 'b'\nkind = 'regex'\nregex = '\\bx?'"

    assert found(toml, said("hello you"), tmp_path) == []


@pytest.mark.parametrize("regex", ["a{99999999999999}", "(" * 3000 + "a" + ")" * 3000])
def test_a_regex_that_python_cannot_hold_is_refused_by_its_line(tmp_path: Path, regex: str) -> None:
    toml = f"[[pattern]]\nname = 'b'\nkind = 'regex'\nregex = '{regex}'"

    with pytest.raises(OptionError, match=r"p\.toml:1"):
        found(toml, said("a"), tmp_path)
