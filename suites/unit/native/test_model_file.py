"""A damaged or hostile model file is refused with a reason, or does its work: it never crashes."""

import math
import struct
from collections.abc import Callable

import numpy as np
import pytest

from asrbench import EngineError, ModelError, _native
from asrbench.speech import synthetic

MODEL, CONFIG, VOCABULARY = synthetic.files(synthetic.TINY, seed=11)
PCM = np.random.default_rng(0).normal(0, 0.1, 4000).astype(np.float32)


def payload() -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return for each byte of the file whether it is a weight; the rest is framing."""
    inside = np.zeros(len(MODEL), bool)
    bytes_of = {"float16": 2, "float32": 4, "int8": 1, "int16": 2}
    for _, dtype, shape, offset in _native.ct2_variables(MODEL):
        if shape:  # a scalar steers the computation: it is framing
            inside[offset : offset + math.prod(shape) * bytes_of[dtype]] = True
    return inside


def flipped(place: int, bit: int) -> bytes:
    damaged = bytearray(MODEL)
    damaged[place] ^= 1 << bit
    return bytes(damaged)


def works(model_bin: bytes) -> None:
    """Transcribe with the model: every number it gives is finite."""
    found = _native.Recognizer(_native.Model(model_bin, CONFIG, VOCABULARY)).transcribe(PCM)
    numbers = [found["avg_log_prob"], found["no_speech_prob"]]
    numbers += [number for segment in found["segments"] for number in segment[4:7]]
    assert np.isfinite(numbers).all()


def test_a_flipped_bit_of_the_framing_is_refused() -> None:
    random = np.random.default_rng(1)
    harmless = {"decoder/alignment_heads", "decoder/alignment_layer"}  # not used yet
    passed = [v[3] for v in _native.ct2_variables(MODEL) if v[0] in harmless]
    framing = [p for p in np.flatnonzero(~payload()) if not any(p - at in (0, 1) for at in passed)]
    for place in random.choice(framing, 200, replace=False):
        damaged = flipped(int(place), int(random.integers(8)))

        with pytest.raises(ModelError) as refused:
            _native.Model(damaged, CONFIG, VOCABULARY)

        assert "model.bin" in str(refused.value) or "vocabulary" in str(refused.value)


def test_a_flipped_bit_of_a_weight_gives_finite_output_or_is_refused() -> None:
    random = np.random.default_rng(2)
    outcomes = {"works": 0, "refused": 0}
    for place in random.choice(np.flatnonzero(payload()), 200, replace=False):
        damaged = flipped(int(place), int(random.integers(8)))
        try:
            works(damaged)
            outcomes["works"] += 1
        except (ModelError, EngineError):
            outcomes["refused"] += 1

    assert outcomes["works"] > 100, outcomes


def test_a_file_that_was_cut_is_refused_and_the_offset_named() -> None:
    for length in np.random.default_rng(3).integers(0, len(MODEL), 200):
        with pytest.raises(ModelError, match=r"model.bin: offset \d+: expected"):
            _native.Model(MODEL[:length], CONFIG, VOCABULARY)


def test_what_follows_the_last_byte_is_refused() -> None:
    with pytest.raises(ModelError, match="expected the end of the file, but 1 bytes follow"):
        _native.Model(MODEL + b"\0", CONFIG, VOCABULARY)


def variable(name: str, shape: tuple[int, ...], code: int, data: bytes) -> bytes:
    """Return a variable as the file holds it."""
    framed = struct.pack("<H", len(name) + 1) + name.encode() + b"\0"
    framed += struct.pack(f"<B{len(shape)}I", len(shape), *shape)
    return framed + struct.pack("<BI", code, len(data)) + data


def model_of(*variables: bytes, count: int | None = None) -> bytes:
    """Return a file of those variables and no alias."""
    number = len(variables) if count is None else count
    head = struct.pack("<IH", 6, 12) + b"WhisperSpec\0" + struct.pack("<II", 3, number)
    return head + b"".join(variables) + struct.pack("<I", 0)


@pytest.mark.parametrize(
    ("model_bin", "reason"),
    [
        (b"", "offset 0: expected 4 bytes of the version, but 0 are left"),
        (struct.pack("<I", 5), "version is 5; expected 6"),
        (model_of(count=2**32 - 1), "expected"),
        (model_of(variable("a", (2,), 0, b"1234")), "byte count of a is 4; expected 8"),
        (model_of(variable("a", (2**31, 2**31), 0, b"")), "fewer than 2\\^32 values"),
        (model_of(variable("a", (0,), 0, b"")), "dimension 0 of a is 0"),
        (model_of(variable("a", (1,), 9, b"1")), "dtype of a is 9; expected 0 to 5"),
        (model_of(variable("a", (1,) * 9, 1, b"1")), "rank of a is 9; expected at most 8"),
        (model_of(variable("a", (), 1, b"1"), variable("a", (), 1, b"1")), "a comes twice"),
        (model_of(variable("a b", (), 1, b"1")), "expected printable ASCII"),
        (model_of(), "expected a variable encoder/conv1/weight"),
    ],
)
def test_hostile_framing_is_refused_with_its_reason(model_bin: bytes, reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        _native.Model(model_bin, CONFIG, VOCABULARY)


def test_a_variable_that_no_whisper_model_has_is_refused() -> None:
    count_at = 4 + 2 + 12 + 4
    count = struct.unpack_from("<I", MODEL, count_at)[0]
    more = MODEL[:count_at] + struct.pack("<I", count + 1)
    more += variable("encoder/rotary", (), 1, b"\1") + MODEL[count_at + 4 :]

    with pytest.raises(ModelError, match="encoder/rotary is no variable of a Whisper model"):
        _native.Model(more, CONFIG, VOCABULARY)


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        (b"", "config.json: offset 0 of 0: expected '{'"),
        (b"[1, 2]", "expected '{'"),
        (b'{"suppress_ids": [1, 2}', "expected ','"),
        (b'{"suppress_ids": [282]}', "suppress_ids has 282; expected 0 to 281"),
        (b'{"suppress_ids": [-1]}', "suppress_ids has -1; expected 0 to 281"),
        (b'{"suppress_ids": [1.5]}', "expected an integer"),
        (b'{"suppress_ids": [99999999999999999999]}', "expected an integer below 2\\^31"),
        (b'{"suppress_ids": 3}', "expected '\\['"),
        (b'{"a": ' + b"[" * 100000, "at most 64 levels of nesting"),
        (b'{"a": "\\ud800"}', "second half of a surrogate pair"),
        (b'{"a": "b', "expected the end of the string"),
        (b'{"a": 1e}', "expected a digit of the exponent"),
        (b'{"a": 1--2}', "expected ','"),
        (b'{"a": 01}', "expected ','"),
        (b'{"a": 1.}', "expected a digit behind the point"),
        (b"{} {}", "expected the end"),
    ],
)
def test_a_damaged_config_is_refused_with_its_reason(config: bytes, reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        _native.Model(MODEL, config, VOCABULARY)


def without(name: bytes) -> Callable[[], bytes]:
    return lambda: VOCABULARY.replace(name, b"word")


@pytest.mark.parametrize(
    ("vocabulary", "reason"),
    [
        (lambda: b"", "no <|endoftext|>"),
        (without(b"<|0.00|>"), "no <\\|0.00\\|>"),
        (lambda: VOCABULARY + b"one-more\n", "283 tokens; expected 282"),
        (lambda: VOCABULARY.replace(b"\n", b"\n\xff\xfe\n", 1), "token 1: byte 0 is in none"),
        (lambda: b'["a", 3]', "expected '\"'"),
    ],
)
def test_a_damaged_vocabulary_is_refused_with_its_reason(
    vocabulary: Callable[[], bytes], reason: str
) -> None:
    with pytest.raises(ModelError, match=reason.replace("<|e", "<\\|e").replace("t|>", "t\\|>")):
        _native.Model(MODEL, CONFIG, vocabulary())
