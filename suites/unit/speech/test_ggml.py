"""A converted model holds what CTranslate2's file held, where whisper.cpp looks for it."""

import os
import struct
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from asrbench.errors import EngineError, ModelError
from asrbench.speech import ggml, openai, synthetic, weights
from asrbench.speech.oracle import model
from asrbench.speech.oracle.model import Model

HEAD = (
    *("vocabulary", "audio_context", "state", "heads", "encoder_layers"),
    *("text_context", "state", "heads", "decoder_layers", "bins"),
)


@dataclass(frozen=True)
class Ggml:
    """A ggml file taken apart again."""

    head: tuple[int, ...]
    filters: NDArray[np.float32]
    pieces: tuple[bytes, ...]
    arrays: dict[str, NDArray[np.generic]]


def taken_apart(data: bytes) -> Ggml:
    """Read a file as whisper.cpp's loader does, to its last byte."""
    at = 0

    def numbers(layout: str) -> tuple[int, ...]:
        nonlocal at
        found = struct.unpack_from(layout, data, at)
        at += struct.calcsize(layout)
        return found

    def values(shape: tuple[int, ...], dtype: str) -> NDArray[np.generic]:
        nonlocal at
        found = np.frombuffer(data, dtype, int(np.prod(shape)), at).reshape(shape)
        at += found.nbytes
        return found

    def text(length: int) -> bytes:
        return values((length,), "u1").tobytes()

    head = numbers("<12i")
    filters = values(numbers("<2i"), "<f4").astype(np.float32)
    (count,) = numbers("<i")
    pieces = tuple(text(*numbers("<I")) for _ in range(count))
    arrays = {}
    while at < len(data):
        rank, length, code = numbers("<3i")
        shape = numbers(f"<{rank}i")[::-1]
        name = text(length).decode()
        arrays[name] = values(shape, ("<f4", "<f2")[code])
    return Ggml(head, filters, pieces, arrays)


@pytest.fixture(params=["dims-of-8.en", "dims-of-8"])
def whisper(request: pytest.FixtureRequest) -> Model:
    return model.read(*synthetic.files(synthetic.SHAPES[request.param], seed=3))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASRBENCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    synthetic.write(tmp_path / "model", synthetic.TINY, seed=3)
    return tmp_path / "model"


def test_the_head_has_the_sizes_of_the_model(whisper: Model) -> None:
    found = taken_apart(b"".join(ggml.chunks(whisper)))

    sizes = [getattr(whisper.dims, name) for name in HEAD]
    assert found.head == (0x67676D6C, *sizes, 1)


def test_the_pieces_of_text_are_those_of_the_vocabulary_in_the_order_of_their_ids(
    whisper: Model,
) -> None:
    assert taken_apart(b"".join(ggml.chunks(whisper))).pieces == whisper.tokenizer.pieces


def test_the_filters_are_those_of_whisper() -> None:
    whisper = model.read(*synthetic.files(synthetic.TINY))
    filters = taken_apart(b"".join(ggml.chunks(whisper))).filters

    assert filters.shape == (80, 201)
    assert np.argmax(filters[0]) == 1  # 40 Hz: the peak of the first triangle is at 37 Hz
    np.testing.assert_allclose(filters.sum(axis=1), 1 / 40, rtol=0.35)  # area 1 in Hz / 2, bins 40


def test_every_array_is_there_with_its_very_values(whisper: Model) -> None:
    arrays = taken_apart(b"".join(ggml.chunks(whisper))).arrays
    expected = dict(openai.arrays(whisper.weights))

    assert arrays.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_array_equal(arrays[name].reshape(values.shape), values, name)


def test_matrices_are_halves_and_what_is_added_or_scaled_by_is_not(whisper: Model) -> None:
    arrays = taken_apart(b"".join(ggml.chunks(whisper))).arrays

    halves = {name for name, values in arrays.items() if values.dtype == np.float16}
    assert halves == {
        name for name in arrays if name.endswith(".weight") and "ln" not in name.split(".")[-2]
    }


def test_a_bias_of_a_convolution_is_a_column(whisper: Model) -> None:
    arrays = taken_apart(b"".join(ggml.chunks(whisper))).arrays

    assert arrays["encoder.conv1.bias"].shape == (8, 1)
    assert arrays["encoder.conv1.weight"].shape == (8, 80, 3)


def test_query_key_and_value_lie_apart_and_the_key_has_no_bias(whisper: Model) -> None:
    arrays = dict(openai.arrays(whisper.weights))
    fused = whisper.weights["encoder/layer_1/self_attention/linear_0/weight"]
    crossed = whisper.weights["decoder/layer_0/attention/linear_1/bias"]

    np.testing.assert_array_equal(arrays["encoder.blocks.1.attn.key.weight"], fused[8:16])
    np.testing.assert_array_equal(arrays["decoder.blocks.0.cross_attn.value.bias"], crossed[8:])
    assert not [name for name in arrays if name.endswith("key.bias")]


def test_a_weight_that_float16_cannot_hold_is_refused(whisper: Model) -> None:
    name = "encoder/layer_0/ffn/linear_0/weight"
    large = {**whisper.weights.arrays, name: whisper.weights[name] + np.float32(70000)}
    beyond = replace(whisper, weights=replace(whisper.weights, arrays=large))

    with pytest.raises(ModelError, match=r"mlp\.0\.weight has 7000\d; expected what float16 can"):
        list(ggml.chunks(beyond))


def test_a_model_is_converted_once(cache: Path, folder: Path) -> None:
    first = ggml.converted(weights.find(folder))
    written = first.stat().st_mtime_ns
    second = ggml.converted(weights.find(folder))

    assert (second, second.stat().st_mtime_ns) == (first, written)
    assert first.is_relative_to(cache)
    assert taken_apart(first.read_bytes()).head[1] == synthetic.TINY.dims.vocabulary


def test_a_model_that_changed_is_converted_anew_and_its_old_file_goes(
    cache: Path, folder: Path
) -> None:
    before = ggml.converted(weights.find(folder))
    old = before.read_bytes()
    synthetic.write(folder, synthetic.TINY, seed=4)
    after = ggml.converted(weights.find(folder))

    assert after.read_bytes() != old
    assert [path for path in cache.rglob("*") if path.is_file()] == [after]


def test_a_file_is_written_whole_or_not_at_all(
    cache: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(EngineError, match=r"No space left on device.*set ASRBENCH_CACHE"):
        ggml.converted(weights.find(folder))
    assert [path for path in cache.rglob("*") if path.is_file()] == []


def test_a_damaged_model_is_refused_and_leaves_no_file(cache: Path, folder: Path) -> None:
    (folder / "model.bin").write_bytes(b"no model")

    with pytest.raises(ModelError, match="offset 0"):
        ggml.converted(weights.find(folder))
    assert [path for path in cache.rglob("*") if path.is_file()] == []
