"""Utterances in chunks, and sessions that make a stream of an engine that hears the whole."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from asrbench.engine import Commit, EngineOptions, Final, Partial, StreamingEngine
from asrbench.errors import CorpusError, OptionError
from asrbench.speech.audio import Pcm
from asrbench.speech.corpus import Corpus, Utterance
from asrbench.speech.corpus.manifest import read_manifest
from asrbench.speech.streams import Redecoding, Whole, arrivals, timing
from asrbench.speech.transcript import Segment, Transcript
from asrbench.workload import Timing


def noise(seconds: float) -> Pcm:
    count = round(16_000 * seconds)
    return np.random.default_rng(0).standard_normal(count).astype(np.float32)


def corpus(seconds: float) -> Corpus:
    return Corpus("c", (Utterance("u", seconds, "x", lambda: noise(seconds)),), "none")


class Saying:
    """Says the next text at each call, and remembers how much audio it was given."""

    name = "saying"

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = list(texts)
        self.given: list[Pcm] = []

    def run(self, item: Pcm) -> Transcript:
        self.given.append(item)
        return Transcript(self.texts.pop(0))

    def close(self) -> None:
        pass


def test_chunks_are_the_audio_and_come_when_their_last_value_was_said() -> None:
    (arrival,) = arrivals(corpus(1.05), 0.1)

    assert arrival.item == "u"
    assert len(arrival.chunks) == 11
    assert np.array_equal(np.concatenate(arrival.chunks), noise(1.05))
    assert arrival.due_s == pytest.approx([*(0.1 * (n + 1) for n in range(10)), 1.05])


def test_chunks_shorter_than_a_value_are_refused() -> None:
    with pytest.raises(OptionError, match="chunk_s is 1e-05"):
        arrivals(corpus(1.0), 1e-5)


def test_an_engine_without_partial_results_says_all_at_the_end() -> None:
    engine = Saying(["all of it"])
    session = Whole(engine).open()
    for chunk in arrivals(corpus(1.0), 0.1)[0].chunks:
        assert session.push(chunk) == ()

    assert session.finish() == (Final("all of it", 1.0),)
    assert np.array_equal(engine.given[0], noise(1.0))


def test_words_on_which_two_passes_agree_are_committed() -> None:
    texts = ["The cat", "the cat. Sat", "the cat sat on", "the dog", "the cat sat on a mat"]
    engine = Saying(texts)
    session = Redecoding(engine.run, step_s=1.0)
    heard = [list(session.push(chunk)) for chunk in arrivals(corpus(4.5), 0.5)[0].chunks]

    assert heard == [
        [],
        [Partial("The cat", 1.0)],
        [],
        [Commit("the cat.", 2.0), Partial("Sat", 2.0)],
        [],
        [Commit("sat", 3.0), Partial("on", 3.0)],
        [],
        [Partial("", 4.0)],
        [],
    ]
    assert session.finish() == (Final("the cat. sat on a mat", 4.5),)
    assert [len(pcm) / 16_000 for pcm in engine.given] == [1.0, 2.0, 3.0, 4.0, 4.5]


def test_word_ends_are_spread_by_letters_within_each_segment() -> None:
    pieces = (
        Segment(0.0, 1.1, " ab cd ef gh", (), 0.0, 0.0),
        Segment(2.0, 9.0, " word", (), 0.0, 0.0),
        Segment(9.0, 9.0, "", (), 0.0, 0.0),
    )
    found = timing(corpus(3.0), "u", Transcript("", segments=pieces))

    assert found.words == ("ab", "cd", "ef", "gh", "word")
    assert found.ends_s == pytest.approx((0.2, 0.5, 0.8, 1.1, 3.0))  # the audio ends at 3.0
    assert found.source == "estimated from the segments of the batch transcript"


def test_a_text_without_segments_is_spread_over_the_utterance() -> None:
    found = timing(corpus(1.1), "u", Transcript("ab cd ef gh"))

    assert found.ends_s == pytest.approx((0.2, 0.5, 0.8, 1.1))
    assert found.source.startswith("estimated: letters")


def test_word_ends_of_a_corpus_that_is_aligned_are_taken_from_it(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", noise(1.0), 16_000)
    row = {"audio_filepath": "a.wav", "duration": 1.0, "text": "Hello, world"}
    manifest = tmp_path / "m.jsonl"
    manifest.write_text(json.dumps({**row, "word_ends": [0.25, 0.75]}))
    found = timing(read_manifest(manifest), "a", Transcript("hello word"))

    assert found == Timing(("Hello,", "world"), (0.25, 0.75), "from the corpus's alignment")


@pytest.mark.parametrize("ends", [[0.25], [0.5, 0.25], "0.1", [0.1, "x"], [0.1, -1], [0.1, None]])
def test_word_ends_that_cannot_be_are_refused_with_the_line(tmp_path: Path, ends: object) -> None:
    soundfile.write(tmp_path / "a.wav", noise(1.0), 16_000)
    row = {"audio_filepath": "a.wav", "duration": 1.0, "text": "Hello, world", "word_ends": ends}
    manifest = tmp_path / "m.jsonl"
    manifest.write_text(json.dumps(row))

    with pytest.raises(CorpusError, match=r"m\.jsonl:1: .*word.ends"):
        read_manifest(manifest)


def test_an_engine_decoded_again_and_again_ends_with_the_words_of_the_whole() -> None:
    from asrbench.speech.corpus import find
    from asrbench.speech.engines.native import Native

    engine = Native(EngineOptions())
    assert not isinstance(Saying([]), StreamingEngine)
    arrival = next(a for a in arrivals(find("embedded"), 0.5) if a.item == "light")
    session = Redecoding(engine.run)
    heard = [event for chunk in arrival.chunks for event in session.push(chunk)]
    (final,) = session.finish()

    assert any(isinstance(event, Partial) and event.text for event in heard)
    assert isinstance(final, Final)
    assert final.text.split() == engine.run(np.concatenate(arrival.chunks)).text.split()
