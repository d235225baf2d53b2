"""The whole line: pcm -> log_mel -> encoder states -> tokens -> text, window after window."""

import numpy as np
from numpy.typing import NDArray

from asrbench.speech.oracle import decoder, encoder, log_mel, prompt, search, segments, timing
from asrbench.speech.oracle.fallback import decode, silent
from asrbench.speech.oracle.model import Model
from asrbench.speech.oracle.options import Options
from asrbench.speech.oracle.search import Decoded
from asrbench.speech.oracle.segments import Cut
from asrbench.speech.oracle.stages import Stages
from asrbench.speech.oracle.timing import Timed
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
    tokenizer, task = model.tokenizer, tuple[int, ...]()
    language, probability = options.language or "en", 1.0
    if options.language or not tokenizer.multilingual:
        task = tokenizer.prompt(language, options.translate)
    with stages.time("log_mel"):
        frames = log_mel.log_mel(pcm, model.dims.bins)
    tokens: list[int] = []
    kept: list[Decoded] = []
    said: list[Segment] = []
    previous = list(options.prompt)
    seek, spoken_s = 0, 0.0
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
        began, begin = seek, tokenizer.timestamp_begin
        cuts, seek = segments.split(found.tokens, begin, seek, len(window))
        timed = timing.without_words(cuts)
        if options.words:
            with stages.time("words"):
                spoken = timing.Window(task, language, began, len(window), spoken_s)
                timed = timing.time_words(model, cross, spoken, cuts)
            spoken_s = timing.end_of(timed)
            behind = round(spoken_s * FRAMES_PER_S)
            if behind > began and not segments.finishes(found.tokens, begin):
                seek = behind
        for cut, part in zip(cuts, timed, strict=True):
            text = tokenizer.text(cut.tokens)
            if text.strip() and part.start_s < part.end_s:
                said.append(_segment(cut, part, text, found))
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


def _segment(cut: Cut, part: Timed, text: bytes, found: Decoded) -> Segment:
    return Segment(
        part.start_s,
        part.end_s,
        text.decode(errors="replace"),
        cut.tokens,
        found.avg_log_prob,
        found.no_speech_prob,
        found.temperature,
        found.compression_ratio,
        part.words(),
    )


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
