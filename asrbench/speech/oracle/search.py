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
from asrbench.speech.oracle.kv_cache import KvCache
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
    temperature: float = 0.0
    compression_ratio: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is no probability."""
        if not (self.avg_log_prob <= 0.0 and 0.0 <= self.no_speech_prob <= 1.0):
            raise ValueError(
                f"avg_log_prob is {self.avg_log_prob}, no_speech_prob {self.no_speech_prob}; "
                "expected <= 0 and 0 to 1"
            )


@dataclass(frozen=True, slots=True)
class Window:
    """A window that is searched: its prompt has been read, and what follows it is `logits`.

    Invariants: `logits` are (vocabulary,); every text begins behind the tokens of `cache`, which
    nobody changes; a text has at most `most` tokens.
    """

    model: Model
    cross: CrossKv
    stages: Stages
    max_initial: int
    cache: KvCache
    logits: Array
    most: int
    no_speech_prob: float

    def __post_init__(self) -> None:
        """Refuse a window in which nothing can be said."""
        if self.most < 1:
            raise ValueError(f"{self.most} tokens may be said; expected 1 or more")

    def step(self, cache: KvCache, token: int) -> Array:
        """Append a token to a text's own cache; return the logits behind it, (vocabulary,)."""
        with self.stages.time("decoder"):
            logits = decoder.step(self.model.weights, self.cross, cache, [token])[0]
        if not np.isfinite(logits).all():
            raise EngineError(f"logits behind token {token} are not finite")
        return logits

    def log_probs(self, logits: Array, sampled: Sequence[int]) -> NDArray[np.float64]:
        """Return the natural logarithms of what may follow, (vocabulary,): -inf of the rest.

        Raises EngineError if nothing may.
        """
        with self.stages.time("search"):
            allowed = obey(self.model, logits, sampled, self.max_initial)
            if allowed.max() == -np.inf:
                raise EngineError(f"no token may follow {sampled}; config.json suppresses too many")
            found: NDArray[np.float64] = allowed.astype(np.float64) - _log_sum_exp(allowed)
            return found

    def found(self, tokens: Sequence[int], log_prob: float) -> Decoded:
        """Return a text with its average."""
        average = min(0.0, log_prob / (len(tokens) + 1))
        return Decoded(tuple(tokens), average, self.no_speech_prob)


def begin(
    model: Model,
    cross: CrossKv,
    prompt: Sequence[int],
    stages: Stages,
    max_initial: int = MAX_INITIAL_TIMESTAMP,
) -> Window:
    """Read a prompt with one <|startoftranscript|>.

    Raises EngineError if the model's logits are not finite.
    """
    cache, context = kv_cache.empty(model.dims), model.dims.text_context
    with stages.time("decoder"):
        logits = decoder.step(model.weights, cross, cache, list(prompt))
    if not np.isfinite(logits).all():
        raise EngineError(f"logits behind token {prompt[-1]} are not finite")
    start = list(prompt).index(model.tokenizer.sot)
    no_speech_prob = float(softmax(logits[start])[model.tokenizer.no_speech])
    most = min(context // 2, context + 1 - len(prompt))
    return Window(
        model, cross, stages, max_initial, cache, logits[-1], most, min(1.0, no_speech_prob)
    )


def greedy(model: Model, cross: CrossKv, prompt: Sequence[int], stages: Stages) -> Decoded:
    """Return the likeliest token at each step until end-of-text, at most half the text context.

    Raises EngineError if the model's logits are not finite or no token is allowed.
    """
    return likeliest(begin(model, cross, prompt, stages))


def likeliest(window: Window) -> Decoded:
    """Return the same of a window whose prompt has been read."""
    cache, logits = window.cache.copy(), window.logits
    sampled: list[int] = []
    total = 0.0
    while True:
        found = window.log_probs(logits, sampled)
        token = int(found.argmax())
        total += float(found[token])
        if token == window.model.tokenizer.eot:
            break
        sampled.append(token)
        if len(sampled) == window.most:
            break
        logits = window.step(cache, token)
    return window.found(sampled, total)


def obey(
    model: Model, logits: Array, sampled: Sequence[int], max_initial: int = MAX_INITIAL_TIMESTAMP
) -> Array:
    """Return the logits with -inf where a token may not follow those sampled in this window.

    logits is (vocabulary,); `sampled`, if not empty, begins with a timestamp. Timestamps come in
    pairs, except before end-of-text; no segment ends before or where it began, none begins before
    the last one's end; a window begins with a timestamp of at most `max_initial` steps of 20 ms;
    and where all timestamps together are likelier than the likeliest other token, one of them it
    is.
    """
    ids = model.tokenizer
    allowed: Array = logits.copy()
    allowed[list(model.config.suppress_ids)] = -np.inf
    allowed[ids.no_timestamps] = -np.inf
    text, times = allowed[: ids.timestamp_begin], allowed[ids.timestamp_begin :]  # views
    if not sampled:
        allowed[list(model.config.suppress_ids_begin)] = -np.inf
        text[:] = -np.inf
        times[max_initial + 1 :] = -np.inf
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
