"""model.bin is read exactly, and a hostile one is refused with its offset."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from asrbench.errors import ModelError
from asrbench.speech import synthetic
from asrbench.speech.oracle import ct2_file, encoder, model

FILES = synthetic.files(synthetic.TINY, seed=1)
VOCABULARY = "vocabulary.json"  # CTranslate2's writer prefers it to vocabulary.txt


def text(value: bytes) -> bytes:
    return struct.pack("<H", len(value) + 1) + value + b"\0"


def variable(name: bytes, dims: tuple[int, ...], code: int, data: bytes) -> bytes:
    head = text(name) + struct.pack(f"<B{len(dims)}I", len(dims), *dims)
    return head + struct.pack("<BI", code, len(data)) + data


def whole(*variables: bytes, aliases: bytes = struct.pack("<I", 0)) -> bytes:
    head = struct.pack("<I", 6) + text(b"WhisperSpec") + struct.pack("<I", 3)
    return head + struct.pack("<I", len(variables)) + b"".join(variables) + aliases


def test_float16_values_come_out_as_float32() -> None:
    file = ct2_file.read(whole(variable(b"w", (2,), 4, np.array([0.5, -2], "f2").tobytes())))

    assert file.float32("w").tolist() == [0.5, -2.0]
    assert file.float32("w").dtype == np.float32


def test_bfloat16_values_are_the_upper_half_of_a_float32() -> None:
    file = ct2_file.read(whole(variable(b"w", (2,), 5, struct.pack("<HH", 0x3FC0, 0xC000))))

    assert file.float32("w").tolist() == [1.5, -2.0]


def test_int8_values_are_divided_by_the_scale_of_their_row() -> None:
    file = ct2_file.read(
        whole(
            variable(b"w", (2, 2), 1, np.array([[10, 20], [10, -20]], "i1").tobytes()),
            variable(b"w_scale", (2,), 0, struct.pack("<ff", 10, 40)),
        )
    )

    assert file.float32("w").tolist() == [[1.0, 2.0], [0.25, -0.5]]


def test_int16_values_are_divided_by_their_one_scale() -> None:
    file = ct2_file.read(
        whole(
            variable(b"w", (1, 2), 2, struct.pack("<hh", 512, -1024)),
            variable(b"w_scale", (), 0, struct.pack("<f", 1024)),
        )
    )

    assert file.float32("w").tolist() == [[0.5, -1.0]]


def test_an_alias_is_its_target() -> None:
    aliases = struct.pack("<I", 1) + text(b"v") + text(b"w")
    file = ct2_file.read(whole(variable(b"w", (1,), 3, struct.pack("<i", 7)), aliases=aliases))

    assert file.variables["v"] is file.variables["w"]


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "offset 0: version needs 4 bytes and 0 are left"),
        (struct.pack("<I", 5), "offset 0: version is 5; expected 6"),
        (whole() + b"x", "offset 30: 1 bytes are left"),
        (whole(variable(b"w", (3,), 0, bytes(8))), r"shape \(3,\) has 8 bytes; expected 12"),
        (whole(variable(b"w", (1,), 9, bytes(4))), "dtype of w is 9; expected 0 to 5"),
        (whole(variable(b"w", (1,) * 9, 0, bytes(4))), "rank of w is 9; expected <= 8"),
        (whole(variable(b"w", (2**32 - 1,) * 3, 0, b"")), "has 0 bytes; expected 3"),
        (whole(variable(b"", (), 0, bytes(4))), "expected text that ends in its only NUL"),
        (whole(variable(b"a\0b", (), 0, bytes(4))), "expected text that ends in its only NUL"),
        (whole(variable(b"\xff", (), 0, bytes(4))), "is not UTF-8"),
        (whole(*[variable(b"w", (), 1, b"1")] * 2), "'w' comes twice; expected once"),
        (
            whole(aliases=struct.pack("<I", 1) + text(b"v") + text(b"w")),
            "alias 'v' -> 'w'; expected a new name for a variable of the file",
        ),
    ],
)
def test_a_damaged_frame_is_refused_with_its_offset(data: bytes, complaint: str) -> None:
    with pytest.raises(ModelError, match=complaint):
        ct2_file.read(data)


def test_a_quantised_weight_without_its_scale_is_refused() -> None:
    file = ct2_file.read(whole(variable(b"w", (1,), 1, b"1")))

    with pytest.raises(ModelError, match="no variable 'w_scale'"):
        file.float32("w")


def test_a_scale_of_zero_is_refused() -> None:
    parts = variable(b"w", (1,), 1, b"1"), variable(b"w_scale", (1,), 0, bytes(4))

    with pytest.raises(ModelError, match="without zeros"):
        ct2_file.read(whole(*parts)).float32("w")


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(FILES[0]) - 1))
def test_a_file_cut_anywhere_is_refused(size: int) -> None:
    with pytest.raises(ModelError, match=r"are left|expected"):
        model.read(FILES[0][:size], *FILES[1:])


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 8 * len(FILES[0]) - 1))
def test_a_flipped_bit_gives_a_model_or_a_model_error(bit: int) -> None:
    damaged = bytearray(FILES[0])
    damaged[bit // 8] ^= 1 << bit % 8

    try:
        read = model.read(bytes(damaged), *FILES[1:])
    except ModelError:
        return
    assert all(np.isfinite(array).all() for array in read.weights.arrays.values())


def put(spec: Any, name: str, values: NDArray[np.float32]) -> None:
    """Set an array of CTranslate2's specification: "layer_0" may be an attribute or layer[0]."""
    *path, last = name.split("/")
    for part in path:
        stem, _, index = part.rpartition("_")
        spec = getattr(spec, part) if hasattr(spec, part) else getattr(spec, stem)[int(index)]
    setattr(spec, last, np.array(values))


@pytest.mark.parametrize("quantization", ["int8", "int16", "float16", "float32"])
def test_files_quantised_by_ctranslate2_are_read_as_it_reads_them(
    quantization: str, tmp_path: Path
) -> None:
    ctranslate2 = pytest.importorskip("ctranslate2")
    from ctranslate2.specs.whisper_spec import WhisperSpec

    spec = WhisperSpec(2, 2, 2, 2)
    ours = model.read(*FILES)
    for name, values in ours.weights.arrays.items():
        put(spec, name, values)
    spec.decoder.projection.weight = spec.decoder.embeddings.weight
    spec.register_vocabulary(FILES[2].decode().splitlines())
    spec.validate()
    spec.optimize(quantization=quantization)
    spec.save(str(tmp_path))
    theirs = ctranslate2.models.Whisper(str(tmp_path), compute_type="float32")
    mel = np.random.default_rng(0).standard_normal((32, 80), np.float32)
    features = ctranslate2.StorageView.from_array(np.ascontiguousarray(mel.T[None]))

    read = model.load(*(tmp_path / name for name in ("model.bin", "config.json", VOCABULARY)))

    states = encoder.encode(read.weights, mel)
    np.testing.assert_allclose(states, np.array(theirs.encode(features))[0], atol=1e-4)
    assert read.tokenizer == ours.tokenizer
