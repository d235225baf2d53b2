"""Log-mel frames, against what can be worked out by hand and against faster-whisper's front end."""

import numpy as np
import pytest
from numpy.typing import NDArray

from asrbench.errors import AudioError
from asrbench.speech.oracle.log_mel import log_mel, log_mel_raw, mel_filters

RATE_HZ = 16000


def tone(hz: float, seconds: float = 1.0) -> NDArray[np.float32]:
    return np.sin(2 * np.pi * hz * np.arange(int(RATE_HZ * seconds)) / RATE_HZ).astype(np.float32)


@pytest.mark.parametrize(("values", "frames"), [(1, 0), (159, 0), (160, 1), (16079, 100)])
def test_there_is_a_frame_for_every_ten_milliseconds(values: int, frames: int) -> None:
    assert log_mel(np.zeros(values, np.float32)).shape == (frames, 80)


def test_silence_is_the_floor_of_ten_decades_down() -> None:
    assert np.all(log_mel(np.zeros(1600, np.float32)) == np.float32((-10 + 4) / 4))


def test_a_louder_file_has_its_floor_eight_decades_below_its_peak() -> None:
    mel = log_mel(np.concatenate([tone(440), np.zeros(RATE_HZ, np.float32)]))

    assert mel.max() - mel.min() == pytest.approx(8 / 4)


@pytest.mark.parametrize("bins", [80, 128])
def test_a_tone_is_loudest_in_a_bin_that_hears_it(bins: int) -> None:
    for hz in (250.0, 1000.0, 4000.0):
        loudest = int(log_mel(tone(hz), bins)[50].argmax())

        weight = mel_filters(bins)[:, round(hz * 400 / RATE_HZ)]
        assert weight[loudest] > 0


def test_twice_the_amplitude_is_two_log_two_more_power() -> None:
    loud, soft = log_mel_raw(tone(1000)), log_mel_raw(0.5 * tone(1000))

    difference = 4 * (loud.max() - soft.max())  # the scale divides decades by 4
    assert difference == pytest.approx(2 * np.log10(2), abs=1e-5)


def test_a_filter_below_one_kilohertz_is_a_triangle_of_equal_sides() -> None:
    first = mel_filters(80)[0]  # edges at 0, 37.2, 74.5 Hz: only bin 1, 40 Hz, is inside

    width_hz = 2 * 45.245640471924965 / 81 * 200 / 3
    assert np.flatnonzero(first).tolist() == [1]
    assert first[1] == pytest.approx((width_hz - 40) / (width_hz / 2) * 2 / width_hz)


def test_raw_frames_are_the_padded_ones_away_from_the_ends() -> None:
    pcm = np.random.default_rng(0).uniform(-1, 1, RATE_HZ).astype(np.float32)

    raw, whole = log_mel_raw(pcm[40:]), log_mel(pcm)  # raw frame i is centred on 40 + 200 + 160 i
    assert raw.shape == (1 + (RATE_HZ - 40 - 400) // 160, 80)
    np.testing.assert_allclose(log_mel_raw(pcm[120:])[:97], whole[2:99], atol=1e-6)


@pytest.mark.parametrize("bins", [80, 128])
@pytest.mark.parametrize("values", [1, 160, 4000, 16001])
def test_it_agrees_with_faster_whisper(bins: int, values: int) -> None:
    extractor = pytest.importorskip("faster_whisper.feature_extractor").FeatureExtractor
    pcm = np.random.default_rng(values).normal(0, 0.1, values).astype(np.float32)

    theirs = extractor(feature_size=bins)(pcm).T[: values // 160]
    np.testing.assert_allclose(log_mel(pcm, bins), theirs, atol=1e-4)


@pytest.mark.parametrize("level", [1e-45, 1e-38, 1e30, 3e38])
def test_denormal_and_huge_values_give_finite_frames(level: float) -> None:
    pcm = (level * np.sign(tone(300))).astype(np.float32)

    assert np.isfinite(log_mel(pcm)).all()


def test_long_audio_is_the_same_frame_by_frame_as_in_one_block() -> None:
    pcm = np.random.default_rng(3).normal(0, 0.1, 50 * RATE_HZ).astype(np.float32)

    mel = log_mel(pcm)  # 50 s + 30 s of padding are two blocks
    middle = slice(4000, 4200)
    alone = log_mel_raw(pcm[4000 * 160 - 200 : 4200 * 160 + 200])[:200]
    np.testing.assert_allclose(mel[middle], alone, atol=1e-6)


@pytest.mark.parametrize(
    ("pcm", "complaint"),
    [
        (np.zeros(0, np.float32), "pcm is empty; expected at least one value"),
        (np.array([0, np.nan], np.float32), r"pcm\[1\] is nan; expected a finite value"),
        (np.array([0, 0, -np.inf], np.float32), r"pcm\[2\] is -inf; expected a finite value"),
    ],
)
def test_unusable_pcm_is_refused(pcm: NDArray[np.float32], complaint: str) -> None:
    with pytest.raises(AudioError, match=complaint):
        log_mel(pcm)


def test_less_than_a_window_has_no_raw_frame() -> None:
    with pytest.raises(AudioError, match="pcm has 399 values; expected at least 400"):
        log_mel_raw(np.zeros(399, np.float32))


def test_another_dtype_is_a_type_error_that_says_how_to_convert() -> None:
    with pytest.raises(TypeError, match=r"float64 of shape \(2,\).*np.ascontiguousarray"):
        log_mel(np.zeros(2))  # type: ignore[arg-type]
