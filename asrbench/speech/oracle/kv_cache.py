"""What the decoder remembers of the tokens before, so that each step computes only its own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asrbench.speech.oracle.weights import Dims

Array = NDArray[np.float32]


@dataclass(slots=True)
class KvCache:
    """Keys and values of every decoder layer for the positions decoded so far.

    Invariants: `keys` and `values` are (decoder_layers, text_context, state); the first `length`
    positions are filled. It belongs to one window of one thread.
    """

    keys: Array
    values: Array
    length: int = 0

    def __post_init__(self) -> None:
        """Refuse keys and values of different shapes."""
        if self.keys.ndim != 3 or self.keys.shape != self.values.shape:
            raise ValueError(
                f"keys are {self.keys.shape} and values {self.values.shape}; "
                "expected the same (layers, positions, state)"
            )

    def append(self, layer: int, k: Array, v: Array) -> tuple[Array, Array]:
        """Write k and v, (tokens, state), behind a layer's filled positions; return all of them.

        `length` grows only when the caller has been through all layers.
        """
        end = self.length + len(k)
        self.keys[layer, self.length : end] = k
        self.values[layer, self.length : end] = v
        return self.keys[layer, :end], self.values[layer, :end]

    def copy(self) -> "KvCache":
        """Return a cache of its own for another text that begins alike."""
        return KvCache(self.keys.copy(), self.values.copy(), self.length)


def empty(dims: Dims) -> KvCache:
    """Return a cache with room for the whole text context and nothing in it."""
    shape = (dims.decoder_layers, dims.text_context, dims.state)
    return KvCache(np.zeros(shape, np.float32), np.zeros(shape, np.float32))
