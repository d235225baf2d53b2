"""Words of a reference get the ends of what was heard, the others lie between."""

from __future__ import annotations

import pytest

from suites.trust.aligned import placed


def test_words_that_were_heard_end_there_and_the_others_lie_evenly_between() -> None:
    said = [("The", 1.0), ("cat.", 2.0), ("sat", 4.0)]

    assert placed(["the", "cat", "really", "sat", "down"], said, 6.0) == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert placed(["a", "b"], [], 3.0) == [1.0, 2.0]
    assert placed([], said, 6.0) == []


def test_no_word_ends_before_the_one_in_front_or_behind_the_audio() -> None:
    assert placed(["a", "b", "c"], [("a", 2.0), ("b", 1.0), ("c", 9.0)], 5.0) == [2.0, 2.0, 5.0]


def test_the_rival_hears_all_of_it_again_and_again() -> None:
    pytest.importorskip("faster_whisper", reason='pip install "asrbench-perf[peers]"')
    from asrbench.engine import EngineOptions, Final
    from asrbench.speech.corpus import find
    from asrbench.speech.engines.redecoding import FasterWhisperRedecoding

    engine = FasterWhisperRedecoding(EngineOptions())
    pcm = find("embedded").utterances[0].pcm()
    session = engine.open()
    for start in range(0, len(pcm), 16_000):
        session.push(pcm[start : start + 16_000])
    (final,) = session.finish()

    assert isinstance(final, Final)
    assert final.text
    assert final.audio_s == len(pcm) / 16_000
    engine.close()
