"""The embedded corpus is what its script makes, small, and as long as its manifest says."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from asrbench.speech import audio, corpus
from asrbench.speech.accuracy import wer
from asrbench.speech.embedded import make


def test_the_embedded_corpus_is_about_a_minute_of_our_own_sentences() -> None:
    embedded = corpus.find("embedded")

    assert len(embedded.utterances) >= 12
    assert 50 <= embedded.duration_s <= 90
    assert {u.id: u.reference for u in embedded.utterances} == make.SENTENCES
    assert embedded.licence == make.LICENCE


def test_the_embedded_corpus_is_small_enough_to_ship() -> None:
    folder = Path(make.__file__).parent

    assert sum(path.stat().st_size for path in folder.glob("*.flac")) < 1_500_000


def test_every_embedded_utterance_loads_as_long_as_its_line_says() -> None:
    for utterance in corpus.find("embedded").utterances:
        pcm = utterance.pcm()

        assert pcm.dtype == np.float32
        assert pcm.size / audio.RATE_HZ == pytest.approx(utterance.duration_s, abs=1e-4)
        assert 0.05 < np.abs(pcm).max() < 1


@pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed (apt-get)")
def test_the_script_makes_the_embedded_corpus_again(tmp_path: Path) -> None:
    make.make(tmp_path)

    for name in make.SENTENCES:
        again, shipped = (audio.read(f / f"{name}.flac") for f in (tmp_path, make.FOLDER))
        np.testing.assert_array_equal(again, shipped)
    assert (tmp_path / "manifest.jsonl").read_bytes() == (
        make.FOLDER / "manifest.jsonl"
    ).read_bytes()


@pytest.mark.slow
def test_the_recognizer_understands_the_embedded_corpus() -> None:
    from asrbench.speech.recognizer import Recognizer

    recognizer = Recognizer(threads=2)
    utterances = corpus.find("embedded").utterances

    hypotheses = [recognizer.transcribe_pcm(u.pcm()).text for u in utterances]

    score = wer([u.reference or "" for u in utterances], hypotheses)
    assert score.words == 182
    assert score.rate <= 0.03, hypotheses
