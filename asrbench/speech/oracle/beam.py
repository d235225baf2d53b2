"""Beam search: the likeliest texts grow side by side, and the best that ended is taken.

Source of what ends a text and the search: CTranslate2's beam search, which faster-whisper uses.
Patience: Kasai et al., arXiv 2204.05424. Length penalty: Wu et al., arXiv 1609.08144, without its
constants: a text's log-probability is divided by its length to the power of the penalty.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asrbench.speech.oracle.kv_cache import KvCache
from asrbench.speech.oracle.search import Decoded, Window


@dataclass(frozen=True, slots=True)
class Text:
    """A text that grows, with a cache of its own and the logits of what follows.

    Invariants: `log_prob` is the sum of the natural logarithms of its tokens' probabilities.
    """

    tokens: tuple[int, ...]
    log_prob: float
    cache: KvCache
    logits: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Refuse what is no logarithm of a probability."""
        if not self.log_prob <= 1e-6:
            raise ValueError(f"log_prob is {self.log_prob}; expected 0 or less")


def beam(window: Window, size: int, patience: float, length_penalty: float) -> Decoded:
    """Return the best text of those that `size` beams end in.

    A step takes the 2 size likeliest continuations of all texts. Of the first `size`, those that
    end are kept, and the next likeliest that do not end take their places. The search is over when
    round(size patience) texts have ended, or with a penalty of 0 when the likeliest ends.
    """
    eot, wanted = window.model.tokenizer.eot, int(size * patience + 0.5)
    texts = [Text((), 0.0, window.cache.copy(), window.logits)]
    ended: list[tuple[tuple[int, ...], float]] = []
    for length in range(1, window.most + 1):
        candidates = _candidates(window, texts, 2 * size)
        ends = [token == eot or length == window.most for _, _, token in candidates]
        going = [c for c, end in zip(candidates[:size], ends[:size], strict=True) if not end]
        for (log_prob, text, token), end in zip(candidates[:size], ends[:size], strict=True):
            if end:
                ended.append((text.tokens if token == eot else (*text.tokens, token), log_prob))
        spare = [c for c in candidates[size:] if c[2] != eot]
        going += spare[: len(candidates[:size]) - len(going)]
        over = candidates[0][2] == eot if length_penalty == 0 else len(ended) >= wanted
        if over or not going or length == window.most:
            break
        texts = [_continued(window, *candidate) for candidate in going]
    tokens, log_prob = max(ended, key=lambda end: end[1] / max(1, len(end[0])) ** length_penalty)
    return window.found(tokens, log_prob)


def _candidates(window: Window, texts: list[Text], count: int) -> list[tuple[float, Text, int]]:
    """Return the likeliest continuations that are allowed, the likeliest first."""
    found = []
    for text in texts:
        log_probs = window.log_probs(text.logits, text.tokens)
        best = np.argsort(-log_probs, kind="stable")[:count]
        found += [
            (text.log_prob + float(log_probs[token]), text, int(token))
            for token in best
            if log_probs[token] > -np.inf
        ]
    return sorted(found, key=lambda candidate: -candidate[0])[:count]


def _continued(window: Window, log_prob: float, text: Text, token: int) -> Text:
    cache = text.cache.copy()
    logits = window.step(cache, token)
    return Text((*text.tokens, token), log_prob, cache, logits)
