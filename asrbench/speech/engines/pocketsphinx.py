"""PocketSphinx as an engine: a recognizer of another kind, with a model of its own.

Hidden Markov models and an n-gram language model for US English, as its wheel ships them: what
speech recognition on a CPU was before Whisper. It shares neither weights nor settings with the
others, and it decodes in one thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from asrbench.engine import EngineOptions, missing
from asrbench.speech.audio import RATE_HZ
from asrbench.speech.transcript import Transcript

if TYPE_CHECKING:
    from numpy.typing import NDArray


class PocketSphinx:
    """Transcribes with PocketSphinx. Takes pcm: float32, mono, 16 kHz, shape (n,).

    `options.threads` and `options.model` are not used. Gives the text alone. An utterance's mean
    is taken from the utterance itself, so that no answer depends on what was heard before it.
    """

    name = "pocketsphinx"

    def __init__(self, options: EngineOptions) -> None:  # noqa: ARG002  every engine takes them
        """Load the model. Raises EngineError if the library is not installed."""
        try:
            from pocketsphinx import Decoder
        except ModuleNotFoundError as error:
            raise missing(self.name, error, "peers") from error
        self._decoder = Decoder(samprate=RATE_HZ, cmn="batch", loglevel="FATAL")

    def run(self, item: NDArray[np.float32]) -> Transcript:
        """Return what is said in pcm, US English."""
        pcm16 = np.clip(item * 32768.0, -32768, 32767).astype("<i2")
        self._decoder.start_utt()
        self._decoder.process_raw(pcm16.tobytes(), full_utt=True)
        self._decoder.end_utt()
        heard = self._decoder.hyp()
        return Transcript(heard.hypstr if heard else "")

    def close(self) -> None:
        """Nothing is held but memory."""
