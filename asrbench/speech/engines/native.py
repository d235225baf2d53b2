"""The C++ core as an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asrbench import _native
from asrbench.engine import EngineOptions
from asrbench.errors import MeterError
from asrbench.speech.decoding import USUAL, Decoding
from asrbench.speech.prepared import PRECISION, WINDOWS, Precision, Windows
from asrbench.speech.recognizer import Recognizer
from asrbench.speech.streams import Redecoding
from asrbench.speech.transcript import Transcript

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Native:
    """Transcribes with the reference recognizer. Takes pcm: float32, mono, 16 kHz, shape (n,)."""

    def __init__(
        self,
        options: EngineOptions,
        precision: Precision = PRECISION,
        windows: Windows = WINDOWS,
        decoding: Decoding = USUAL,
    ) -> None:
        """Load the model. Raises ModelError if it cannot be used."""
        self.name = "native"
        if (precision, windows) != (PRECISION, WINDOWS):
            self.name += f"-{precision}" + ("-cached" if windows == "cached" else "")
        if decoding.beam_size > 1:
            self.name += f"-beam{decoding.beam_size}"
        self._decoding = decoding
        self._recognizer = Recognizer(
            options.model, options.threads, precision=precision, windows=windows
        )

    def run(self, item: NDArray[np.float32]) -> Transcript:
        """Return what is said in pcm."""
        return self._recognizer.transcribe_pcm(item, decoding=self._decoding)

    def open(self) -> Redecoding:
        """Hear an utterance while it arrives: all of it is transcribed again and again."""
        return Redecoding(self.run)

    def count_allocations(self, on: bool) -> tuple[int, int]:
        """Count those of the extension from now on, or no longer; return count and bytes so far.

        Raises MeterError where it was built without the hook.
        """
        if not _native.counts_allocations():
            raise MeterError(
                f"{self.name}: the extension was built without the hook that counts allocations; "
                "expected a build for Linux of 64 bits, without sanitizers"
            )
        return _native.count_allocations(on)

    def close(self) -> None:
        """Nothing is held but memory."""


def float32(options: EngineOptions) -> Native:
    """Return the recognizer with every product in float32."""
    return Native(options, "float32", "full")


def int16(options: EngineOptions) -> Native:
    """Return the recognizer with weights of 8 bits and activations of 16."""
    return Native(options, "int16", "full")


def int8(options: EngineOptions) -> Native:
    """Return the recognizer with weights of 8 bits and, in the encoder, activations of 8."""
    return Native(options, "int8", "full")


def int16_cached(options: EngineOptions) -> Native:
    """Return the recognizer with int16 and cached windows."""
    return Native(options, "int16", "cached")


def int8_cached(options: EngineOptions) -> Native:
    """Return the recognizer with int8 and cached windows."""
    return Native(options, "int8", "cached")


def beam5(options: EngineOptions) -> Native:
    """Return the recognizer with five beams."""
    return Native(options, decoding=Decoding(beam_size=5))


def int8_beam5(options: EngineOptions) -> Native:
    """Return the same with int8."""
    return Native(options, "int8", "full", Decoding(beam_size=5))
