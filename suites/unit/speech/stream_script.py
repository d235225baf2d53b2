"""What streaming tests hear with: passes that are written down, and loud or quiet audio."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from asrbench.speech.audio import Pcm
from asrbench.speech.streaming.hearing import Limits
from asrbench.speech.streaming.options import StreamOptions
from asrbench.speech.streaming.session import StreamSession
from asrbench.speech.streaming.words import Splitter

if TYPE_CHECKING:
    from asrbench._native import Continued

TIMES = 1000  # the token of 0.00 s
RATE_HZ = 16_000
PIECES = [
    *(" one two three four five six seven eight".replace(" ", "| ").split("|")[1:]),
    *[".", ",", "ty", " -", " \u00e9", "?"],
]


def ids(text: str, *, at: float | None = 0.0) -> list[int]:
    """The tokens of a text: longest pieces first, behind a timestamp; "<1.5>" is one."""
    found = [] if at is None else [TIMES + round(at * 50)]
    while text:
        if text.startswith("<"):
            second, _, text = text[1:].partition(">")
            found.append(TIMES + round(float(second) * 50))
            continue
        piece = max((p for p in PIECES if text.startswith(p)), key=len)
        found.append(PIECES.index(piece))
        text = text[len(piece) :]
    return found


def text_of(tokens: Sequence[int]) -> bytes:
    """The bytes of tokens, timestamps left out."""
    return "".join(PIECES[token] for token in tokens if token < TIMES).encode()


SPLITTER = Splitter(text_of, TIMES)


@dataclass
class Script:
    """Hears nothing: each pass says the next line, the last one again and again.

    A line is the whole text of the audio at hand; what stands is left out of the answer.
    """

    lines: Sequence[str]
    no_speech: float = 0.0
    values: int = 0
    forgotten: int = 0
    ended: bool = False
    passes: int = 0
    frames_of: Callable[[int], list[int]] | None = None
    margins: list[int] = field(default_factory=list)
    asked: list[list[int]] = field(default_factory=list)  # what stood, at each pass
    held: list[int] = field(default_factory=list)  # mel frames at hand, at each pass

    def push(self, pcm: Pcm, /) -> None:
        self.values += len(pcm)

    def end(self) -> None:
        self.ended = True

    def frames(self) -> int:
        return self.values // 160 - self.forgotten

    def forget(self, frames: int, /) -> None:
        assert 0 <= frames <= self.frames()
        self.forgotten += frames

    def looks(self, found: Sequence[int]) -> list[int]:
        """Spread the places where the decoder looks over the audio, or where a test has them."""
        if self.frames_of is not None:
            return self.frames_of(len(found))
        end = self.frames() // 2 - 1
        return [end * (n + 1) // (len(found) + 1) for n in range(len(found))]

    def decode(self, standing: Sequence[int], most: int, margin: int, /) -> Continued:
        self.margins.append(margin)
        self.asked.append(list(standing))
        self.held.append(self.frames())
        line = ids(self.lines[min(self.passes, len(self.lines) - 1)]) if self.lines else []
        self.passes += 1
        found = line[len(standing) :][:most]
        return {
            "tokens": found,
            "probabilities": [0.5] * len(found),
            "frames": self.looks(found),
            "avg_log_prob": -1.5,
            "no_speech_prob": self.no_speech,
        }


def session(
    script: Script, options: StreamOptions | None = None, tokens: int = 224
) -> StreamSession:
    """A session that hears by the script, in windows of 30 s."""
    return StreamSession(script, SPLITTER, Limits(30.0, tokens), options or StreamOptions())


def loud(seconds: float) -> Pcm:
    """Noise at -20 dB: speech."""
    values = np.random.default_rng(0).normal(0, 0.1, round(seconds * RATE_HZ))
    return values.astype(np.float32)


def quiet(seconds: float) -> Pcm:
    """Silence."""
    return np.zeros(round(seconds * RATE_HZ), np.float32)
