"""The oracle as an engine: what is right, at NumPy's speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asrbench.engine import EngineOptions
from asrbench.speech import weights
from asrbench.speech.transcript import Transcript

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Oracle:
    """Transcribes with the recognizer in NumPy.

    Takes pcm as float32, mono, 16 kHz, shape (n,). `options.threads` is not used: NumPy's BLAS
    takes its own number, from OPENBLAS_NUM_THREADS. Threads may share one Oracle.
    """

    name = "oracle"

    def __init__(self, options: EngineOptions) -> None:
        """Read the model. Raises ModelError if there is none or it is damaged."""
        from asrbench.speech.oracle import model, recognizer

        found = weights.find(options.model)
        self._model = model.load(found.model, found.config, found.vocabulary)
        self._transcribe = recognizer.transcribe

    def run(self, item: NDArray[np.float32]) -> Transcript:
        """Return what is said in pcm. Raises AudioError if pcm cannot be used."""
        return self._transcribe(self._model, item)

    def close(self) -> None:
        """Nothing is held but memory."""
