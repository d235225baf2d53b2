"""Names the arrays of a model as OpenAI's whisper does, whose names whisper.cpp took over.

Source: the modules of `whisper/model.py`, whose `state_dict` has these names.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from asrbench.speech.oracle.weights import Array, Weights


def arrays(weights: Weights) -> Iterator[tuple[str, Array]]:
    """Yield every array of the model as float32 under OpenAI's name, each of its own shape there.

    Query, key and value lie apart there. OpenAI's keys have no bias, so that one is left out, which
    changes nothing: it adds the same to all scores of a query, and softmax does not see that.
    """
    for conv in ("conv1", "conv2"):
        yield from _linear(weights, f"encoder/{conv}", f"encoder.{conv}")
    for side, norm in (("encoder", "ln_post"), ("decoder", "ln")):
        yield f"{side}.positional_embedding", weights[f"{side}/position_encodings/encodings"]
        yield from _norm(weights, side, f"{side}.{norm}")
    yield "decoder.token_embedding.weight", weights["decoder/embeddings/weight"]
    for layer in range(weights.dims.encoder_layers):
        yield from _block(weights, f"encoder/layer_{layer}", f"encoder.blocks.{layer}")
    for layer in range(weights.dims.decoder_layers):
        ours, theirs = f"decoder/layer_{layer}", f"decoder.blocks.{layer}"
        yield from _block(weights, ours, theirs)
        yield from _attention(weights, f"{ours}/attention", f"{theirs}.cross_attn", fused=2)


def _block(weights: Weights, ours: str, theirs: str) -> Iterator[tuple[str, Array]]:
    """Yield what every layer has: self-attention and a feed-forward block."""
    yield from _attention(weights, f"{ours}/self_attention", f"{theirs}.attn", fused=1)
    yield from _norm(weights, f"{ours}/ffn", f"{theirs}.mlp_ln")
    yield from _linear(weights, f"{ours}/ffn/linear_0", f"{theirs}.mlp.0")
    yield from _linear(weights, f"{ours}/ffn/linear_1", f"{theirs}.mlp.2")


def _attention(weights: Weights, ours: str, theirs: str, fused: int) -> Iterator[tuple[str, Array]]:
    """Yield an attention whose first `fused` linear layers are, stacked, query, key and value."""
    yield from _norm(weights, ours, f"{theirs}_ln")
    for part in ("weight", "bias"):
        stacked = np.concatenate([weights[f"{ours}/linear_{i}/{part}"] for i in range(fused)])
        for name, array in zip(("query", "key", "value"), np.split(stacked, 3), strict=True):
            if (name, part) != ("key", "bias"):
                yield f"{theirs}.{name}.{part}", array
    yield from _linear(weights, f"{ours}/linear_{fused}", f"{theirs}.out")


def _linear(weights: Weights, ours: str, theirs: str) -> Iterator[tuple[str, Array]]:
    for part in ("weight", "bias"):
        yield f"{theirs}.{part}", weights[f"{ours}/{part}"]


def _norm(weights: Weights, ours: str, theirs: str) -> Iterator[tuple[str, Array]]:
    yield f"{theirs}.weight", weights[f"{ours}/layer_norm/gamma"]
    yield f"{theirs}.bias", weights[f"{ours}/layer_norm/beta"]
