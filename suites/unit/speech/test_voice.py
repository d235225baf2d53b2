"""Speech is found where it is, and no noise is taken for it, in spans that are in order."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrbench.errors import EngineError, OptionError
from asrbench.speech import corpus, voice
from asrbench.speech.audio import Pcm
from asrbench.speech.voice import FRAME, Detector, Span, energy, silero, spans

RATE = 16_000


def detector(name: str) -> Detector:
    """The detector, or a skip with the command that brings what it needs."""
    try:
        return voice.detector(name)
    except EngineError as error:
        pytest.skip(str(error))


def real_speech() -> Pcm:
    """A sentence of the embedded corpus."""
    return corpus.find("embedded").utterances[0].pcm()


def quiet(seconds: float) -> Pcm:
    """A room: noise at -70 dB."""
    noise = np.random.default_rng(0).normal(0, 3e-4, round(seconds * RATE))
    return noise.astype(np.float32)


def noises() -> dict[str, Pcm]:
    """20 s of what is no speech."""
    count = 20 * RATE
    time_s = np.arange(count) / RATE
    random = np.random.default_rng(1)
    white = random.normal(0, 0.1, count)
    hz = np.fft.rfftfreq(count, 1 / RATE)
    pink = np.fft.irfft(np.fft.rfft(white) / np.sqrt(np.maximum(hz, 1)), count)
    return {
        "silence": np.zeros(count, np.float32),
        "white": white.astype(np.float32),
        "faint white": (white / 50).astype(np.float32),
        "pink": (pink / np.abs(pink).max() / 2).astype(np.float32),
        "tone": (0.3 * np.sin(2 * np.pi * 440 * time_s)).astype(np.float32),
        "hum": (0.1 * np.sin(2 * np.pi * 50 * time_s)).astype(np.float32),
    }


@pytest.mark.parametrize("name", voice.NAMES)
def test_speech_is_found_between_silences(name: str) -> None:
    said = real_speech()
    pcm = np.concatenate([quiet(3), said, quiet(4), said, quiet(2)])
    begins_s = [3.0, 3.0 + said.size / RATE + 4.0]

    found = voice.speech(pcm, RATE, detector(name))

    assert len(found) == 2
    for span, begin_s in zip(found, begins_s, strict=True):
        assert span.start_s == pytest.approx(begin_s, abs=0.5)
        assert span.end_s == pytest.approx(begin_s + said.size / RATE, abs=0.5)


@pytest.mark.parametrize("name", voice.NAMES)
@pytest.mark.parametrize("noise", noises())
def test_no_noise_is_speech(name: str, noise: str) -> None:
    assert voice.speech(noises()[noise], RATE, detector(name)) == ()


@pytest.mark.parametrize("name", voice.NAMES)
@pytest.mark.parametrize("noise", ["white", "pink"])
def test_noise_that_begins_is_not_speech(name: str, noise: str) -> None:
    pcm = np.concatenate([quiet(6), noises()[noise][: 3 * RATE], quiet(6)])

    assert voice.speech(pcm, RATE, detector(name)) == ()


@pytest.mark.parametrize("name", voice.NAMES)
def test_speech_is_found_in_noise(name: str) -> None:
    said = real_speech()
    noise = np.random.default_rng(2).normal(0, 0.01, said.size + 6 * RATE).astype(np.float32)
    noise[3 * RATE : 3 * RATE + said.size] += said

    found = voice.speech(noise, RATE, detector(name))

    heard = sum(min(s.end, 3 * RATE + said.size) - max(s.start, 3 * RATE) for s in found)
    assert heard > 0.8 * said.size
    assert all(span.start_s > 2.4 and span.end_s < 3.6 + said.size / RATE for span in found)


@pytest.mark.parametrize("name", voice.NAMES)
@pytest.mark.parametrize("size", [1, FRAME - 1, FRAME, FRAME + 1, 33 * FRAME + 7])
def test_each_frame_begun_has_a_probability(name: str, size: int) -> None:
    found = detector(name)(np.full(size, 0.1, np.float32))

    assert found.shape == (-(-size // FRAME),)
    assert found.dtype == np.float32
    assert ((found >= 0) & (found <= 1)).all()


def test_the_blocks_of_the_energy_detector_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pcm = np.concatenate([quiet(1), real_speech()])
    whole = energy.probabilities(pcm)
    monkeypatch.setattr(energy, "_BLOCK", 7)

    np.testing.assert_array_equal(energy.probabilities(pcm), whole)


def test_the_blocks_of_silero_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pcm = np.concatenate([quiet(1), real_speech()])
    detect = detector("silero")
    whole = detect(pcm)
    monkeypatch.setattr(silero, "_BLOCK", 7)

    np.testing.assert_allclose(detect(pcm), whole, atol=1e-5)


def test_silero_gives_what_faster_whisper_has_of_it() -> None:
    vad = pytest.importorskip(
        "faster_whisper.vad", reason='pip install "asrbench-perf[vad]"', exc_type=ImportError
    )
    pcm = np.concatenate([quiet(1), real_speech()])
    pcm = pcm[: pcm.size // FRAME * FRAME]

    expected = vad.get_vad_model()(pcm).reshape(-1)

    np.testing.assert_allclose(detector("silero")(pcm), expected, atol=1e-5)


def test_another_network_than_the_pinned_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "planted" / "assets").mkdir(parents=True)
    (tmp_path / "planted" / "__init__.py").touch()
    (tmp_path / "planted" / "assets" / "vad.onnx").write_bytes(b"another")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(silero, "PINNED", {"planted": ("assets/vad.onnx", "0f")})

    with pytest.raises(EngineError, match=r"has SHA-256 .*; expected 0f"):
        silero.find()


def test_where_there_is_no_network_the_command_that_brings_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(silero, "PINNED", {"nowhere_to_be_found": ("a", "b")})

    with pytest.raises(EngineError, match=r"asrbench-perf\[vad\]"):
        silero.find()


def test_a_detector_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(OptionError, match="detector is 'ear'; expected one of energy, silero"):
        voice.detector("ear")


def test_spans_open_at_one_half_and_close_below_their_lower_bound() -> None:
    probabilities = np.zeros(200, np.float32)
    probabilities[40:80] = 0.4  # never opens
    probabilities[100:120] = 0.6
    probabilities[120:150] = 0.4  # keeps open

    (span,) = spans(probabilities, 200 * FRAME)

    margin = 4000
    assert (span.start, span.end) == (100 * FRAME - margin, 150 * FRAME + margin)


def test_short_pauses_are_bridged_and_clicks_dropped() -> None:
    probabilities = np.zeros(400, np.float32)
    probabilities[50:60] = probabilities[70:80] = 1.0  # 0.32 s apart
    probabilities[120:130] = 1.0  # 1.28 s later
    probabilities[200:202] = 1.0  # 64 ms

    found = spans(probabilities, 400 * FRAME)

    assert [(s.start + 4000, s.end - 4000) for s in found] == [
        (50 * FRAME, 80 * FRAME),
        (120 * FRAME, 130 * FRAME),
    ]


PROBABILITIES = st.lists(st.sampled_from([0.0, 0.4, 1.0]), max_size=300)


@given(PROBABILITIES, st.integers(0, FRAME - 1))
def test_spans_are_in_order_apart_and_within(probabilities: list[float], less: int) -> None:
    size = max(0, len(probabilities) * FRAME - less)

    found = spans(np.array(probabilities, np.float32), size)

    assert all(one.end < other.start for one, other in pairwise(found))
    assert all(0 <= span.start < span.end <= size for span in found)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2)])
def test_a_span_has_a_length(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="expected 0 <= start < end"):
        Span(start, end)
