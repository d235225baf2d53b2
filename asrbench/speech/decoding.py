"""What may be chosen about how a transcript is searched for."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from typing import Literal

from asrbench.errors import OptionError

MOST_TEXTS = 64
"""The most texts that grow side by side."""

LADDER = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""The temperatures that OpenAI's whisper and faster-whisper fall back on."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """The choices of one call. The defaults are greedy, without fallback.

    At temperature 0 the search keeps `beam_size` texts (1 is greedy) until `patience` times as many
    have ended, and takes the best by log-probability over length to the power of `length_penalty`.
    Above 0 it draws `best_of` texts by `seed`, and takes the best likewise. The `temperatures` are
    tried in their order until a window's text is no more compressible than
    `compression_ratio_threshold` and no less likely than `log_prob_threshold` (natural logarithm,
    mean of its tokens). A window is skipped as silent if its no-speech probability is above
    `no_speech_threshold` and it is not likelier than that. None is no threshold.

    `prompt` is text said to precede the audio, `hotwords` to precede every window; with
    `condition_on_previous_text` what was found precedes the next window, unless it was drawn at a
    temperature above 0.5. They need the model's tokenizer.json. `language` None is the
    recognizer's. `task` is "transcribe", or "translate" to English. `words` asks for times of
    words. A window begins within `max_initial_timestamp` seconds.

    Invariants: `beam_size` and `best_of` are 1 to 64; `patience` lets at least one text end and is
    at most 100; `length_penalty` and each temperature are 0 to 10, and there is one;
    `max_initial_timestamp` is 0 to 30 s; `seed` is 0 to 2^64 - 1.
    """

    beam_size: int = 1
    patience: float = 1.0
    length_penalty: float = 1.0
    best_of: int = 5
    temperatures: tuple[float, ...] = (0.0,)
    compression_ratio_threshold: float | None = 2.4
    log_prob_threshold: float | None = -1.0
    no_speech_threshold: float | None = 0.6
    prompt: str | None = None
    hotwords: str | None = None
    condition_on_previous_text: bool = False
    language: str | None = None
    task: Literal["transcribe", "translate"] = "transcribe"
    words: bool = False
    seed: int = 0
    max_initial_timestamp: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what has no meaning, with an OptionError."""
        _expect_integer("beam_size", self.beam_size, 1, MOST_TEXTS)
        _expect_integer("best_of", self.best_of, 1, MOST_TEXTS)
        _expect_integer("seed", self.seed, 0, 2**64 - 1)
        _expect("patience", self.patience, 0.5 / self.beam_size, 100)
        _expect("length_penalty", self.length_penalty, 0, 10)
        _expect("max_initial_timestamp", self.max_initial_timestamp, 0, 30)
        if not isinstance(self.temperatures, tuple) or not self.temperatures:
            raise OptionError(
                f"temperatures is {self.temperatures!r}; expected a tuple such as (0.0,)"
            )
        for temperature in self.temperatures:
            _expect("a temperature", temperature, 0, 10)
        for name in ("compression_ratio", "log_prob", "no_speech"):
            value = getattr(self, f"{name}_threshold")
            if value is not None:
                _expect(f"{name}_threshold", value, -math.inf, math.inf)
        for name in ("prompt", "hotwords", "language"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, str):
                raise OptionError(f"{name} is {value!r}; expected a text, or None")
        for name in ("condition_on_previous_text", "words"):
            if not isinstance(value := getattr(self, name), bool):
                raise OptionError(f"{name} is {value!r}; expected True or False")
        if self.task not in ("transcribe", "translate"):
            raise OptionError(f"task is {self.task!r}; expected 'transcribe' or 'translate'")


def compression_ratio(text: str) -> float:
    """Return how often a text repeats itself: its bytes to those of its zlib stream.

    As OpenAI's whisper has it, `whisper/utils.py`; about 1 for a sentence, above 2.4 for a loop.
    """
    told = text.encode()
    return len(told) / len(zlib.compress(told))


def _expect(name: str, value: object, least: float, most: float) -> None:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not least <= value <= most:  # type: ignore[operator]  # it is a number
        raise OptionError(f"{name} is {value!r}; expected a number from {least:g} to {most:g}")


def _expect_integer(name: str, value: object, least: int, most: int) -> None:
    if type(value) is not int or not least <= value <= most:
        raise OptionError(f"{name} is {value!r}; expected an integer from {least} to {most}")


USUAL = Decoding()
"""Greedy, without fallback."""
