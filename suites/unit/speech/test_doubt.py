"""What nobody said is empty or flagged: on silence, noise and tones, and not on speech."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from asrbench import ModelError, Recognizer
from asrbench.errors import CorpusError
from asrbench.speech import corpus, weights
from asrbench.speech.audio import Pcm
from asrbench.speech.doubt import doubts, doubts_of_all
from asrbench.speech.transcript import Segment, Transcript

RATE = 16_000
SAID = " The birch canoe slid on the smooth planks."


def segment(
    text: str = SAID, log_prob: float = -0.3, silence: float = 0.1, at_s: float = 0.0
) -> Segment:
    """A segment of a second."""
    return Segment(at_s, at_s + 1, text, (), log_prob, silence)


def transcript(*segments: Segment) -> Transcript:
    """A transcript of segments."""
    return Transcript("".join(s.text for s in segments), (), segments, -0.3, 0.1)


@pytest.mark.parametrize(
    ("doubtful", "reason"),
    [
        (segment(SAID * 4), "repeats itself: compresses"),
        (segment(log_prob=-1.01), "unlikely: mean log-probability -1.01"),
        (segment(silence=0.61), "no speech: probability 0.61"),
    ],
)
def test_a_segment_is_doubted_for_what_it_is(doubtful: Segment, reason: str) -> None:
    (found,) = doubts(doubtful)

    assert found.startswith(reason)
    assert doubts_of_all(transcript(segment(), doubtful)) == (found,)


def test_what_is_said_is_not_doubted_nor_what_is_silent() -> None:
    assert doubts(segment()) == ()
    assert doubts(segment(" ", -3.0, 0.9)) == ()
    assert doubts_of_all(transcript(segment())) == ()
    assert doubts_of_all(Transcript("")) == ()


def test_a_loop_of_short_segments_is_seen_in_what_lies_together() -> None:
    loop = transcript(*(segment(" I am going to do that.", at_s=2.0 * n) for n in range(12)))
    told = transcript(*(segment(" I am going to do that.", at_s=40.0 * n) for n in range(12)))

    assert [reason.partition(":")[0] for reason in doubts_of_all(loop)] == ["repeats itself"]
    assert doubts_of_all(told) == ()  # no two of them within a window


def test_a_window_that_repeats_itself_makes_each_of_its_segments_doubtful() -> None:
    calm, loop = (replace(segment(), compression_ratio=ratio) for ratio in (2.3, 2.5))

    assert doubts(calm) == ()
    assert doubts(loop) == ("repeats itself: compresses 2.5 times, above 2.4",)


def test_a_text_without_segments_is_asked_as_it_is() -> None:
    assert doubts_of_all(Transcript(SAID)) == ()
    assert len(doubts_of_all(Transcript(SAID * 9, (), (), -2.0, 0.9))) == 3


def noises(seconds: int) -> dict[str, Pcm]:
    """What nobody says anything in: silence, noise loud and faint, tones."""
    count = seconds * RATE
    time_s = np.arange(count) / RATE
    random = np.random.default_rng(0)
    white = random.standard_normal(count)
    hz = np.fft.rfftfreq(count, 1 / RATE)
    pink = np.fft.irfft(
        np.fft.rfft(random.standard_normal(count)) / np.sqrt(np.maximum(hz, 1)), count
    )
    pink /= np.abs(pink).max()
    beeps = np.sin(2 * np.pi * 1000 * time_s) * (np.floor(2 * time_s) % 2)
    found = {
        "silence": np.zeros(count),
        "white": 0.1 * white,
        "faint white": 0.003 * white,
        "pink": 0.5 * pink,
        "faint pink": 0.02 * pink,
        "tone": 0.3 * np.sin(2 * np.pi * 440 * time_s),
        "faint tone": 0.02 * np.sin(2 * np.pi * 1000 * time_s),
        "beeps": 0.3 * beeps,
        "chord": 0.1 * sum(np.sin(2 * np.pi * f * time_s) for f in (261, 329, 392)),
        "hum": 0.1 * np.sin(2 * np.pi * 50 * time_s),
    }
    return {name: pcm.astype(np.float32) for name, pcm in found.items()}


@cache
def native() -> Recognizer:
    """The recognizer with the real weights, or a skip."""
    try:
        weights.find()
    except ModelError as error:
        pytest.skip(f"no weights: {error}")
    return Recognizer(threads=2)


def flagged(pcm: Pcm) -> bool:
    """Whether every segment said is doubted; no segment is well."""
    found = native().transcribe_pcm(pcm)
    return all(doubts(s) for s in found.segments) and bool(doubts_of_all(found)) == bool(
        found.segments
    )


@pytest.mark.parametrize("name", noises(1))
def test_what_is_heard_in_five_seconds_of_no_speech_is_empty_or_flagged(name: str) -> None:
    assert flagged(noises(5)[name])


@pytest.mark.full
@pytest.mark.parametrize("name", noises(1))
def test_what_is_heard_in_a_minute_of_no_speech_is_empty_or_flagged(name: str) -> None:
    assert flagged(noises(60)[name])


def test_speech_is_not_flagged() -> None:
    for utterance in corpus.find("embedded").utterances[:3]:
        assert doubts_of_all(native().transcribe_pcm(utterance.pcm())) == ()


@pytest.mark.full
def test_of_real_speech_one_segment_in_fifty_is_flagged_at_most() -> None:
    try:
        utterances = corpus.find("speech-dev").utterances
    except CorpusError as error:
        pytest.skip(f"no real speech: {error}")
    said = [s for u in utterances for s in native().transcribe_pcm(u.pcm()).segments]

    assert sum(bool(doubts(s)) for s in said) <= len(said) / 50
