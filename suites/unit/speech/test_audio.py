"""Audio from the outside is converted when it is understood, and refused with a reason when not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from asrbench.errors import AudioError, EngineError
from asrbench.speech.audio import RATE_HZ, from_array, read


def tone(seconds: float = 0.5, rate_hz: int = RATE_HZ, hz: float = 440.0) -> NDArray[np.float32]:
    at_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return (0.5 * np.sin(2 * np.pi * hz * at_s)).astype(np.float32)


def written(
    folder: Path, name: str, values: NDArray[Any], rate_hz: int = RATE_HZ, **kind: str
) -> Path:
    path = folder / name
    soundfile.write(path, values, rate_hz, **kind)
    return path


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.mp3"])
def test_every_common_container_is_read(tmp_path: Path, name: str) -> None:
    pcm = read(written(tmp_path, name, tone(1.0)))

    assert pcm.dtype == np.float32
    assert pcm.ndim == 1
    assert pcm.flags.c_contiguous
    assert abs(pcm.size - RATE_HZ) <= 1152  # MP3 pads to whole frames
    assert 0.3 < np.sqrt(np.mean(pcm**2)) < 0.4  # 0.5 / sqrt(2)


def test_sixteen_bit_audio_comes_back_exactly(tmp_path: Path) -> None:
    values = np.arange(-32768, 32768, 7, dtype=np.int16)

    pcm = read(written(tmp_path, "a.flac", values, subtype="PCM_16"))

    np.testing.assert_array_equal(pcm, values / np.float32(32768))


def test_eight_bit_and_mu_law_files_are_decoded_by_their_header(tmp_path: Path) -> None:
    linear = read(written(tmp_path, "linear.wav", tone(), subtype="PCM_U8"))
    companded = read(written(tmp_path, "companded.wav", tone(), subtype="ULAW"))

    np.testing.assert_allclose(linear, tone(), atol=1 / 64)
    np.testing.assert_allclose(companded, tone(), atol=1 / 32)


def test_stereo_is_mixed_to_the_mean_of_its_channels(tmp_path: Path) -> None:
    left, right = tone(hz=300), tone(hz=500)
    path = written(tmp_path, "a.wav", np.stack([left, right], axis=1), subtype="FLOAT")

    np.testing.assert_allclose(read(path), (left + right) / 2, atol=1e-7)


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 44_100, 48_000])
def test_another_rate_is_resampled_to_the_same_tone(rate_hz: int) -> None:
    pcm = from_array(tone(1.0, rate_hz), rate_hz)

    assert abs(pcm.size - RATE_HZ) <= 1
    inside = slice(1000, 15_000)  # the filter needs neighbours on both sides
    np.testing.assert_allclose(pcm[inside], tone(1.0)[inside], atol=2e-3)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_are_sixteen_bit_little_endian_pcm(kind: Any) -> None:
    assert read(kind(b"\x00\x40\x00\x80\xff\xff")).tolist() == [0.5, -1.0, -1 / 32768]


def test_one_value_is_audio() -> None:
    assert from_array(np.array([0.25], np.float32), RATE_HZ).tolist() == [0.25]
    assert read(b"\x00\x40").tolist() == [0.5]


def test_pcm_is_passed_on_without_a_copy() -> None:
    pcm = tone()

    assert from_array(pcm, RATE_HZ) is pcm


@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f8", ">f8", "<i2", ">i2", "<i4", ">i4"])
def test_every_dtype_and_byte_order_that_is_taken_means_the_same(dtype: str) -> None:
    full_scale = {"i2": 2**15, "i4": 2**31}.get(dtype[1:], 1)
    array = np.array([0.5, -1.0, 0.0]) * full_scale

    pcm = from_array(array.astype(dtype), RATE_HZ)

    assert pcm.tolist() == [0.5, -1.0, 0.0]
    assert pcm.dtype == np.dtype("=f4")


def test_a_strided_array_is_taken_value_by_value() -> None:
    values = tone()

    pcm = from_array(values[::-2], RATE_HZ)

    assert pcm.flags.c_contiguous
    np.testing.assert_array_equal(pcm, values[::-2].copy())


def test_an_unaligned_array_is_aligned() -> None:
    values = tone()
    raw = np.zeros(values.nbytes + 1, np.uint8)
    raw[1:] = values.view(np.uint8)
    unaligned = raw[1:].view(np.float32)
    assert not unaligned.flags.aligned

    pcm = from_array(unaligned, RATE_HZ)

    assert pcm.flags.aligned
    np.testing.assert_array_equal(pcm, values)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_not_finite_is_refused_by_its_index(bad: float) -> None:
    values = tone()
    values[7] = bad

    with pytest.raises(AudioError, match=rf"audio\[7\] is {bad}; expected a finite value"):
        from_array(values, RATE_HZ)


def test_a_value_too_large_for_float32_is_refused() -> None:
    with pytest.raises(AudioError, match=r"1e[+]300; expected a value float32 can hold"):
        from_array(np.array([0.0, 1e300]), RATE_HZ)


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.zeros(0, np.float32), r"shape \(0,\), it is empty"),
        (np.zeros((0, 2), np.float32), r"shape \(0, 2\), it is empty"),
        (np.array(0.5, np.float32), r"shape \(\); expected \(n,\) for mono"),
        (np.zeros((2, 2, 2), np.float32), r"shape \(2, 2, 2\); expected"),
        (np.zeros((2, 16_000), np.float32), "16000 channels; expected .* at most 32"),
        (np.zeros(9, np.uint8), "dtype uint8; expected float32, float64, int16 or int32"),
        (np.zeros(9, np.int8), "dtype int8; expected"),
        (np.zeros(9, np.float16), "dtype float16; expected"),
        (np.zeros(9, np.complex64), "dtype complex64; expected"),
        (np.zeros(9, bool), "dtype bool; expected"),
        (np.zeros(9, object), "dtype object; expected"),
        (np.zeros(9, "U4"), "dtype <U4; expected"),
        (np.ma.masked_array(np.zeros(9, np.float32), mask=True), "masked array; expected a plain"),
    ],
)
def test_an_array_that_could_mean_several_things_is_refused(array: Any, reason: str) -> None:
    with pytest.raises(AudioError, match=reason):
        from_array(array, RATE_HZ)


@pytest.mark.parametrize("rate_hz", [0, -16_000, 999, 10**6, np.nan, np.inf, True, "16000"])
def test_a_rate_that_is_none_is_refused(rate_hz: Any) -> None:
    with pytest.raises(AudioError, match=r"rate_hz is .*; expected"):
        from_array(tone(), rate_hz)


def test_audio_too_short_for_one_value_at_16_khz_is_refused() -> None:
    with pytest.raises(AudioError, match="1 values at 768000 Hz are less than one at 16000 Hz"):
        from_array(np.zeros(1, np.float32), 768_000)


def test_no_bytes_and_half_a_value_are_refused() -> None:
    with pytest.raises(AudioError, match="0 bytes long"):
        read(b"")
    with pytest.raises(AudioError, match="3 bytes long; expected an even number"):
        read(b"abc")
    with pytest.raises(AudioError, match="not contiguous"):
        read(memoryview(b"abcdef")[::2])


def test_files_that_are_no_audio_are_refused_by_name(tmp_path: Path) -> None:
    empty, text, cut = tmp_path / "empty.wav", tmp_path / "text.wav", tmp_path / "cut.flac"
    empty.touch()
    text.write_text("this is no audio, whatever its name says\n" * 100)
    cut.write_bytes(written(tmp_path, "whole.flac", tone()).read_bytes()[:30])

    refusals: list[tuple[Path | str, str]] = [
        (tmp_path / "missing.wav", "cannot open .*missing.wav.*No such file"),
        (tmp_path, "is not a regular file"),
        (empty, "empty.wav' is 0 bytes long"),
        (text, "text.wav' does not decode: .*expected WAV, FLAC, OGG or MP3"),
        (cut, "cut.flac'"),
        ("nul\0byte.wav", "cannot open"),
    ]
    for path, reason in refusals:
        with pytest.raises(AudioError, match=reason):
            read(path)


def test_a_device_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe.wav"
    os.mkfifo(fifo)

    with pytest.raises(AudioError, match="not a regular file"):
        read(fifo)


def test_a_file_with_a_nan_is_refused_by_name_and_index(tmp_path: Path) -> None:
    values = tone()
    values[3] = np.nan

    with pytest.raises(AudioError, match=r"nan.wav': audio\[3, 0\] is nan"):
        read(written(tmp_path, "nan.wav", values, subtype="FLOAT"))


def test_a_header_that_promises_too_much_costs_no_memory(tmp_path: Path) -> None:
    path = written(tmp_path, "a.flac", tone())
    data = bytearray(path.read_bytes())
    data[21] |= 0x0F  # STREAMINFO's 36-bit count of values: 2^36 - 1, or 256 GiB as float32
    data[22:26] = b"\xff" * 4
    path.write_bytes(data)

    try:
        pcm = read(path)
    except AudioError:
        return  # refusing the lie is right
    assert pcm.size <= RATE_HZ  # so is reading what is there


def test_something_that_is_no_audio_at_all_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="source is a int; expected a path or bytes"):
        read(17)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="audio is a list; expected a NumPy array"):
        from_array([0.0], RATE_HZ)  # type: ignore[arg-type]


def test_a_refusal_is_one_that_a_caller_may_answer_with_another_engine() -> None:
    assert issubclass(AudioError, EngineError)
    assert issubclass(AudioError, ValueError)


@given(
    hnp.arrays(
        dtype=st.one_of(hnp.floating_dtypes(), hnp.integer_dtypes(), hnp.unsigned_integer_dtypes()),
        shape=hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=6),
    ),
    st.sampled_from([8_000, RATE_HZ, 48_000]),
)
def test_any_array_becomes_pcm_or_is_refused(array: NDArray[Any], rate_hz: int) -> None:
    try:
        pcm = from_array(array, rate_hz)
    except AudioError:
        return

    assert pcm.dtype == np.float32
    assert pcm.ndim == 1
    assert pcm.size > 0
    assert pcm.flags.c_contiguous
    assert pcm.flags.aligned
    assert np.isfinite(pcm).all()


@given(st.binary(max_size=4096))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "hostile.wav"
    path.write_bytes(data)

    try:
        pcm = read(path)
    except AudioError:
        return
    assert np.isfinite(pcm).all()
