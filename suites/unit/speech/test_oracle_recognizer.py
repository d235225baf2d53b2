"""The whole oracle: windows and segments on a tiny model, real speech against faster-whisper."""

import functools

import numpy as np
import pytest
from numpy.typing import NDArray

from asrbench.engine import EngineOptions
from asrbench.errors import AudioError, CorpusError, ModelError
from asrbench.speech import corpus, synthetic
from asrbench.speech.engines.oracle import Oracle
from asrbench.speech.oracle import model, recognizer
from asrbench.speech.oracle.config import Config
from asrbench.speech.oracle.options import Options
from asrbench.speech.oracle.stages import Stages

SPACE = 220  # the token of a lone blank, here as in GPT-2's vocabulary


def noise(seconds: float) -> NDArray[np.float32]:
    values = np.random.default_rng(1).normal(0, 0.1, int(16000 * seconds))
    return values.astype(np.float32)


@functools.cache
def tiny(name: str = "dims-of-8.en", seed: int = 1) -> model.Model:
    return model.read(*synthetic.files(synthetic.SHAPES[name], seed))


@pytest.mark.parametrize("name", ["dims-of-8.en", "dims-of-8"])
def test_a_long_utterance_goes_window_by_window_to_its_end(name: str) -> None:
    whisper = tiny(name)
    ends_s = [segment.end_s for segment in recognizer.transcribe(whisper, noise(2.0)).segments]

    assert ends_s == sorted(ends_s)
    assert 1.5 < ends_s[-1] <= 2.0 + 0.32  # a last window may be said to end with its padding


def test_the_text_is_that_of_the_segments_and_the_tokens_those_of_all_windows() -> None:
    transcript = recognizer.transcribe(tiny(), noise(1.0))

    assert transcript.text == "".join(segment.text for segment in transcript.segments)
    begin = tiny().tokenizer.timestamp_begin
    said = [token for segment in transcript.segments for token in segment.tokens]
    assert len(transcript.tokens) >= len(said) > 0
    assert all(segment.tokens[0] >= begin for segment in transcript.segments)


def test_the_same_audio_gives_the_same_transcript() -> None:
    first, second = (recognizer.transcribe(tiny(), noise(1.0)) for _ in range(2))

    assert (first.tokens, first.segments) == (second.tokens, second.segments)


def test_every_stage_has_its_seconds() -> None:
    stages = recognizer.transcribe(tiny(), noise(0.5)).stages

    assert set(stages) == {"log_mel", "encoder", "cross_kv", "decoder", "search"}
    assert all(seconds > 0 for seconds in stages.values())


def test_stages_add_up_by_the_clock_they_are_given() -> None:
    stages = Stages(clock=iter([0.0, 2.0, 10.0, 11.0]).__next__)
    for _ in range(2):
        with stages.time("encoder"):
            pass

    assert stages.seconds == {"encoder": 3.0}


def test_a_window_taken_for_silence_is_passed_without_text() -> None:
    everything_is_silence = Options(no_speech_prob=0.0, avg_log_prob=0.0)

    transcript = recognizer.transcribe(tiny(), noise(1.0), everything_is_silence)

    assert (transcript.text, transcript.segments) == ("", ())
    assert transcript.avg_log_prob is None
    assert 0 < len(transcript.tokens) <= 4 * 32  # what four windows of 0.32 s generated


def test_segments_of_blanks_are_left_out() -> None:
    ids = tiny().tokenizer
    others = set(range(ids.timestamp_begin)) - {SPACE}
    blanks = Config(suppress_ids=tuple(others))

    only_blanks = model.Model(tiny().weights, blanks, ids)
    transcript = recognizer.transcribe(only_blanks, noise(1.0))

    assert SPACE in transcript.tokens
    assert (transcript.text, transcript.segments) == ("", ())


def test_less_than_a_frame_of_audio_has_no_text() -> None:
    transcript = recognizer.transcribe(tiny(), noise(0.0099))

    assert (transcript.text, transcript.tokens) == ("", ())


def test_audio_that_is_not_finite_is_refused() -> None:
    with pytest.raises(AudioError, match="expected a finite value"):
        recognizer.transcribe(tiny(), np.full(1600, np.nan, np.float32))


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ModelError, match="language is 'xx'"):
        recognizer.transcribe(tiny("dims-of-8"), noise(0.1), Options(language="xx"))


def test_a_threshold_that_is_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no_speech_prob is 1.5; expected 0 to 1"):
        Options(no_speech_prob=1.5)


@functools.cache
def real_oracle() -> Oracle:
    try:
        return Oracle(EngineOptions())
    except ModelError as error:
        pytest.skip(f"no weights: {error}")


def speech_dev(limit: int) -> tuple[corpus.Utterance, ...]:
    try:
        found = corpus.find("speech-dev").utterances
    except CorpusError as error:
        pytest.skip(f"no real speech: {error}")
    return found[:limit]


def test_real_speech_has_faster_whispers_text_and_tokens() -> None:
    pytest.importorskip("faster_whisper")
    from asrbench.speech.engines.faster_whisper import FasterWhisper

    peer, oracle = FasterWhisper(EngineOptions()), real_oracle()
    for utterance in speech_dev(limit=2):
        pcm = utterance.pcm()
        ours, theirs = oracle.run(pcm), peer.run(pcm)

        assert ours.text == theirs.text != ""
        assert [s.tokens for s in ours.segments] == [s.tokens for s in theirs.segments]
        assert [s.start_s for s in ours.segments] == pytest.approx(
            [s.start_s for s in theirs.segments]
        )
        assert [s.end_s for s in ours.segments] == pytest.approx([s.end_s for s in theirs.segments])
        assert ours.avg_log_prob == pytest.approx(theirs.avg_log_prob, abs=1e-3)
        assert ours.no_speech_prob == pytest.approx(theirs.no_speech_prob, abs=1e-3)
