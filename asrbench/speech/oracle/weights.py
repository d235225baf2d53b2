"""Names the arrays of a Whisper model, each checked against the sizes the file itself declares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asrbench.errors import ModelError
from asrbench.speech.oracle import ct2_file
from asrbench.speech.oracle.ct2_file import Ct2File

Array = NDArray[np.float32]
Shape = tuple[int, ...]

# What the oracle and its twin compute; another value of these scalars is another model.
ASSUMED = {
    "decoder/activation": 3,  # exact GELU
    "decoder/pre_norm": 1,
    "decoder/scale_embeddings": 0,
    "decoder/start_from_zero_embedding": 0,
    "decoder/alibi": 0,
}


@dataclass(frozen=True, slots=True)
class Dims:
    """The sizes of a model.

    Invariants: all are positive; `state` is a multiple of `heads`; a window is
    `2 * audio_context` mel frames. The hidden layer of a feed-forward block is `4 * state`. Half
    of `text_context` has room for a prompt of three.
    """

    bins: int
    audio_context: int
    state: int
    heads: int
    encoder_layers: int
    decoder_layers: int
    vocabulary: int
    text_context: int

    def __post_init__(self) -> None:
        """Refuse sizes that no model has."""
        for name in self.__slots__:
            if getattr(self, name) < 1:
                raise ModelError(f"dims: {name} is {getattr(self, name)}; expected at least 1")
        if self.state % self.heads:
            raise ModelError(f"dims: state {self.state} is no multiple of heads {self.heads}")
        if self.text_context < 6:
            raise ModelError(f"dims: text_context is {self.text_context}; expected at least 6")

    @property
    def frames(self) -> int:
        """The mel frames of a full window."""
        return 2 * self.audio_context


@dataclass(frozen=True, slots=True)
class Weights:
    """A model's arrays as float32 under CTranslate2's names.

    Invariants: `arrays` has every name of `shapes(dims)` in that shape, all values finite.
    """

    dims: Dims
    arrays: Mapping[str, Array]

    def __post_init__(self) -> None:
        """Refuse a model that lacks an array, or has it in another shape or with NaN in it."""
        for name, shape in shapes(self.dims):
            if name not in self.arrays:
                raise ModelError(f"model.bin has no {name}; expected it with shape {shape}")
            if self.arrays[name].shape != shape:
                raise ModelError(f"{name} has shape {self.arrays[name].shape}; expected {shape}")
            if not np.isfinite(self.arrays[name]).all():
                raise ModelError(f"{name} has values that are not finite; the file is damaged")

    def __getitem__(self, name: str) -> Array:
        """Return an array by its name."""
        return self.arrays[name]

    def linear(self, name: str, x: Array) -> Array:
        """Return x @ weight.T + bias: x (rows, in), weight (out, in) -> (rows, out)."""
        result: Array = x @ self[f"{name}/weight"].T + self[f"{name}/bias"]
        return result

    def layer_norm(self, name: str, x: Array) -> Array:
        """Return each row of x with mean 0 and variance 1, scaled and shifted; eps is 1e-5."""
        centred = x - x.mean(axis=-1, keepdims=True)
        variance = np.square(centred).mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt(variance + np.float32(1e-5))
        result: Array = scaled * self[f"{name}/layer_norm/gamma"] + self[f"{name}/layer_norm/beta"]
        return result


def read(data: bytes) -> Weights:
    """Parse a whole model.bin.

    Raises ModelError if it is not a Whisper model of a known layout, or is damaged.
    """
    file = ct2_file.read(data)
    if (file.specification, file.revision) != ("WhisperSpec", 3):
        raise ModelError(
            f"model.bin is {file.specification!r} revision {file.revision}; "
            "expected 'WhisperSpec' revision 3"
        )
    for name, expected in ASSUMED.items():
        if name in file.variables and file.scalar(name) != expected:
            raise ModelError(f"{name} is {file.scalar(name)}; expected {expected}")
    embeddings = file.variables.get("decoder/embeddings/weight")
    if file.variables.get("decoder/projection/weight", embeddings) is not embeddings:
        raise ModelError("decoder/projection/weight has values of its own; expected an alias")
    dims = _dims(file)
    return Weights(dims, {name: file.float32(name) for name, _ in shapes(dims)})


def shapes(dims: Dims) -> Iterator[tuple[str, Shape]]:
    """Yield the name and the shape of every array of a model with these sizes."""
    state = dims.state
    yield "encoder/conv1/weight", (state, dims.bins, 3)
    yield "encoder/conv1/bias", (state,)
    yield "encoder/conv2/weight", (state, state, 3)
    yield "encoder/conv2/bias", (state,)
    yield "encoder/position_encodings/encodings", (dims.audio_context, state)
    for layer in range(dims.encoder_layers):
        yield from _block(f"encoder/layer_{layer}/self_attention", state, (3 * state, state))
        yield from _block(f"encoder/layer_{layer}/ffn", state, (4 * state, state))
    yield from _norm("encoder", state)
    yield "decoder/embeddings/weight", (dims.vocabulary, state)
    yield "decoder/position_encodings/encodings", (dims.text_context, state)
    for layer in range(dims.decoder_layers):
        yield from _block(f"decoder/layer_{layer}/self_attention", state, (3 * state, state))
        yield from _block(f"decoder/layer_{layer}/attention", state, (state, 2 * state, state))
        yield from _block(f"decoder/layer_{layer}/ffn", state, (4 * state, state))
    yield from _norm("decoder", state)


def _norm(name: str, state: int) -> Iterator[tuple[str, Shape]]:
    yield f"{name}/layer_norm/gamma", (state,)
    yield f"{name}/layer_norm/beta", (state,)


def _block(name: str, state: int, widths: Shape) -> Iterator[tuple[str, Shape]]:
    """Yield a layer norm and linear layers of these widths; all read `state` but the FFN's last."""
    yield from _norm(name, state)
    for index, width in enumerate(widths):
        reads = 4 * state if name.endswith("/ffn") and index == 1 else state
        yield f"{name}/linear_{index}/weight", (width, reads)
        yield f"{name}/linear_{index}/bias", (width,)


def _dims(file: Ct2File) -> Dims:
    def size(name: str, axis: int, rank: int) -> int:
        if name not in file.variables or len(file.variables[name].shape) != rank:
            raise ModelError(f"model.bin has no {name} of {rank} dimensions")
        return file.variables[name].shape[axis]

    def layers(side: str) -> int:
        count = 0
        while f"{side}/layer_{count}/self_attention/linear_0/weight" in file.variables:
            count += 1
        return count

    heads = {file.scalar("encoder/num_heads"), file.scalar("decoder/num_heads")}
    if len(heads) != 1:
        raise ModelError(f"encoder and decoder have {sorted(heads)} heads; expected the same")
    return Dims(
        bins=size("encoder/conv1/weight", 1, 3),
        audio_context=size("encoder/position_encodings/encodings", 0, 2),
        state=size("encoder/layer_norm/gamma", 0, 1),
        heads=heads.pop(),
        encoder_layers=layers("encoder"),
        decoder_layers=layers("decoder"),
        vocabulary=size("decoder/embeddings/weight", 0, 2),
        text_context=size("decoder/position_encodings/encodings", 0, 2),
    )
