"""OpenAI's whisper as an engine: PyTorch on the same weights in float32, set to do the same work.

The settings are those of the comparison (see faster_whisper.py). PyTorch has one number of threads
for the whole process: each call sets it, since another engine may have set another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from asrbench.engine import EngineOptions, missing
from asrbench.speech import weights
from asrbench.speech.transcript import Segment, Transcript

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class OpenAIWhisper:
    """Transcribes with OpenAI's whisper. Takes pcm: float32, mono, 16 kHz, shape (n,).

    Its load time has our reading of CTranslate2's file in it, in place of its own checkpoint.
    """

    name = "openai-whisper"

    def __init__(self, options: EngineOptions) -> None:
        """Load the model.

        Raises EngineError if the library is not installed, ModelError if the model is damaged.
        """
        try:
            import torch
            from whisper.model import ModelDimensions, Whisper
        except ModuleNotFoundError as error:
            raise missing(self.name, error, "peers-torch") from error
        from asrbench.speech import openai
        from asrbench.speech.oracle.weights import read

        read_weights = read(weights.find(options.model).model.read_bytes())
        dims = read_weights.dims
        self._model = Whisper(
            ModelDimensions(
                n_mels=dims.bins,
                n_audio_ctx=dims.audio_context,
                n_audio_state=dims.state,
                n_audio_head=dims.heads,
                n_audio_layer=dims.encoder_layers,
                n_vocab=dims.vocabulary,
                n_text_ctx=dims.text_context,
                n_text_state=dims.state,
                n_text_head=dims.heads,
                n_text_layer=dims.decoder_layers,
            )
        )
        self._model.load_state_dict(
            {name: torch.from_numpy(array) for name, array in openai.arrays(read_weights)}
        )
        self._model.eval()
        self._set_threads = torch.set_num_threads
        self._threads = options.threads

    def run(self, item: NDArray[np.float32]) -> Transcript:
        """Return what is said in pcm, English."""
        self._set_threads(self._threads)
        found = self._model.transcribe(
            item,
            language="en",
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=False,
            fp16=False,
        )["segments"]
        segments = tuple(
            Segment(
                float(s["start"]),
                float(s["end"]),
                s["text"],
                tuple(s["tokens"]),
                s["avg_logprob"],
                s["no_speech_prob"],
            )
            for s in found
        )
        return Transcript(
            text="".join(segment.text for segment in segments),
            tokens=tuple(token for segment in segments for token in segment.tokens),
            segments=segments,
        )

    def close(self) -> None:
        """Nothing is held but memory."""
