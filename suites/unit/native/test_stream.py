"""The core's streams: a log-mel that grows by chunks, and decoding behind tokens that stand."""

from __future__ import annotations

import threading
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from asrbench import AudioError, ModelError, OptionError, _native
from asrbench.speech import synthetic
from asrbench.speech.oracle import model, stream
from suites.unit.family import noise, shortened

Floats = NDArray[np.float32]
WHOLE = 10_000  # a margin that leaves nothing of a window to silence


@cache
def files(name: str) -> tuple[bytes, bytes, bytes]:
    return synthetic.files(shortened(name), seed=3)


@cache
def streams(name: str = "dims-of-8.en", windows: str = "full") -> _native.Streams:
    return _native.Streams(_native.Model(*files(name), windows=windows))


@cache
def twin(name: str) -> model.Model:
    return model.read(*files(name))


def pushed(pcm: Floats, cuts: list[int], name: str = "dims-of-8.en") -> _native.Stream:
    heard = _native.Stream(streams(name))
    for chunk in np.split(pcm, sorted(cuts)):
        heard.push(chunk)
    return heard


CUTS = st.lists(st.integers(0, 9600), max_size=8)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 9600), CUTS)
def test_the_log_mel_of_a_stream_that_has_ended_is_that_of_the_whole(
    length: int, cuts: list[int]
) -> None:
    pcm = noise(0.6)[:length]
    heard = _native.Stream(streams())
    for chunk in np.split(pcm, sorted(min(cut, length) for cut in cuts)):
        heard.push(chunk)
        heard.frames()  # computes what is there, which must change nothing
    heard.end()

    np.testing.assert_allclose(heard.log_mel(), _native.log_mel(pcm), atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 9600), st.floats(0, 1), st.booleans())
def test_the_frames_at_hand_are_those_of_the_oracle(length: int, part: float, ended: bool) -> None:
    pcm = noise(0.6)[:length]
    ours, theirs = pushed(pcm, []), stream.Stream(twin("dims-of-8.en"))
    theirs.push(pcm)
    if ended:
        ours.end()
        theirs.end()
    for one in (ours, theirs):
        one.forget(int(part * one.frames()))

    assert ours.frames() == theirs.frames()
    np.testing.assert_allclose(ours.log_mel(), theirs.log_mel(), atol=1e-4)


@pytest.mark.parametrize("name", ["dims-of-8.en", "dims-of-8", "tiny.en"])
def test_what_follows_the_standing_tokens_is_what_the_oracle_finds(name: str) -> None:
    pcm = noise(min(1.0, 0.02 * shortened(name).dims.audio_context))
    ours, theirs = pushed(pcm, [4000], name), stream.Stream(twin(name))
    theirs.push(pcm)
    begin = streams(name).timestamp_begin

    assert begin == twin(name).tokenizer.timestamp_begin
    for standing in ([], [begin], [begin, 5, 9, begin + 3, begin + 3, 6]):
        for most in (3,) if name == "tiny.en" else (0, 3, 100):
            found, expected = ours.decode(standing, most, WHOLE), theirs.decode(standing, most)

            assert found["tokens"] == expected["tokens"]
            assert found["frames"] == expected["frames"]
            assert found["probabilities"] == pytest.approx(expected["probabilities"], abs=1e-3)
            assert found["avg_log_prob"] == pytest.approx(expected["avg_log_prob"], abs=1e-3)
            assert found["no_speech_prob"] == pytest.approx(expected["no_speech_prob"], abs=1e-3)


def test_what_was_found_and_stands_is_continued_as_it_was() -> None:
    heard = pushed(noise(0.3), [])
    found = heard.decode([], 20)

    for count in range(1, len(found["tokens"])):
        rest = heard.decode(found["tokens"][:count], 20 - count)
        assert rest["tokens"] == found["tokens"][count:]
        assert rest["probabilities"] == pytest.approx(found["probabilities"][count:], abs=1e-5)


@pytest.mark.parametrize("windows", ["full", "cached"])
def test_a_stream_finds_in_a_whole_utterance_what_a_recognizer_with_cached_windows_finds(
    windows: str,
) -> None:
    pcm = noise(2.0)
    ours = _native.Stream(streams("tiny.en", windows))
    ours.push(pcm)
    ours.end()
    cached = _native.Recognizer(_native.Model(*files("tiny.en"), windows="cached"))

    first = ours.decode([], 1000)["tokens"]

    assert first
    assert first == cached.transcribe(pcm)["tokens"][: len(first)]


def test_nothing_is_found_in_less_than_a_frame() -> None:
    heard = pushed(noise(0.005), [])

    assert heard.frames() == 0
    assert heard.decode([], 5)["tokens"] == []
    heard.end()
    assert heard.log_mel().shape == (0, 80)


def test_what_cannot_be_heard_is_refused_and_leaves_the_stream_as_it_was() -> None:
    heard = pushed(noise(0.1), [])
    bad = noise(0.1)
    bad[7] = np.nan
    with pytest.raises(AudioError, match=r"pcm\[7\] is nan"):
        heard.push(bad)
    with pytest.raises(TypeError, match="float32"):
        heard.push(np.zeros(4))  # type: ignore[arg-type]  # the test
    with pytest.raises(OptionError, match="frames is 10; expected at most the 9 at hand"):
        heard.forget(10)
    with pytest.raises(OptionError, match="frames is -1; expected 0 or more"):
        heard.forget(-1)

    np.testing.assert_array_equal(heard.log_mel(), pushed(noise(0.1), []).log_mel())
    heard.end()
    with pytest.raises(OptionError, match="1600 values behind the end"):
        heard.push(noise(0.1))


def test_more_than_a_window_is_refused_until_some_of_it_is_forgotten() -> None:
    heard = pushed(noise(0.4), [])
    with pytest.raises(OptionError, match="holds 39 mel frames; expected at most a window, 32"):
        heard.decode([], 5)
    heard.forget(7)

    assert heard.decode([], 5)["tokens"]


def test_standing_tokens_that_begin_no_window_are_refused() -> None:
    heard = pushed(noise(0.2), [])
    begin = streams().timestamp_begin
    with pytest.raises(OptionError, match="first standing token is 5; expected a timestamp"):
        heard.decode([5], 5)
    with pytest.raises(OptionError, match="a standing token is -1"):
        heard.decode([begin, -1], 5)
    with pytest.raises(OptionError, match=f"a standing token is {begin + 17}"):
        heard.decode([begin, begin + 17], 5)
    with pytest.raises(OptionError, match=f"a standing token is {begin - 1}"):
        heard.decode([begin, begin - 1], 5)
    with pytest.raises(OptionError, match="33 tokens stand; expected at most 32"):
        heard.decode([begin, *[5] * 32], 5)
    with pytest.raises(OptionError, match="most is -1"):
        heard.decode([], -1)
    with pytest.raises(OptionError, match="margin is -1"):
        heard.decode([], 5, -1)


def test_streams_that_cannot_be_are_refused() -> None:
    whisper = _native.Model(*files("dims-of-8.en"))
    with pytest.raises(OptionError, match="threads is 0"):
        _native.Streams(whisper, 0)
    with pytest.raises(TypeError, match="incompatible"):
        _native.Streams(None)  # type: ignore[arg-type]  # the test
    with pytest.raises(TypeError, match="incompatible"):
        _native.Stream(None)  # type: ignore[arg-type]  # the test
    with pytest.raises(ModelError, match="language"):
        _native.Streams(whisper, language="fr")


def test_streams_in_threads_find_what_each_finds_alone() -> None:
    shared = streams("tiny.en")
    pieces = [noise(2.0)[3000 * n :][:16000] for n in range(4)]

    def alone(pcm: Floats) -> _native.Continued:
        heard = _native.Stream(shared)
        heard.push(pcm)
        return heard.decode([], 12)

    expected = [alone(pcm) for pcm in pieces]
    found: dict[int, _native.Continued] = {}

    def work(number: int) -> None:
        for _ in range(3):
            found[number] = alone(pieces[number])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(pieces))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [found[number] for number in range(len(pieces))] == expected
    assert len({tuple(one["probabilities"]) for one in expected}) == len(expected)


def test_a_second_thread_in_a_stream_is_refused() -> None:
    heard = _native.Stream(streams("tiny.en"))
    heard.push(noise(2.0))
    thread = threading.Thread(target=heard.decode, args=([], 30, WHOLE))
    thread.start()
    refused = False
    while thread.is_alive() and not refused:
        try:
            heard.frames()
        except OptionError as error:  # noqa: PERF203  that is what is waited for
            refused = "in use by another thread" in str(error)
    thread.join()

    assert refused
