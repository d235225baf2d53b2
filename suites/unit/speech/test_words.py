"""Words of real speech: the core has the oracle's, and faster-whisper's nearly everywhere."""

import functools
import string

import numpy as np
import pytest

from asrbench import _native
from asrbench.engine import EngineOptions
from asrbench.errors import ModelError
from asrbench.speech import corpus, weights
from asrbench.speech.audio import Pcm
from asrbench.speech.decoding import Decoding
from asrbench.speech.engines.native import Native
from asrbench.speech.oracle import model, recognizer
from asrbench.speech.oracle.options import Options
from asrbench.speech.transcript import Segment, Transcript
from suites.trust.words import Agreement, Stretch, whole, words

TIMED = Decoding(words=True)


@pytest.fixture(autouse=True, scope="module")
def _weights_are_here() -> None:
    try:
        weights.find()
    except ModelError as error:
        pytest.skip(f"no weights: {error}")


def said(*ids: str) -> Pcm:
    """Return embedded utterances, one after another, with three seconds of silence between."""
    by_id = {utterance.id: utterance for utterance in corpus.find("embedded").utterances}
    pause = np.zeros(48_000, np.float32)
    parts = [part for name in ids for part in (pause, by_id[name].pcm())]
    return np.concatenate(parts[1:])


@functools.cache
def native(precision: str = "float32", windows: str = "full") -> Native:
    return Native(EngineOptions(), precision, windows, TIMED)  # type: ignore[arg-type]  # they are


@functools.cache
def oracle_of(ids: tuple[str, ...]) -> Transcript:
    found = weights.find()
    whisper = model.load(found.model, found.config, found.vocabulary)
    return recognizer.transcribe(whisper, said(*ids), Options(words=True))


@pytest.mark.parametrize("ids", [("timer",), ("river", "library"), ("price", "order", "weather")])
def test_words_of_real_speech_are_the_oracles(ids: tuple[str, ...]) -> None:
    ours, expected = native().run(said(*ids)), oracle_of(ids)

    assert ours.tokens == expected.tokens
    for mine, theirs in zip(ours.segments, expected.segments, strict=True):
        assert (mine.start_s, mine.end_s) == pytest.approx((theirs.start_s, theirs.end_s))
        assert [word.text for word in mine.words] == [word.text for word in theirs.words]
        for word, other in zip(mine.words, theirs.words, strict=True):
            assert (word.start_s, word.end_s) == pytest.approx((other.start_s, other.end_s))
            assert word.probability == pytest.approx(other.probability, abs=1e-4)


def test_words_are_the_text_cut_up_in_order_and_a_segment_is_its_words() -> None:
    for segment in native().run(said("river", "library")).segments:
        assert "".join(word.text for word in segment.words) == segment.text
        times = [time for word in segment.words for time in (word.start_s, word.end_s)]
        assert times == sorted(times)
        assert (segment.start_s, segment.end_s) == (times[0], times[-1])


def test_a_word_behind_a_pause_is_not_stretched_over_it() -> None:
    found = native().run(said("river", "library"))

    lengths = [word.end_s - word.start_s for segment in found.segments for word in segment.words]
    assert max(lengths) < 1.5


@pytest.mark.parametrize("precision", ["int16", "int8"])
@pytest.mark.parametrize("windows", ["full", "cached"])
def test_rounded_words_lie_where_exact_ones_do(precision: str, windows: str) -> None:
    pcm = said("river", "library")
    close = Agreement(0.1)

    close.add("both", words(native(precision, windows).run(pcm).segments), exact(pcm))

    assert close.both >= 0.9 * close.theirs > 0
    assert close.close >= 0.9 * close.both


def exact(pcm: Pcm) -> list[Stretch]:
    return words(native().run(pcm).segments)


def test_ninety_of_a_hundred_words_lie_within_a_tenth_of_a_second_of_faster_whispers() -> None:
    pytest.importorskip("faster_whisper", reason='pip install "asrbench-perf[peers]"')
    from asrbench.speech.engines.faster_whisper import FasterWhisper

    peer = FasterWhisper(EngineOptions(), decoding=TIMED)
    word, segment = Agreement(0.1), Agreement(0.2)
    for ids in (("timer",), ("river", "library"), ("price", "order", "weather")):
        ours, theirs = native().run(said(*ids)).segments, peer.run(said(*ids)).segments
        word.add(ids[0], words(ours), words(theirs))
        segment.add(ids[0], whole(ours), whole(theirs))

    assert word.both >= 0.95 * word.theirs > 30
    assert word.close >= 0.9 * word.both
    assert segment.close >= 0.95 * segment.theirs > 3


def test_an_agreement_counts_what_both_have_and_lists_what_is_further_off() -> None:
    counted = Agreement(0.1)
    ours = [Stretch("a", 0.0, 0.5), Stretch("b", 0.5, 1.0), Stretch("x", 1.0, 1.1)]

    counted.add("u", ours, [Stretch("a", 0.1, 0.5), Stretch("b", 0.5, 1.3), Stretch("c", 2, 3)])

    assert (counted.theirs, counted.both, counted.close) == (3, 2, 1)
    assert counted.far == ["u: 'b' 0.50 to 1.00 s, theirs 0.50 to 1.30 s"]
    assert counted.line("words") == "| words | 3 | 2 | 0.1 s | 50.0% |"


def test_words_are_compared_without_their_case_and_marks() -> None:
    spoken = native().run(said("timer")).segments
    keys = [one.key for one in words(spoken)]

    assert keys
    assert all(key == key.lower().strip(string.punctuation + " ") for key in keys)


@pytest.mark.full
def test_speech_dev_keeps_the_bounds_of_faster_whisper() -> None:
    pytest.importorskip("faster_whisper", reason='pip install "asrbench-perf[peers]"')
    import argparse

    from suites.trust.words import compare

    asked = argparse.Namespace(
        corpus="speech-dev", limit=None, precision="int16", windows="full", beam=5, threads=1
    )
    for (_, what), found in compare(asked).by_kind.items():
        assert found.close >= (0.9 if what == "words" else 0.95) * found.both > 0


def test_a_stretch_that_runs_backwards_and_a_bound_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match=r"'a' from 2\.0 s to 1\.0 s"):
        Stretch("a", 2.0, 1.0)
    with pytest.raises(ValueError, match="expected above 0"):
        Agreement(0)


def test_words_are_asked_for_by_the_choices_of_a_call() -> None:
    assert _native.Options(words=True).words
    assert not _native.Options().words
    assert Segment(0, 1, "", (), 0, 0).words == ()
