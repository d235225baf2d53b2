"""faster-whisper as an engine: CTranslate2 on the same weights, set to do the same work.

The settings are those of the comparison unless others are given: greedy, temperature 0 without
fallback, timestamps on and windows sought by them, no condition on previous text, no voice activity
detection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from asrbench.engine import EngineOptions, missing
from asrbench.errors import ModelError
from asrbench.speech import weights
from asrbench.speech.decoding import USUAL, Decoding
from asrbench.speech.transcript import Segment, Transcript

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class FasterWhisper:
    """Transcribes with faster-whisper.

    Takes pcm as float32, mono, 16 kHz, shape (n,). `Transcript.tokens` has only the tokens of its
    segments: faster-whisper does not tell what it generated and dropped.
    """

    def __init__(
        self,
        options: EngineOptions,
        compute_type: str = "float32",
        decoding: Decoding = USUAL,
    ) -> None:
        """Load the model, to compute in "float32", "int8" or another type of CTranslate2's.

        Raises EngineError if the library is not installed, ModelError if the model lacks a file.
        """
        self.name = "faster-whisper" + (f"-{compute_type}" if compute_type != "float32" else "")
        if decoding.beam_size > 1:
            self.name += f"-beam{decoding.beam_size}"
        self._decoding = decoding
        try:
            from faster_whisper import WhisperModel
        except ModuleNotFoundError as error:
            raise missing(self.name, error, "peers") from error
        self._rounded = compute_type != "float32"
        found = weights.find(options.model)
        if found.tokenizer is None:  # it would be fetched from the network
            raise ModelError(f"{found.folder} has no tokenizer.json; {self.name} needs it")
        self._model = WhisperModel(
            str(found.folder),
            device="cpu",
            compute_type=compute_type,
            cpu_threads=options.threads,
            local_files_only=True,
        )

    def run(self, item: NDArray[np.float32]) -> Transcript:
        """Return what is said in pcm, English unless another language was chosen."""
        decoding = self._decoding
        spoken, _ = self._model.transcribe(
            item,
            language=decoding.language or "en",
            task=decoding.task,
            beam_size=decoding.beam_size,
            best_of=decoding.best_of,
            patience=decoding.patience,
            length_penalty=decoding.length_penalty,
            temperature=list(decoding.temperatures),
            compression_ratio_threshold=decoding.compression_ratio_threshold,
            log_prob_threshold=decoding.log_prob_threshold,
            no_speech_threshold=decoding.no_speech_threshold,
            condition_on_previous_text=decoding.condition_on_previous_text,
            initial_prompt=decoding.prompt,
            hotwords=decoding.hotwords,
            max_initial_timestamp=decoding.max_initial_timestamp,
            without_timestamps=False,
            vad_filter=False,
        )
        found = list(spoken)  # it is lazy: the work is done here
        segments = tuple(
            Segment(
                s.start,
                s.end,
                s.text,
                tuple(s.tokens),
                s.avg_logprob,
                s.no_speech_prob,
                s.temperature,
                s.compression_ratio,
            )
            for s in found
        )
        windows = {s.seek: s for s in found}.values()
        return Transcript(
            text="".join(segment.text for segment in segments),
            tokens=tuple(token for segment in segments for token in segment.tokens),
            segments=segments,
            avg_log_prob=_mean([window.avg_logprob for window in windows]),
            no_speech_prob=_mean([window.no_speech_prob for window in windows]),
            rounded=self._rounded,
        )

    def close(self) -> None:
        """Nothing is held but memory."""


def int8(options: EngineOptions) -> FasterWhisper:
    """Return faster-whisper with its linear layers in int8, its fastest on a CPU."""
    return FasterWhisper(options, "int8")


def beam5(options: EngineOptions) -> FasterWhisper:
    """Return faster-whisper with the five beams that are its default."""
    return FasterWhisper(options, decoding=Decoding(beam_size=5))


def int8_beam5(options: EngineOptions) -> FasterWhisper:
    """Return the same in int8."""
    return FasterWhisper(options, "int8", Decoding(beam_size=5))


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
