"""Greedy search behind text that stands: what a stream has committed is not asked again."""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from asrbench.errors import EngineError, OptionError
from asrbench.speech.oracle import decoder, kv_cache
from asrbench.speech.oracle.alignment import smooth
from asrbench.speech.oracle.attention import softmax
from asrbench.speech.oracle.decoder import CrossKv
from asrbench.speech.oracle.model import Model
from asrbench.speech.oracle.search import obey

Array = NDArray[np.float32]


class Continued(TypedDict):
    """What follows the tokens that stand.

    Each token has a probability among those that were allowed, and the state of the audio that the
    alignment heads saw most as it was chosen. `avg_log_prob` is the mean natural logarithm of the
    probabilities and of what ended them, `no_speech_prob` the share of <|nospeech|> behind
    <|startoftranscript|>.
    """

    tokens: list[int]
    probabilities: list[float]
    frames: list[int]
    avg_log_prob: float
    no_speech_prob: float


def continue_text(
    model: Model,
    cross: CrossKv,
    given: tuple[Sequence[int], Sequence[int]],
    most: int,
    frames: int,
) -> Continued:
    """Return the likeliest token at each step until end-of-text, at most `most` of them.

    They follow what is given: the prompt, and what stands, which begins with a timestamp if it is
    not empty. With those that stand they are no more than half the text context. The first `frames`
    states of the window, at least 1, are audio. Raises OptionError for standing tokens that no
    window begins with, EngineError as `search.greedy`.
    """
    prompt, standing = given
    _expect(model, standing)
    cache = kv_cache.empty(model.dims)
    seen: list[Array] = []
    logits = decoder.step(model.weights, cross, cache, [*prompt, *standing], seen)
    no_speech_prob = float(softmax(logits[0])[model.tokenizer.no_speech])
    most = min(most, model.dims.text_context // 2 - len(standing))
    tokens: list[int] = []
    probabilities: list[float] = []
    looks: list[int] = []
    last = 1.0  # probability of what ended them
    while len(tokens) < most:
        if not np.isfinite(logits).all():
            raise EngineError("logits are not finite")
        allowed = obey(model, logits[-1], [*standing, *tokens])
        token = int(allowed.argmax())
        if allowed[token] == -np.inf:
            raise EngineError(f"no token may follow {tokens}; config.json suppresses too many")
        probability = float(softmax(allowed)[token])
        if token == model.tokenizer.eot:
            last = probability
            break
        tokens.append(token)
        probabilities.append(probability)
        looks.append(_peak(model, seen, frames))
        if len(tokens) < most:
            seen = []
            logits = decoder.step(model.weights, cross, cache, [token], seen)
    total = float(np.log([*probabilities, last]).sum())
    return {
        "tokens": tokens,
        "probabilities": probabilities,
        "frames": looks,
        "avg_log_prob": min(0.0, total / (len(tokens) + 1)),
        "no_speech_prob": min(1.0, no_speech_prob),
    }


def _peak(model: Model, seen: Sequence[Array], frames: int) -> int:
    """Return the state that the alignment heads saw most in the last step: AlignAtt's place."""
    shares = [softmax(seen[layer][head, -1:, :frames]) for layer, head in model.alignment_heads]
    total: Array = np.sum(shares, axis=0, dtype=np.float32)
    return int(smooth(total)[0].argmax())


def _expect(model: Model, standing: Sequence[int]) -> None:
    ids = model.tokenizer
    if standing and standing[0] < ids.timestamp_begin:
        raise OptionError(f"the first standing token is {standing[0]}; expected a timestamp")
    for token in standing:
        if not (0 <= token < ids.eot or ids.timestamp_begin <= token < ids.size):
            raise OptionError(f"a standing token is {token}; expected text or a timestamp")
    if len(standing) > model.dims.text_context // 2:
        raise OptionError(f"{len(standing)} tokens stand; expected at most half the text context")
