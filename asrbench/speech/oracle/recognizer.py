"""The whole line: pcm -> log_mel -> encoder states -> tokens -> text, window after window."""

import numpy as np
from numpy.typing import NDArray

from asrbench.speech.oracle import decoder, encoder, log_mel, prompt, search, segments
from asrbench.speech.oracle.fallback import decode, silent
from asrbench.speech.oracle.model import Model
from asrbench.speech.oracle.options import Options
from asrbench.speech.oracle.search import Decoded
from asrbench.speech.oracle.segments import Cut
from asrbench.speech.oracle.stages import Stages
from asrbench.speech.transcript import Segment, Transcript

FRAMES_PER_S = log_mel.RATE_HZ // log_mel.HOP
TIMESTAMP_S = 0.02  # a step of timestamps


def transcribe(
    model: Model, pcm: NDArray[np.float32], options: Options | None = None
) -> Transcript:
    """Return what is said in pcm: mono float32 at 16 kHz, shape (n,), any length.

    Unless the options say otherwise: greedy, temperature 0 without fallback, timestamps on and
    windows sought by them, no condition on previous text. Less than a mel frame (160 values) of
    audio has no text.

    Raises AudioError if pcm is empty or not finite, EngineError if the model's numbers overflow.
    """
    options, stages = options or Options(), Stages()
    tokenizer, task = model.tokenizer, ()
    language, probability = options.language or "en", 1.0
    if options.language or not tokenizer.multilingual:
        task = tokenizer.prompt(language, options.translate)
    with stages.time("log_mel"):
        frames = log_mel.log_mel(pcm, model.dims.bins)
    tokens: list[int] = []
    kept: list[Decoded] = []
    said: list[Segment] = []
    previous = list(options.prompt)
    seek = 0
    while seek < len(frames):
        window = frames[seek : seek + model.dims.frames]
        with stages.time("encoder"):
            states = encoder.encode(model.weights, window)
        with stages.time("cross_kv"):
            cross = decoder.cross_kv(model.weights, states)
        if not task:
            language, probability = prompt.detect_language(model, cross)
            task = tokenizer.prompt(language, options.translate)
        told = prompt.prompt(model, options.hotwords, previous, task)
        max_initial = round(options.max_initial_timestamp_s / TIMESTAMP_S)
        found = decode(search.begin(model, cross, told, stages, max_initial), options, seek)
        tokens += found.tokens
        if silent(found, options):
            seek += len(window)
            continue
        kept.append(found)
        cuts, seek = segments.split(found.tokens, tokenizer.timestamp_begin, seek, len(window))
        for cut in cuts:
            text = tokenizer.text(cut.tokens)
            if text.strip() and cut.start < cut.end:
                said.append(_segment(cut, text, found))
                previous += cut.tokens
        if (
            not options.condition_on_previous_text
            or found.temperature > options.prompt_reset_temperature
        ):
            previous = []
    return Transcript(
        text="".join(segment.text for segment in said),
        tokens=tuple(tokens),
        segments=tuple(said),
        avg_log_prob=_mean([found.avg_log_prob for found in kept]),
        no_speech_prob=_mean([found.no_speech_prob for found in kept]),
        stages=stages.seconds,
        language=language if len(frames) else None,
        language_probability=probability if len(frames) else None,
    )


def _segment(cut: Cut, text: bytes, found: Decoded) -> Segment:
    return Segment(
        cut.start / FRAMES_PER_S,
        cut.end / FRAMES_PER_S,
        text.decode(errors="replace"),
        cut.tokens,
        found.avg_log_prob,
        found.no_speech_prob,
        found.temperature,
        found.compression_ratio,
    )


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
