"""Real speech in streams: chunks do not matter, and the words are those of the batch."""

from __future__ import annotations

import threading
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asrbench import AudioError, ModelError, Recognizer, _native
from asrbench.engine import Commit, EngineOptions, Event, Final, StreamingEngine
from asrbench.speech import corpus, synthetic
from asrbench.speech.accuracy import wer
from asrbench.speech.audio import Pcm
from asrbench.speech.engines.native import Native
from asrbench.speech.streaming import StreamOptions, StreamSession, follow
from asrbench.speech.streaming.hearing import Hearing, Limits
from asrbench.speech.streaming.words import Splitter
from suites.unit.family import noise
from suites.unit.speech.stream_script import quiet

SIZES = (1, 7, 160, 4001)


@cache
def recognizer() -> Recognizer:
    try:
        return Recognizer(precision="int8", windows="cached")
    except ModelError as error:
        pytest.skip(f"no weights: {error}")


@cache
def spoken() -> Pcm:
    """Two utterances with a pause between them: 5 s."""
    one, two = (u for u in corpus.find("embedded").utterances if u.id in ("light", "timer"))
    return np.concatenate([one.pcm(), quiet(1.2), two.pcm()])


@cache
def expected() -> list[Event]:
    return list(follow(recognizer().open(), [spoken()]))


def pieces(pcm: Pcm, size: int) -> list[Pcm]:
    return [pcm[at : at + size] for at in range(0, len(pcm), size)]


@pytest.mark.parametrize("size", SIZES)
def test_chunks_of_any_size_give_the_same_events(size: int) -> None:
    assert list(follow(recognizer().open(), pieces(spoken(), size))) == expected()


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 80_000), max_size=20))
def test_chunks_cut_anywhere_give_the_same_events(cuts: list[int]) -> None:
    assert list(follow(recognizer().open(), np.split(spoken(), sorted(cuts)))) == expected()


def test_every_utterance_has_its_final_with_the_words_of_the_batch() -> None:
    finals = [event.text for event in expected() if isinstance(event, Final)]
    batch = recognizer().transcribe_pcm(spoken()).text

    assert len(finals) >= 2
    assert wer([batch], [" ".join(finals)]).rate <= 0.1


def test_committed_words_are_those_of_the_finals_and_their_times_go_forward() -> None:
    committed = [event for event in expected() if isinstance(event, Commit)]
    words = [word for event in committed for word in event.words]
    finals = " ".join(event.text for event in expected() if isinstance(event, Final))

    assert _plain(" ".join(event.text for event in committed)) == _plain(finals)
    assert _plain(" ".join(word.text for word in words)) == _plain(finals)
    assert all(a.end_s <= b.start_s for a, b in pairwise(words))
    assert words[-1].end_s <= len(spoken()) / 16_000
    assert all(word.probability is not None and 0 < word.probability <= 1 for word in words)


def test_sessions_in_threads_say_what_each_says_alone() -> None:
    found: dict[int, list[Event]] = {}

    def work(number: int) -> None:
        found[number] = list(follow(recognizer().open(), pieces(spoken(), 4800)))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert list(found.values()) == [expected()] * 4


def test_the_native_engine_opens_sessions() -> None:
    recognizer()  # skips where there are no weights
    engine = Native(EngineOptions())

    assert isinstance(engine, StreamingEngine)
    assert isinstance(engine.open(), StreamSession)


def test_a_full_recognizer_streams_as_a_cached_one_does() -> None:
    recognizer()
    full = Recognizer(precision="int8", windows="full")
    pcm = spoken()[:32_000]

    assert list(follow(full.open(), [pcm])) == list(follow(recognizer().open(), [pcm]))


def test_a_bad_chunk_is_refused_and_the_next_one_is_heard() -> None:
    session = recognizer().open()
    bad = spoken()[:4000].copy()
    bad[3999] = np.nan
    with pytest.raises(AudioError, match=r"pcm\[3999\] is nan"):
        session.push(bad)

    assert [*session.push(spoken()), *session.finish()] == expected()


TINY = StreamOptions(step_s=0.04, pause_s=0.1, window_s=0.08, most_s=0.2, margin_s=1.0)


@cache
def tiny(seed: int) -> tuple[_native.Model, _native.Streams]:
    model = _native.Model(*synthetic.files(synthetic.TINY, seed))
    return model, _native.Streams(model)


def babble(seed: int, hearing: Hearing | None = None) -> StreamSession:
    """A session over a model of random weights, which says nonsense at length."""
    model, streams = tiny(seed)
    splitter = Splitter(model.text, streams.timestamp_begin)
    return StreamSession(hearing or _native.Stream(streams), splitter, Limits(0.32, 32), TINY)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 5), st.lists(st.integers(0, 16_000), max_size=12))
def test_nonsense_does_not_depend_on_the_chunks_either(seed: int, cuts: list[int]) -> None:
    pcm = np.concatenate([noise(0.5), quiet(0.2), noise(0.3)])
    whole = list(follow(babble(seed), [pcm]))

    assert any(isinstance(event, Commit) for event in whole)
    assert list(follow(babble(seed), np.split(pcm, sorted(cuts)))) == whole


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isalnum()).casefold()
