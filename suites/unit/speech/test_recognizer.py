"""The recognizer gives the oracle's token ids on real speech, and answers whatever it is given."""

import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from asrbench import AudioError, DeadlineError, ModelError, OptionError, Recognizer, _native
from asrbench.errors import CorpusError
from asrbench.speech import corpus, synthetic, weights
from asrbench.speech.corpus import Corpus, Utterance
from asrbench.speech.oracle import encoder, model
from asrbench.speech.oracle import recognizer as oracle

SUBSET = (  # short and long, clean and noisy, one that is skipped words in
    "jfk",
    "ls-198-209-0000",
    "lj001-0028",
    "ast-vm-newuser",
    "ast8k-privacy-prompt",
    "long-sonnet-001",
)


@cache
def native() -> Recognizer:
    return Recognizer(threads=2, precision="float32")


@cache
def twin() -> model.Model:
    found = weights.find()
    return model.load(found.model, found.config, found.vocabulary)


@pytest.fixture(scope="module", autouse=True)
def _weights_are_here() -> None:
    try:
        weights.find()
    except ModelError as error:
        pytest.skip(f"no weights: {error}")


def real_speech() -> Corpus:
    try:
        return corpus.find("speech-dev")
    except CorpusError as error:
        pytest.skip(f"no real speech: {error}")


def agree(utterance: Utterance) -> None:
    pcm = utterance.pcm()
    ours, theirs = native().transcribe_pcm(pcm), oracle.transcribe(twin(), pcm)

    assert ours.tokens == theirs.tokens
    assert ours.text == theirs.text
    assert [(s.start_s, s.end_s) for s in ours.segments] == [
        (s.start_s, s.end_s) for s in theirs.segments
    ]
    assert ours.avg_log_prob == pytest.approx(theirs.avg_log_prob, abs=1e-3)
    assert ours.no_speech_prob == pytest.approx(theirs.no_speech_prob, rel=1e-2)


def test_the_embedded_corpus_gives_the_oracles_tokens() -> None:
    for utterance in corpus.find("embedded").utterances[:2]:
        agree(utterance)


@pytest.mark.parametrize("name", SUBSET)
def test_real_speech_gives_the_oracles_tokens(name: str) -> None:
    agree({u.id: u for u in real_speech().utterances}[name])


@pytest.mark.full
def test_all_of_speech_dev_gives_the_oracles_tokens() -> None:
    for utterance in real_speech().utterances:
        agree(utterance)


def test_encoder_states_lie_within_a_fiftieth_of_their_maximum() -> None:
    found = weights.find()
    core = _native.Model(
        found.model.read_bytes(), found.config.read_bytes(), found.vocabulary.read_bytes()
    )
    mel = _native.log_mel(corpus.find("embedded").utterances[0].pcm())

    expected = encoder.encode(twin().weights, mel)

    np.testing.assert_allclose(core.encode(mel), expected, atol=2e-2 * np.abs(expected).max())


def tone(seconds: float = 1.0, rate_hz: int = 16000) -> NDArray[np.float32]:
    time_s = np.arange(int(seconds * rate_hz)) / rate_hz
    return (0.1 * np.sin(2 * np.pi * 440 * time_s)).astype(np.float32)


def test_every_way_to_hand_over_the_same_audio_gives_the_same_text(tmp_path: Path) -> None:
    utterance = corpus.find("embedded").utterances[0]
    pcm = utterance.pcm()
    integers = np.round(pcm * 32768).astype("<i2")
    soundfile.write(tmp_path / "a.wav", integers, 16000)
    expected = native().transcribe_pcm(pcm).text

    assert native().transcribe(tmp_path / "a.wav").text == expected
    assert native().transcribe(str(tmp_path / "a.wav")).text == expected
    assert native().transcribe(integers.tobytes()).text == expected
    assert native().transcribe(bytearray(integers.tobytes())).text == expected
    assert native().transcribe(memoryview(integers.tobytes())).text == expected
    assert native().transcribe(integers, 16000).text == expected
    assert native().transcribe(np.stack([pcm, pcm], axis=1), 16000).text == expected
    assert native().transcribe(pcm.astype(np.float64), 16000).text == expected
    assert native().transcribe(np.repeat(pcm, 2)[::2], 16000).text == expected
    assert native().transcribe(pcm.astype(">f4"), 16000).text == expected


@pytest.mark.parametrize(
    ("audio", "reason"),
    [
        (np.full(1600, np.nan, np.float32), "nan"),
        (np.array([0, np.inf], np.float32), "inf"),
        (np.zeros(0, np.float32), "empty"),
        (np.array(0.5, np.float32), "shape"),
        (np.ma.masked_array(tone(), tone() > 0), "masked"),
    ],
)
def test_audio_that_cannot_be_used_is_refused(audio: NDArray[np.float32], reason: str) -> None:
    with pytest.raises(AudioError, match=reason):
        native().transcribe(audio, 16000)


@pytest.mark.parametrize("contents", [b"", b"this is no sound at all\n" * 50])
def test_a_file_that_is_no_audio_is_refused(tmp_path: Path, contents: bytes) -> None:
    (tmp_path / "text.wav").write_bytes(contents)

    with pytest.raises(AudioError, match=r"text\.wav"):
        native().transcribe(tmp_path / "text.wav")


def test_one_value_of_audio_has_no_text() -> None:
    found = native().transcribe(np.array([0.25], np.float32), 16000)

    assert found.text == ""
    assert found.segments == ()
    assert found.avg_log_prob is None


def test_silence_has_no_text() -> None:
    assert native().transcribe(np.zeros(48000, np.float32), 16000).text == ""


def test_a_rate_belongs_to_an_array_and_to_nothing_else() -> None:
    with pytest.raises(OptionError, match="rate_hz is None for an array"):
        native().transcribe(tone())
    with pytest.raises(OptionError, match="rate_hz is 16000 for bytes; expected None"):
        native().transcribe(b"\0\0", 16000)


def test_a_deadline_that_passed_is_told(tmp_path: Path) -> None:
    started = time.perf_counter()
    with pytest.raises(DeadlineError):
        native().transcribe(tone(300), 16000, deadline_s=0.05)

    assert time.perf_counter() - started < 1.0


def test_a_model_of_ones_own_serves_and_is_marked_unverified(tmp_path: Path) -> None:
    synthetic.write(tmp_path, synthetic.TINY, seed=1)

    own = Recognizer(tmp_path)

    assert not own.weights.verified
    assert native().weights.verified
    assert np.isfinite(own.transcribe(tone(), 16000).avg_log_prob or 0)


def test_a_folder_with_an_empty_model_is_refused(tmp_path: Path) -> None:
    synthetic.write(tmp_path, synthetic.TINY)
    (tmp_path / "model.bin").write_bytes(b"")

    with pytest.raises(ModelError, match=r"model\.bin"):
        Recognizer(tmp_path)


def test_a_language_is_the_models_or_refused(tmp_path: Path) -> None:
    synthetic.write(tmp_path, synthetic.SHAPES["dims-of-8"])

    assert Recognizer(tmp_path, language="x01").transcribe(tone(), 16000).tokens
    with pytest.raises(ModelError, match="language is 'de'; expected 'en'"):
        Recognizer(language="de")
