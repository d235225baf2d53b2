"""Turns a window of log-mel into encoder states.

Source: OpenAI's whisper, `whisper/model.py`, AudioEncoder.
"""

import numpy as np
from numpy.typing import NDArray

from asrbench.speech.oracle.attention import attend
from asrbench.speech.oracle.gelu import gelu
from asrbench.speech.oracle.weights import Weights

Array = NDArray[np.float32]


def encode(weights: Weights, log_mel: Array) -> Array:
    """Return the states of one window: shape (audio_context, state).

    log_mel is (frames, bins), frames <= 2 * audio_context, padded here with 0.0 to the full
    window (0.0 in the normalised log-mel, as OpenAI's pad_or_trim does, not silence).

    Raises ValueError if it has another number of bins or too many frames.
    """
    dims = weights.dims
    if log_mel.ndim != 2 or log_mel.shape[1] != dims.bins or len(log_mel) > dims.frames:
        raise ValueError(
            f"log_mel has shape {log_mel.shape}; expected (at most {dims.frames}, {dims.bins})"
        )
    window = np.pad(log_mel, ((0, dims.frames - len(log_mel)), (0, 0)))
    x = gelu(_convolve(weights, "encoder/conv1", window, stride=1))
    x = gelu(_convolve(weights, "encoder/conv2", x, stride=2))
    x = x + weights["encoder/position_encodings/encodings"]
    for layer in range(dims.encoder_layers):
        x = x + _self_attention(weights, f"encoder/layer_{layer}/self_attention", x)
        x = x + feed_forward(weights, f"encoder/layer_{layer}/ffn", x)
    return weights.layer_norm("encoder", x)


def feed_forward(weights: Weights, name: str, x: Array) -> Array:
    """Return a block's two linear layers with GELU between: (rows, state) -> (rows, state)."""
    hidden = gelu(weights.linear(f"{name}/linear_0", weights.layer_norm(name, x)))
    return weights.linear(f"{name}/linear_1", hidden)


def _self_attention(weights: Weights, name: str, x: Array) -> Array:
    q, k, v = np.split(weights.linear(f"{name}/linear_0", weights.layer_norm(name, x)), 3, axis=1)
    return weights.linear(f"{name}/linear_1", attend(q, k, v, weights.dims.heads))


def _convolve(weights: Weights, name: str, x: Array, stride: int) -> Array:
    """Return a convolution over time, kernel 3, one frame of zeros at both ends.

    x is (time, in), the weight (out, in, 3); the result is (time / stride, out).
    """
    weight = weights[f"{name}/weight"]
    padded = np.pad(x, ((1, 1), (0, 0)))
    taps = [padded[tap : tap + len(x) : stride] @ weight[:, :, tap].T for tap in range(3)]
    result: Array = taps[0] + taps[1] + taps[2] + weights[f"{name}/bias"]
    return result
