"""Choices of decoding are written as NAME=VALUE, and what is no choice is refused by its name."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from asrbench.cli.decodings import decoding
from asrbench.errors import OptionError
from asrbench.speech.decoding import Decoding


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("beam_size=5", Decoding(beam_size=5)),
        ("patience=1.5", Decoding(patience=1.5)),
        ("temperatures=0,0.4,1", Decoding(temperatures=(0.0, 0.4, 1.0))),
        ("log_prob_threshold=-2", Decoding(log_prob_threshold=-2)),
        ("no_speech_threshold=None", Decoding(no_speech_threshold=None)),
        ("condition_on_previous_text=true", Decoding(condition_on_previous_text=True)),
        ("prompt=a=b, 5", Decoding(prompt="a=b, 5")),
        ("hotwords=none", Decoding(hotwords="none")),
        ("task=translate", Decoding(task="translate")),
    ],
)
def test_a_setting_is_a_field_of_decoding(written: str, expected: Decoding) -> None:
    assert decoding([written], {}) == expected


def test_every_field_can_be_set_to_what_it_is() -> None:
    for field in fields(Decoding):
        value = getattr(Decoding(), field.name)
        if field.name in ("prompt", "hotwords", "language"):  # None cannot be written
            continue
        written = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)

        assert decoding([f"{field.name}={written}"], {}) == Decoding()


def test_what_is_set_goes_before_what_is_named_and_the_last_before_the_first() -> None:
    named = {"beam_size": 2, "prompt": None, "words": True}

    assert decoding([], named) == Decoding(beam_size=2, words=True)
    assert decoding(["beam_size=3", "beam_size=4"], named).beam_size == 4


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("beam_size", "expected NAME=VALUE"),
        ("beams=5", "with one of beam_size"),
        ("beam_size=many", "beam_size is 'many'; expected a number"),
        ("beam_size=0", "beam_size is 0; expected an integer"),
        ("temperatures=0,", "temperatures is ''; expected a number"),
        ("words=yes", "words is 'yes'"),
    ],
)
def test_what_is_no_choice_is_refused(written: str, reason: str) -> None:
    with pytest.raises(OptionError, match=reason):
        decoding([written], {})


def test_defaults_are_those_of_decoding() -> None:
    assert decoding([], {}) == replace(Decoding())
