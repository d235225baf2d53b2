"""Finds where each token of a text begins, out of what heads saw of the audio as it was read.

Source: OpenAI's whisper, `whisper/timing.py`, find_alignment: a head's probabilities are measured
against what it sees of a frame on average, smoothed, and the heads' mean is aligned with frames.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asrbench.errors import EngineError
from asrbench.speech.oracle import decoder, kv_cache
from asrbench.speech.oracle.attention import softmax
from asrbench.speech.oracle.decoder import CrossKv
from asrbench.speech.oracle.dtw import dtw
from asrbench.speech.oracle.model import Model

Array = NDArray[np.float32]
MEDIAN = 7  # frames of 20 ms


@dataclass(frozen=True, slots=True)
class Forced:
    """What comes of a text that is known.

    Invariants: `probabilities` has the probability of each token among tokens of text; `followed`
    is (text + 1, frames), what the alignment heads saw in the step that leads to each token and to
    end-of-text, standardised, smoothed and averaged.
    """

    probabilities: tuple[float, ...]
    followed: Array

    def __post_init__(self) -> None:
        """Refuse rows that are not those of the tokens."""
        if self.followed.ndim != 2 or len(self.followed) != len(self.probabilities) + 1:
            raise ValueError(
                f"followed is {self.followed.shape}; expected {len(self.probabilities) + 1} rows"
            )


def force(
    model: Model, cross: CrossKv, prompt: Sequence[int], text: Sequence[int], frames: int
) -> Forced:
    """Read prompt, <|notimestamps|>, text, <|endoftext|> at once over a window's keys and values.

    text are ids below end-of-text; frames, the encoder states of audio, are at least 1. Raises
    EngineError where the text does not fit the text context or numbers overflow.
    """
    ids = model.tokenizer
    tokens = [*prompt, ids.no_timestamps, *text, ids.eot]
    if len(tokens) > model.dims.text_context:
        raise EngineError(f"words of {len(tokens)} tokens; expected {model.dims.text_context}")
    scores: list[Array] = []  # of each layer: (heads, tokens, audio_context)
    logits = decoder.step(model.weights, cross, kv_cache.empty(model.dims), tokens, scores)
    first = len(prompt)
    chances = softmax(logits[first : first + len(text), : ids.eot])
    seen = [
        smooth(standardise(softmax(scores[layer][head, :, :frames])))
        for layer, head in model.alignment_heads
    ]
    mean: Array = np.mean(seen, axis=0, dtype=np.float32)
    followed = mean[first:-1]
    if not (np.isfinite(followed).all() and np.isfinite(chances).all()):
        raise EngineError("the model's attention or probabilities are not finite")
    return Forced(tuple(float(chances[i, token]) for i, token in enumerate(text)), followed)


def standardise(seen: Array) -> Array:
    """Return (rows, frames) with mean 0 and deviation 1 in each frame, or 0 where all are alike."""
    off = seen - seen.mean(axis=0, dtype=np.float32)
    deviation = np.sqrt(np.mean(off * off, axis=0, dtype=np.float32))
    measured: Array = np.divide(off, deviation, out=np.zeros_like(off), where=deviation > 0)
    return measured


def smooth(seen: Array) -> Array:
    """Return the median of the MEDIAN values around each, rows reflected at both ends.

    seen is (rows, frames). Rows of three values or fewer stay as they are.
    """
    reach = MEDIAN // 2
    if seen.shape[1] <= reach:
        return seen
    padded = np.pad(seen, ((0, 0), (reach, reach)), mode="reflect")
    around = np.lib.stride_tricks.sliding_window_view(padded, MEDIAN, axis=1)
    medians: Array = np.median(around, axis=-1)
    return medians


def beginnings(followed: Array) -> tuple[int, ...]:
    """Return the frame at which each row of followed, (rows, frames), begins."""
    return tuple(first for first, _ in dtw(-followed))
