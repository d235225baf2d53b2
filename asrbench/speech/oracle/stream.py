"""Audio that is still arriving, and what is said in as much of it as is at hand.

Everything is computed again at every pass, and every state of a window: the core does neither.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from asrbench.errors import AudioError, OptionError
from asrbench.speech.oracle import continuation, decoder, encoder, log_mel
from asrbench.speech.oracle.continuation import Continued
from asrbench.speech.oracle.model import Model

Array = NDArray[np.float32]
TAIL = 3  # frames behind the last one whose windows reach back to it


class Stream:
    """One stream of a model."""

    def __init__(self, model: Model, language: str = "en") -> None:
        """Begin with no audio. Raises ModelError for a language that the model has not."""
        self._model = model
        self._prompt = model.tokenizer.prompt(language)
        self._pcm = np.zeros(0, np.float32)
        self._forgotten = 0
        self._ended = False

    def push(self, pcm: Array) -> None:
        """Take the next pcm: mono float32 at 16 kHz, shape (n,). Raises AudioError, OptionError."""
        if self._ended:
            raise OptionError(f"pcm has {len(pcm)} values behind the end; expected none")
        if not np.isfinite(pcm).all():
            raise AudioError("pcm has a value that is not finite")
        self._pcm = np.concatenate([self._pcm, pcm])

    def end(self) -> None:
        """No pcm comes any more: silence lies behind it."""
        self._ended = True

    def frames(self) -> int:
        """Return how many mel frames are at hand: those whose windows are heard, or have ended."""
        heard, half = len(self._pcm), log_mel.WINDOW // 2
        ready = heard if self._ended else max(0, heard - half - 1 + log_mel.HOP)
        return ready // log_mel.HOP - self._forgotten

    def forget(self, frames: int) -> None:
        """Drop the first mel frames at hand. Raises OptionError where there are not so many."""
        if frames > self.frames():
            raise OptionError(f"frames is {frames}; expected at most {self.frames()}")
        self._forgotten += frames

    def log_mel(self) -> Array:
        """Return the frames at hand, (frames, bins), floored below the loudest of them."""
        count = self.frames()
        if count == 0:
            return np.zeros((0, self._model.dims.bins), np.float32)
        padded = np.pad(self._pcm.astype(np.float64), (0, log_mel.PADDING))
        padded = np.pad(padded, (log_mel.WINDOW // 2, 0), mode="reflect")
        power = log_mel.power(padded, self._model.dims.bins)
        loud = count + (TAIL if self._ended else 0)
        return log_mel.scaled(power[self._forgotten : self._forgotten + loud])[:count]

    def decode(
        self,
        standing: Sequence[int],
        most: int,
        margin: int = 0,  # noqa: ARG002  all states are computed, whatever is behind the audio
    ) -> Continued:
        """Return what is said in the frames at hand behind the standing tokens.

        Raises OptionError for more than a window, and as `continuation.continue_text`.
        """
        mel = self.log_mel()
        if len(mel) > self._model.dims.frames:
            raise OptionError(f"the stream holds {len(mel)} mel frames; expected at most a window")
        if len(mel) == 0:
            return {
                "tokens": [],
                "probabilities": [],
                "frames": [],
                "avg_log_prob": 0.0,
                "no_speech_prob": 0.0,
            }
        states = encoder.encode(self._model.weights, mel)
        cross = decoder.cross_kv(self._model.weights, states)
        given = (self._prompt, standing)
        return continuation.continue_text(self._model, cross, given, most, max(1, len(mel) // 2))
