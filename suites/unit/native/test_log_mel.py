"""The native log-mel spectrogram agrees with the oracle on every kind of audio."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from asrbench import AudioError, OptionError, _native
from asrbench.speech.oracle import log_mel as oracle

Floats = NDArray[np.float32]


@st.composite
def audio(draw: st.DrawFn, least: int = 1) -> Floats:
    """Draw noise, tones, clicks and silence from denormal to absurdly loud, of any length."""
    count = draw(st.integers(least, 6000))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    loudness = draw(st.sampled_from([0.0, 1e-42, 1e-20, 1e-4, 0.1, 1.0, 1e4, 1e30]))
    kind = draw(st.sampled_from(["noise", "tone", "click", "sparse"]))
    if kind == "noise":
        pcm = random.uniform(-1, 1, count)
    elif kind == "tone":
        pcm = np.sin(np.arange(count) * random.uniform(0, np.pi))
    else:
        pcm = np.zeros(count)
        places = 1 if kind == "click" else max(1, count // 50)
        pcm[random.integers(0, count, places)] = random.choice([-1, 1], places)
    return (loudness * pcm).astype(np.float32)


@settings(deadline=None)
@given(audio(), st.sampled_from([80, 128]))
def test_log_mel_agrees_with_its_twin(pcm: Floats, bins: int) -> None:
    found = _native.log_mel(pcm, bins)

    assert found.shape == (len(pcm) // 160, bins)
    np.testing.assert_allclose(found, oracle.log_mel(pcm, bins), atol=1e-4)


@settings(deadline=None)
@given(audio(least=400), st.sampled_from([1, 8, 80, 128]))
def test_bare_frames_agree_with_their_twin(pcm: Floats, bins: int) -> None:
    found = _native.log_mel_raw(pcm, bins)

    assert found.shape == (1 + (len(pcm) - 400) // 160, bins)
    np.testing.assert_allclose(found, oracle.log_mel_raw(pcm, bins), atol=1e-4)


def test_the_loudest_value_may_lie_behind_the_last_whole_frame() -> None:
    pcm = np.full(16000 + 159, 1e-3, np.float32)
    pcm[-1] = 1e4

    np.testing.assert_allclose(_native.log_mel(pcm), oracle.log_mel(pcm), atol=1e-4)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_not_finite_is_refused_by_its_index(bad: float) -> None:
    pcm = np.zeros(1000, np.float32)
    pcm[321] = bad

    with pytest.raises(AudioError, match=r"pcm\[321\] is -?(nan|inf); expected a finite value"):
        _native.log_mel(pcm)


def test_no_value_at_all_is_refused() -> None:
    with pytest.raises(AudioError, match="pcm is empty"):
        _native.log_mel(np.zeros(0, np.float32))


def test_less_than_a_frame_has_no_frame() -> None:
    assert _native.log_mel(np.ones(159, np.float32)).shape == (0, 80)


def test_less_than_a_window_has_no_bare_frame() -> None:
    with pytest.raises(AudioError, match="399 values; expected at least 400"):
        _native.log_mel_raw(np.ones(399, np.float32))


@pytest.mark.parametrize("bins", [-1, 0, 257])
def test_a_strange_number_of_bins_is_refused(bins: int) -> None:
    with pytest.raises(OptionError, match=f"bins is {bins}; expected 1 to 256"):
        _native.log_mel(np.ones(1000, np.float32), bins)
