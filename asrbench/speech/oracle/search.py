"""Chooses the tokens of a window: greedily, under Whisper's rules about timestamps.

Source of the rules: OpenAI's whisper, `whisper/decoding.py`, ApplyTimestampRules.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asrbench.errors import EngineError
from asrbench.speech.oracle import decoder, kv_cache
from asrbench.speech.oracle.attention import softmax
from asrbench.speech.oracle.decoder import CrossKv
from asrbench.speech.oracle.model import Model
from asrbench.speech.oracle.stages import Stages

Array = NDArray[np.float32]
MAX_INITIAL_TIMESTAMP = 50  # the first timestamp is at most this many steps of 0.02 s: 1 s


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the search found in a window.

    Invariants: `tokens` has no end-of-text. `avg_log_prob` is the sum of the natural logarithms
    of the chosen tokens' probabilities, end-of-text included, over `len(tokens) + 1`;
    `no_speech_prob` is the share of <|nospeech|> behind <|startoftranscript|>, 0 to 1.
    """

    tokens: tuple[int, ...]
    avg_log_prob: float
    no_speech_prob: float

    def __post_init__(self) -> None:
        """Refuse what is no probability."""
        if not (self.avg_log_prob <= 0.0 and 0.0 <= self.no_speech_prob <= 1.0):
            raise ValueError(
                f"avg_log_prob is {self.avg_log_prob}, no_speech_prob {self.no_speech_prob}; "
                "expected <= 0 and 0 to 1"
            )


def greedy(model: Model, cross: CrossKv, prompt: Sequence[int], stages: Stages) -> Decoded:
    """Return the likeliest token at each step until end-of-text, at most half the text context.

    Raises EngineError if the model's logits are not finite or no token is allowed.
    """
    cache = kv_cache.empty(model.dims)
    sampled: list[int] = []
    total, pending, no_speech_prob = 0.0, list(prompt), 0.0
    for _ in range(model.dims.text_context // 2):
        with stages.time("decoder"):
            logits = decoder.step(model.weights, cross, cache, pending)
        with stages.time("search"):
            if not np.isfinite(logits).all():
                raise EngineError(f"logits behind token {pending[-1]} are not finite")
            if not sampled:  # the first token of the prompt is <|startoftranscript|>
                no_speech_prob = float(softmax(logits[0])[model.tokenizer.no_speech])
            allowed = obey(model, logits[-1], sampled)
            token = int(allowed.argmax())
            if allowed[token] == -np.inf:
                raise EngineError(f"no token may follow {sampled}; config.json suppresses too many")
            total += float(allowed[token] - _log_sum_exp(allowed))
        if token == model.tokenizer.eot:
            break
        sampled.append(token)
        pending = [token]
    average = min(0.0, total / (len(sampled) + 1))
    return Decoded(tuple(sampled), average, min(1.0, no_speech_prob))


def obey(model: Model, logits: Array, sampled: Sequence[int]) -> Array:
    """Return the logits with -inf where a token may not follow those sampled in this window.

    logits is (vocabulary,); `sampled`, if not empty, begins with a timestamp. Timestamps come in
    pairs, except before end-of-text; no segment ends before or where it began, none begins before
    the last one's end; a window begins with a timestamp of at most 1 s; and where all timestamps
    together are likelier than the likeliest other token, one of them it is.
    """
    ids = model.tokenizer
    allowed: Array = logits.copy()
    allowed[list(model.config.suppress_ids)] = -np.inf
    allowed[ids.no_timestamps] = -np.inf
    text, times = allowed[: ids.timestamp_begin], allowed[ids.timestamp_begin :]  # views
    if not sampled:
        allowed[list(model.config.suppress_ids_begin)] = -np.inf
        text[:] = -np.inf
        times[MAX_INITIAL_TIMESTAMP + 1 :] = -np.inf
        return allowed
    was_time = [token >= ids.timestamp_begin for token in sampled[-2:]]
    if all(was_time):  # a pair is complete, or the window has just begun: something is said next
        times[:] = -np.inf
        return allowed
    last_time = max(token - ids.timestamp_begin for token in sampled)
    if was_time[-1]:  # a segment has ended: the next one begins, or the text ends
        text[: ids.eot] = -np.inf
        times[:last_time] = -np.inf
    else:
        times[: last_time + 1] = -np.inf
    if _log_sum_exp(times) > text.max():
        text[:] = -np.inf
    return allowed


def _log_sum_exp(logits: Array) -> float:
    """Return the logarithm of the summed exponentials, -inf where all logits are."""
    highest = float(logits.max())
    if highest == -np.inf:
        return highest
    return highest + float(np.log(np.exp(logits - highest, dtype=np.float64).sum()))
