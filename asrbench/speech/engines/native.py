"""The C++ core as an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asrbench.engine import EngineOptions
from asrbench.speech.recognizer import Recognizer
from asrbench.speech.streams import Redecoding
from asrbench.speech.transcript import Transcript

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Native:
    """Transcribes with the reference recognizer. Takes pcm: float32, mono, 16 kHz, shape (n,)."""

    name = "native"

    def __init__(self, options: EngineOptions) -> None:
        """Load the model. Raises ModelError if it cannot be used."""
        self._recognizer = Recognizer(options.model, options.threads)

    def run(self, item: NDArray[np.float32]) -> Transcript:
        """Return what is said in pcm."""
        return self._recognizer.transcribe_pcm(item)

    def open(self) -> Redecoding:
        """Hear an utterance while it arrives: all of it is transcribed again and again."""
        return Redecoding(self.run)

    def close(self) -> None:
        """Nothing is held but memory."""
