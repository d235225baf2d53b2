"""A model is refused unless its three files are whole and fit together."""

import json
import struct
from dataclasses import replace

import numpy as np
import pytest

from asrbench.errors import ModelError
from asrbench.speech import synthetic
from asrbench.speech.oracle import config, ct2_file, kv_cache, model, weights
from asrbench.speech.oracle.weights import Dims, Weights

SHAPE = synthetic.TINY
FILES = synthetic.files(SHAPE)


def test_the_sizes_are_those_of_the_file() -> None:
    assert model.read(*FILES).dims == SHAPE.dims
    assert SHAPE.dims.frames == 32


def test_a_vocabulary_of_another_size_is_refused() -> None:
    other = synthetic.vocabulary_txt(synthetic.SHAPES["dims-of-8"])

    with pytest.raises(ModelError, match="vocabulary has 285 tokens; expected 282"):
        model.read(FILES[0], FILES[1], other)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (b"", "config.json is not JSON"),
        (b"[" * 100_000, "config.json is not JSON"),
        (b"[]", "config.json holds a list; expected an object"),
        (b'{"suppress_ids": 3}', "suppress_ids is 3; expected a list of token ids"),
        (b'{"suppress_ids": [true]}', "suppress_ids has True; expected 0 to 9"),
        (b'{"suppress_ids": [10]}', "suppress_ids has 10; expected 0 to 9"),
        (b'{"suppress_ids_begin": [-1]}', "suppress_ids_begin has -1; expected 0 to 9"),
    ],
)
def test_a_damaged_config_is_refused(text: bytes, complaint: str) -> None:
    with pytest.raises(ModelError, match=complaint):
        config.read(text, vocabulary=10)


def test_a_config_without_lists_suppresses_nothing() -> None:
    assert config.read(b'{"suppress_ids": null}', 10) == config.Config((), ())


def renamed(old: bytes, new: bytes) -> bytes:
    assert len(old) == len(new)
    assert old in FILES[0]
    return FILES[0].replace(old, new)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (renamed(b"WhisperSpec", b"WhimperSpec"), "is 'WhimperSpec' revision 3; expected"),
        (renamed(b"encoder/num_heads", b"encoder/num_hands"), "no variable 'encoder/num_heads'"),
        (renamed(b"encoder/conv1/weight", b"encoder/conv9/weight"), "no encoder/conv1/weight"),
        (renamed(b"decoder/layer_norm/beta", b"decoder/layer_norm/bets"), "norm/beta"),
        (renamed(b"coder/layer_0/s", b"coder/layer_7/s"), "encoder_layers is 0; expected at"),
    ],
)
def test_a_model_without_an_array_is_refused_by_name(data: bytes, complaint: str) -> None:
    with pytest.raises(ModelError, match=complaint):
        weights.read(data)


def test_an_array_of_another_shape_is_refused() -> None:
    whisper = model.read(*FILES)
    arrays = {**whisper.weights.arrays, "encoder/conv1/bias": np.zeros(9, np.float32)}

    with pytest.raises(ModelError, match=r"conv1/bias has shape \(9,\); expected \(8,\)"):
        Weights(whisper.dims, arrays)


def test_a_weight_that_is_not_finite_is_refused() -> None:
    whisper = model.read(*FILES)
    arrays = {**whisper.weights.arrays, "encoder/conv1/bias": np.full(8, np.inf, np.float32)}

    with pytest.raises(ModelError, match="encoder/conv1/bias has values that are not finite"):
        Weights(whisper.dims, arrays)


def test_an_activation_that_we_do_not_compute_is_refused() -> None:
    at = ct2_file.read(FILES[0]).variables["decoder/activation"].offset
    damaged = FILES[0][:at] + b"\x00" + FILES[0][at + 1 :]

    with pytest.raises(ModelError, match="decoder/activation is 0; expected 3"):
        weights.read(damaged)


def test_heads_that_do_not_divide_the_state_are_refused() -> None:
    with pytest.raises(ModelError, match="state 8 is no multiple of heads 3"):
        replace(SHAPE.dims, heads=3)


def test_a_size_of_nothing_is_refused() -> None:
    with pytest.raises(ModelError, match="bins is 0; expected at least 1"):
        Dims(0, 1, 1, 1, 1, 1, 1, 1)


def test_a_cache_fills_from_the_front() -> None:
    cache = kv_cache.empty(SHAPE.dims)
    row = np.ones((1, 8), np.float32)
    cache.append(0, row, row)
    cache.length = 1

    keys, values = cache.append(0, 2 * row, 3 * row)

    assert keys[:, 0].tolist() == [1, 2]
    assert values[:, 0].tolist() == [1, 3]


def test_the_config_of_a_synthetic_model_is_read_whole() -> None:
    ids = json.loads(FILES[1])

    read = model.read(*FILES).config
    assert list(read.suppress_ids) == ids["suppress_ids"]
    assert list(read.suppress_ids_begin) == ids["suppress_ids_begin"]


def test_a_projection_with_values_of_its_own_is_refused() -> None:
    untied = renamed(b"decoder/projection/weight\0", b"decoder/projection/waight\0")
    name = b"decoder/projection/weight"
    own = struct.pack("<H", len(name) + 1) + name + b"\0" + struct.pack("<BBI", 0, 1, 1) + b"1"
    at = untied.index(b"\x13\x00decoder/activation")
    count = struct.unpack_from("<I", untied, at - 4)[0]
    data = untied[: at - 4] + struct.pack("<I", count + 1) + own + untied[at:]

    with pytest.raises(ModelError, match="expected an alias"):
        weights.read(data)


def test_an_array_of_integers_is_no_weight() -> None:
    at = ct2_file.read(FILES[0]).variables["decoder/layer_norm/beta"].offset
    damaged = bytearray(FILES[0])
    damaged[at - 5] = 3  # the dtype stands before the u32 size; int32 needs twice the bytes
    damaged[at - 9 : at - 5] = struct.pack("<I", 4)

    with pytest.raises(ModelError, match="decoder/layer_norm/beta is int32"):
        weights.read(bytes(damaged))
