"""Multi-head attention over whole sequences.

Source: Vaswani et al., arXiv 1706.03762, section 3.2.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def attend(q: Array, k: Array, v: Array, heads: int, past: int | None = None) -> Array:
    """Return softmax(q k^T / sqrt(d)) v of every head, side by side: shape (queries, state).

    q is (queries, state), k and v are (keys, state), d is state / heads. With `past` given, query
    i stands at position past + i and sees no key behind it; None lets every query see every key.
    """
    scored = scores(q, k, heads)
    if past is not None and len(q) > 1:
        scored += np.triu(np.full(scored.shape[1:], -np.inf, np.float32), past + 1)
    mixed = softmax(scored) @ _split(v, heads)
    joined: Array = mixed.transpose(1, 0, 2).reshape(q.shape)
    return joined


def scores(q: Array, k: Array, heads: int) -> Array:
    """Return q k^T / sqrt(d) of every head: shape (heads, queries, keys)."""
    depth = q.shape[1] // heads
    scored: Array = _split(q * np.float32(depth**-0.5), heads) @ _split(k, heads).transpose(0, 2, 1)
    return scored


def softmax(x: Array) -> Array:
    """Return exp(x) over its sum along the last axis, any shape."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    shares: Array = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def _split(x: Array, heads: int) -> Array:
    """Return (rows, state) as (heads, rows, state / heads)."""
    apart: Array = x.reshape(len(x), heads, -1).transpose(1, 0, 2)
    return apart
