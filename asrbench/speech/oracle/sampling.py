"""Draws texts of a window at a temperature, and takes the likeliest of them.

A token is drawn with probabilities exp(logit / temperature), as OpenAI's whisper does; a text's
probability is without the temperature. A draw belongs to its place: the finaliser of SplitMix64
(Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators") mixes it.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from asrbench.speech.oracle.search import Decoded, Window

NOTHING = -40.0  # the natural logarithm of a share that counts as 0
_WORD = (1 << 64) - 1


def draw(*place: int) -> float:
    """Return a number from 0 to below 1 for a seed, window, attempt, text and step."""
    state = 0
    for part in place:
        state = _mix(state ^ part)
    return (state >> 11) * 2.0**-53


def token_at(log_probs: NDArray[np.float64], temperature: float, drawn: float) -> int:
    """Return the token that the share `drawn` of all probabilities leads to.

    log_probs are (vocabulary,), one of them not -inf.
    """
    powers = (log_probs - log_probs.max()) / temperature
    shares = np.where(powers < NOTHING, 0.0, np.exp(np.maximum(powers, NOTHING)))
    sums = np.cumsum(shares)
    reached = np.flatnonzero((sums > drawn * sums[-1]) & (shares > 0))
    return int(reached[0]) if len(reached) else int(np.flatnonzero(shares)[-1])


def sampled(
    window: Window,
    best_of: int,
    temperature: float,
    length_penalty: float,
    place: Sequence[int],
) -> Decoded:
    """Return the best of `best_of` texts; `place` is the seed, the window and the attempt."""
    texts = [_text(window, temperature, (*place, number)) for number in range(best_of)]
    tokens, log_prob = max(texts, key=lambda t: t[1] / max(1, len(t[0])) ** length_penalty)
    return window.found(tokens, log_prob)


def _text(window: Window, temperature: float, place: tuple[int, ...]) -> tuple[list[int], float]:
    cache, logits = window.cache.copy(), window.logits
    tokens: list[int] = []
    total = 0.0
    while True:
        log_probs = window.log_probs(logits, tokens)
        token = token_at(log_probs, temperature, draw(*place, len(tokens)))
        total += float(log_probs[token])
        if token == window.model.tokenizer.eot:
            return tokens, total
        tokens.append(token)
        if len(tokens) == window.most:
            return tokens, total
        logits = window.step(cache, token)


def _mix(x: int) -> int:
    x = (x + 0x9E3779B97F4A7C15) & _WORD
    x = ((x ^ x >> 30) * 0xBF58476D1CE4E5B9) & _WORD
    x = ((x ^ x >> 27) * 0x94D049BB133111EB) & _WORD
    return x ^ x >> 31
