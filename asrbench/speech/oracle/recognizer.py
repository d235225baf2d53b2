"""The whole line: pcm -> log_mel -> encoder states -> tokens -> text, window after window."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asrbench.speech.oracle import decoder, encoder, log_mel, search, segments, timing
from asrbench.speech.oracle.model import Model
from asrbench.speech.oracle.search import Decoded
from asrbench.speech.oracle.stages import Stages
from asrbench.speech.transcript import Segment, Transcript

FRAMES_PER_S = log_mel.RATE_HZ // log_mel.HOP


@dataclass(frozen=True, slots=True)
class Options:
    """What may be chosen about a transcription; the defaults are OpenAI's.

    Invariants: a window is skipped as silent if its no-speech probability is above
    `no_speech_prob` and its average log-probability not above `avg_log_prob`. `language` matters
    to multilingual models. With `words` they are timed; segments then begin and end with them, and
    a window that ends in the middle of a sentence is continued behind its last word.
    """

    language: str = "en"
    no_speech_prob: float = 0.6
    avg_log_prob: float = -1.0
    words: bool = False

    def __post_init__(self) -> None:
        """Refuse a threshold that is no probability."""
        if not 0.0 <= self.no_speech_prob <= 1.0:
            raise ValueError(f"no_speech_prob is {self.no_speech_prob}; expected 0 to 1")


def transcribe(
    model: Model, pcm: NDArray[np.float32], options: Options | None = None
) -> Transcript:
    """Return what is said in pcm: mono float32 at 16 kHz, shape (n,), any length.

    Greedy, temperature 0 without fallback, timestamps on and windows sought by them, no
    condition on previous text. Less than a mel frame (160 values) of audio has no text.

    Raises AudioError if pcm is empty or not finite, EngineError if the model's numbers overflow.
    """
    options, stages = options or Options(), Stages()
    prompt = model.tokenizer.prompt(options.language)
    with stages.time("log_mel"):
        frames = log_mel.log_mel(pcm, model.dims.bins)
    tokens: list[int] = []
    kept: list[Decoded] = []
    said: list[Segment] = []
    seek, spoken_s = 0, 0.0
    while seek < len(frames):
        window = frames[seek : seek + model.dims.frames]
        with stages.time("encoder"):
            states = encoder.encode(model.weights, window)
        with stages.time("cross_kv"):
            cross = decoder.cross_kv(model.weights, states)
        found = search.greedy(model, cross, prompt, stages)
        tokens += found.tokens
        if _silent(found, options):
            seek += len(window)
            continue
        kept.append(found)
        began, begin = seek, model.tokenizer.timestamp_begin
        cuts, seek = segments.split(found.tokens, begin, seek, len(window))
        timed = timing.without_words(cuts)
        if options.words:
            with stages.time("words"):
                spoken = timing.Window(prompt, options.language, began, len(window), spoken_s)
                timed = timing.time_words(model, cross, spoken, cuts)
            spoken_s = timing.end_of(timed)
            behind = round(spoken_s * FRAMES_PER_S)
            if behind > began and not segments.finishes(found.tokens, begin):
                seek = behind
        said += [
            Segment(
                part.start_s,
                part.end_s,
                text.decode(errors="replace"),
                cut.tokens,
                found.avg_log_prob,
                found.no_speech_prob,
                words=part.words(),
            )
            for cut, part in zip(cuts, timed, strict=True)
            if (text := model.tokenizer.text(cut.tokens)).strip() and part.start_s < part.end_s
        ]
    return Transcript(
        text="".join(segment.text for segment in said),
        tokens=tuple(tokens),
        segments=tuple(said),
        avg_log_prob=_mean([found.avg_log_prob for found in kept]),
        no_speech_prob=_mean([found.no_speech_prob for found in kept]),
        stages=stages.seconds,
    )


def _silent(found: Decoded, options: Options) -> bool:
    return (
        found.no_speech_prob > options.no_speech_prob and found.avg_log_prob <= options.avg_log_prob
    )


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
