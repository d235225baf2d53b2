"""Turns encoder states and the tokens so far into logits for the next token.

Source: OpenAI's whisper, `whisper/model.py`, TextDecoder.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from asrbench.speech.oracle import kv_cache
from asrbench.speech.oracle.attention import attend, scores
from asrbench.speech.oracle.encoder import feed_forward
from asrbench.speech.oracle.kv_cache import KvCache
from asrbench.speech.oracle.weights import Weights

Array = NDArray[np.float32]
CrossKv = tuple[tuple[Array, Array], ...]


def cross_kv(weights: Weights, states: Array) -> CrossKv:
    """Return each layer's keys and values of the audio: pairs of (audio_context, state).

    states are (audio_context, state). They are the same for every token of a window.
    """
    pairs = []
    for layer in range(weights.dims.decoder_layers):
        both = weights.linear(f"decoder/layer_{layer}/attention/linear_1", states)
        keys, values = np.split(both, 2, axis=1)
        pairs.append((keys, values))
    return tuple(pairs)


def step(
    weights: Weights,
    cross: CrossKv,
    cache: KvCache,
    tokens: Sequence[int],
    seen: list[Array] | None = None,
) -> Array:
    """Return the logits behind each of the tokens: shape (len(tokens), vocabulary).

    The tokens follow those already in the cache, which grows by them. `seen`, if given, gets what
    each layer's heads think of the audio before softmax: shape (heads, len(tokens), audio_context).

    Raises ValueError if a token is not in the vocabulary or the text context is full.
    """
    dims, end = weights.dims, cache.length + len(tokens)
    if not tokens or not 0 <= min(tokens) <= max(tokens) < dims.vocabulary:
        raise ValueError(f"tokens are {list(tokens)}; expected ids from 0 to {dims.vocabulary - 1}")
    if end > dims.text_context:
        raise ValueError(f"{end} tokens; expected at most the text context, {dims.text_context}")
    positions = weights["decoder/position_encodings/encodings"][cache.length : end]
    x = weights["decoder/embeddings/weight"][list(tokens)] + positions
    for layer in range(dims.decoder_layers):
        name = f"decoder/layer_{layer}"
        x = x + _self_attention(weights, f"{name}/self_attention", x, cache, layer)
        x = x + _cross_attention(weights, f"{name}/attention", x, cross[layer], seen)
        x = x + feed_forward(weights, f"{name}/ffn", x)
    cache.length = end
    logits: Array = weights.layer_norm("decoder", x) @ weights["decoder/embeddings/weight"].T
    return logits


def logits(weights: Weights, states: Array, tokens: Sequence[int]) -> Array:
    """Return the logits behind each token of a given text: shape (len(tokens), vocabulary).

    states are (audio_context, state); tokens begin with the prompt. For tests (teacher forcing).
    """
    return step(weights, cross_kv(weights, states), kv_cache.empty(weights.dims), tokens)


def _self_attention(weights: Weights, name: str, x: Array, cache: KvCache, layer: int) -> Array:
    q, k, v = np.split(weights.linear(f"{name}/linear_0", weights.layer_norm(name, x)), 3, axis=1)
    keys, values = cache.append(layer, k, v)
    mixed = attend(q, keys, values, weights.dims.heads, past=cache.length)
    return weights.linear(f"{name}/linear_1", mixed)


def _cross_attention(
    weights: Weights,
    name: str,
    x: Array,
    cross: tuple[Array, Array],
    seen: list[Array] | None,
) -> Array:
    q = weights.linear(f"{name}/linear_0", weights.layer_norm(name, x))
    if seen is not None:
        seen.append(scores(q, cross[0], weights.dims.heads))
    return weights.linear(f"{name}/linear_2", attend(q, *cross, weights.dims.heads))
