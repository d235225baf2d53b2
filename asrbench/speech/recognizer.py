"""The reference recognizer: Whisper on the C++ core, from audio of any kind to a Transcript."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrbench import _native
from asrbench.errors import ModelError, OptionError
from asrbench.speech import prepared, weights
from asrbench.speech.decoding import USUAL, Decoding, compression_ratio
from asrbench.speech.prepared import PRECISION, WINDOWS, Precision, Windows
from asrbench.speech.prompt import Prompter
from asrbench.speech.transcript import Segment, Transcript

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from asrbench.speech.audio import Pcm


class Recognizer:
    """Transcribes English speech, or a multilingual model's language.

    One object may be used by several threads at once: each call gets the text it would get alone.
    """

    def __init__(
        self,
        model: str | Path | None = None,
        threads: int = 1,
        *,
        language: str | None = "en",
        precision: Precision = PRECISION,
        windows: Windows = WINDOWS,
    ) -> None:
        """Load a model: a folder in CTranslate2's layout, or None for tiny.en wherever it lies.

        `threads` of a call, its own counted, change how long it takes, not what it finds.
        `precision` is that of products: "float32", or weights of 8 bits multiplied with 16 bits
        ("int16", nearly without loss) or 8 ("int8"). `windows` are "full", every state of 30 s as
        Whisper has it, or "cached", those of the audio and 5 s behind it, before states of silence
        that were computed once. `language` None is detected, by a multilingual model in the first
        window of each call. Raises ModelError if the weights are absent, damaged or do not have
        the language, OptionError for another precision or other windows, or unless
        1 <= threads <= 256.
        """
        self.weights = weights.find(model)
        self._model = prepared.load(self.weights, precision, windows)
        self._rounded = (precision, windows) != ("float32", "full")
        self._recognizer = _native.Recognizer(self._model, threads)
        self._language = language
        self._prompter = Prompter(
            self.weights.tokenizer, self.weights.folder, self._model.end_of_text
        )
        if language not in ("en", None) and not self._model.multilingual:
            raise ModelError(f"language is {language!r}; expected 'en' of an English-only model")

    def transcribe(
        self,
        audio: str | Path | bytes | bytearray | memoryview | NDArray[Any],
        rate_hz: float | None = None,
        deadline_s: float | None = None,
        decoding: Decoding = USUAL,
    ) -> Transcript:
        """Return what is said in the audio, however long it is.

        `audio` is a file's path (WAV, FLAC, OGG, MP3), 16-bit little-endian mono PCM at 16 kHz as
        bytes, or an array of shape (n,) or (n, channels) with its `rate_hz`. The GIL is free
        during the work; Ctrl-C stops it within 100 ms and leaves the object usable.

        Raises AudioError if the audio cannot be used, DeadlineError if it took longer than
        `deadline_s` seconds, EngineError if the model's numbers overflow on it, OptionError for a
        rate that is missing or has no place, or a prompt that is no text; ModelError for a language
        or a task that the model has not.
        """
        from asrbench.speech import audio as sound

        if isinstance(audio, (str, Path, bytes, bytearray, memoryview)):
            if rate_hz is not None:
                raise OptionError(f"rate_hz is {rate_hz} for {type(audio).__name__}; expected None")
            pcm = sound.read(audio)
        elif rate_hz is None:
            raise OptionError("rate_hz is None for an array; expected its rate, such as 16000")
        else:
            pcm = sound.from_array(audio, rate_hz)
        return self.transcribe_pcm(pcm, deadline_s, decoding)

    def transcribe_pcm(
        self, pcm: Pcm, deadline_s: float | None = None, decoding: Decoding = USUAL
    ) -> Transcript:
        """Return what is said in pcm: float32, mono, 16 kHz, shape (n,), borrowed as it is.

        Raises as `transcribe`, and TypeError for an array that cannot be borrowed.
        """
        found = self._recognizer.transcribe(pcm, self._options(decoding), deadline_s)
        segments = tuple(
            Segment(start_s, end_s, text.decode(errors="replace"), tuple(tokens), *numbers)
            for start_s, end_s, text, tokens, *numbers in found["segments"]
        )
        kept = found["windows"] > 0
        return Transcript(
            text="".join(segment.text for segment in segments),
            tokens=tuple(found["tokens"]),
            segments=segments,
            avg_log_prob=found["avg_log_prob"] if kept else None,
            no_speech_prob=found["no_speech_prob"] if kept else None,
            stages=found["stages"],
            rounded=self._rounded,
            language=found["language"] or None,
            language_probability=found["language_probability"] if found["language"] else None,
        )

    def _options(self, decoding: Decoding) -> _native.Options:
        return _native.Options(
            language=self._language if decoding.language is None else decoding.language,
            translate=decoding.task == "translate",
            beam_size=decoding.beam_size,
            patience=decoding.patience,
            length_penalty=decoding.length_penalty,
            best_of=decoding.best_of,
            temperatures=decoding.temperatures,
            compression_ratio=decoding.compression_ratio_threshold,
            avg_log_prob=decoding.log_prob_threshold,
            no_speech_prob=decoding.no_speech_threshold,
            compression=_compression,
            prompt=self._prompter.ids("prompt", decoding.prompt),
            hotwords=self._prompter.ids("hotwords", decoding.hotwords),
            condition_on_previous_text=decoding.condition_on_previous_text,
            max_initial_timestamp_s=decoding.max_initial_timestamp,
            seed=decoding.seed,
        )


def _compression(text: bytes) -> float:
    return compression_ratio(text.decode(errors="replace").strip())
