"""whisper.cpp as an engine: ggml on the same weights in float16, set to do the same work.

The settings are those of the comparison (see faster_whisper.py). `n_max_text_ctx=0` is what keeps
a window from being prompted with the one before: `no_context` alone speaks of calls, not windows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from asrbench.engine import EngineOptions, missing
from asrbench.errors import ModelError
from asrbench.speech import ggml, weights
from asrbench.speech.transcript import Segment, Transcript

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class WhisperCpp:
    """Transcribes with whisper.cpp, through pywhispercpp.

    Takes pcm as float32, mono, 16 kHz, shape (n,). Gives texts and times; pywhispercpp does not
    tell of token ids or probabilities of a window.
    """

    name = "whisper-cpp"

    def __init__(self, options: EngineOptions) -> None:
        """Load the model, made from CTranslate2's file on first use.

        Raises EngineError if the library is not installed, ModelError if the model is damaged or
        has tokens that whisper.cpp does not know: it would end the whole process.
        """
        try:
            from pywhispercpp.model import Model
        except ModuleNotFoundError as error:
            raise missing(self.name, error, "peers") from error
        found = weights.find(options.model)
        path = ggml.converted(found)
        if (size := ggml.vocabulary(path)) not in ggml.VOCABULARIES:
            raise ModelError(
                f"{found.vocabulary} has {size} tokens; whisper.cpp expected one of "
                f"{ggml.VOCABULARIES}, those of Whisper's own vocabularies"
            )
        self._model = Model(
            str(path),
            redirect_whispercpp_logs_to=None,
            context_params={"use_gpu": False},
            n_threads=options.threads,
            language="en",
            greedy={"best_of": 1},
            temperature=0.0,
            temperature_inc=0.0,
            no_timestamps=False,
            no_context=True,
            n_max_text_ctx=0,
            suppress_nst=True,
            print_progress=False,
        )

    def run(self, item: NDArray[np.float32]) -> Transcript:
        """Return what is said in pcm, English."""
        segments = tuple(
            Segment(s.t0 / 100, s.t1 / 100, f" {s.text}", (), 0.0, 0.0)
            for s in self._model.transcribe(item)
        )
        return Transcript("".join(segment.text for segment in segments), segments=segments)

    def close(self) -> None:
        """Nothing is held but memory."""
