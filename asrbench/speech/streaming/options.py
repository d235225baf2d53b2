"""What may be chosen about a stream: how often it is decoded, what it keeps, when it commits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from asrbench.errors import OptionError

Policy: TypeAlias = Literal["agreement", "attention", "both"]

BLOCK = 320  # values of pcm that are looked at together: 20 ms, one encoder state


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """How a session hears; times are seconds of audio.

    `policy` says which words are committed: "agreement", those on which two passes one after the
    other agree (LocalAgreement-2) and for which the decoder looked `agreed_s` before the end of the
    audio; "attention", those for which it looked `sure_s` before the end (AlignAtt); "both", those
    of either. `step_s` lie between two passes. A `pause_s` without speech ends an utterance. Behind
    `window_s` the audio is cut where a committed segment ends, and behind `most_s` at a word.
    `margin_s` of a window behind the audio are computed with it, as the cached windows of a
    Recognizer have it, where everything is committed; in between it is `between_s`. A pass is taken
    for silence if its no-speech probability is above `no_speech_prob` and its average log-
    probability not above `avg_log_prob`.

    Invariants: step and pause are whole blocks of 20 ms, one or more; `step_s <= window_s <=
    most_s`, and the last two fit into a window of the model, 30 s; the margins are 0 or more.
    """

    policy: Policy = "both"
    agreed_s: float = 0.9
    sure_s: float = 1.3
    step_s: float = 0.3
    pause_s: float = 0.8
    window_s: float = 12.0
    most_s: float = 20.0
    margin_s: float = 4.96
    between_s: float = 2.0
    no_speech_prob: float = 0.6
    avg_log_prob: float = -1.0

    def __post_init__(self) -> None:
        """Refuse what no stream could be heard with. Raises OptionError."""
        if self.policy not in get_args(Policy):
            raise OptionError(f"policy is {self.policy!r}; expected one of {get_args(Policy)}")
        for name in ("step_s", "pause_s"):
            value = getattr(self, name)
            if (
                not (math.isfinite(value) and value > 0)
                or abs(value * 50 - round(value * 50)) > 1e-6
            ):
                raise OptionError(f"{name} is {value}; expected a multiple of 0.02 s above zero")
        if not self.step_s <= self.window_s <= self.most_s < math.inf:
            raise OptionError(
                f"step_s, window_s, most_s are {self.step_s}, {self.window_s}, {self.most_s}; "
                "expected them in this order"
            )
        for name in ("agreed_s", "sure_s", "margin_s", "between_s"):
            if not 0 <= getattr(self, name) < math.inf:
                raise OptionError(f"{name} is {getattr(self, name)}; expected zero or more")
        if not 0 <= self.no_speech_prob <= 1:
            raise OptionError(f"no_speech_prob is {self.no_speech_prob}; expected 0 to 1")
