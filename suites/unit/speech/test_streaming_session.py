"""A session commits what passes agree on, ends utterances at pauses, and never grows."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrbench.engine import Commit, Event, Final, Partial, Session
from asrbench.errors import AudioError, OptionError
from asrbench.speech.audio import Pcm
from asrbench.speech.streaming import StreamOptions, StreamSession, follow
from asrbench.speech.streaming.hearing import Limits
from asrbench.speech.streaming.options import Policy
from suites.unit.speech.stream_script import SPLITTER, Script, ids, loud, quiet, session

OPTIONS = StreamOptions("agreement", agreed_s=0.0, step_s=1.0, pause_s=0.5)


def heard(script: Script, pcm: Pcm, options: StreamOptions = OPTIONS) -> list[Event]:
    return list(follow(session(script, options), [pcm]))


def bare(events: list[Event]) -> list[tuple[str, str, float]]:
    return [(type(event).__name__, event.text, event.audio_s) for event in events]


def test_words_on_which_two_passes_agree_are_committed_and_not_asked_again() -> None:
    script = Script([" one two", " one three", " one three four", " one three four five"])
    events = heard(script, loud(3.5))

    assert bare(events) == [
        ("Partial", "one two", 1.0),
        ("Commit", "one", 2.0),
        ("Partial", "three", 2.0),
        ("Commit", "three", 3.0),
        ("Partial", "four", 3.0),
        ("Commit", "four five", 3.5),
        ("Final", "one three four five", 3.5),
    ]
    assert script.asked == [[], [], ids(" one"), ids(" one three")]
    assert script.ended
    assert script.margins == [100, 100, 100, 248]  # more behind the audio where it is the last time


def test_what_is_committed_is_not_taken_back_whatever_later_passes_say() -> None:
    script = Script([" one two", " one two", " five six seven eight"])
    events = heard(script, loud(2.5))

    assert [e.text for e in events if isinstance(e, Commit)] == ["one two", "seven eight"]
    assert events[-1] == Final("one two seven eight", 2.5)


def test_punctuation_stands_where_passes_agree_on_it_and_more_is_said_behind_it() -> None:
    script = Script([" one, two.", " one, two.", " one, two. three", " one, two. three four"])
    events = heard(script, loud(3.5))

    assert [e.text for e in events if isinstance(e, Commit)] == ["one, two", "three four"]
    assert events[-1].text == "one, two. three four"
    assert script.asked[2] == ids(" one, two")  # not its full stop: the audio stopped there


def test_letters_that_come_to_a_committed_word_are_a_word_of_their_own() -> None:
    script = Script([" six", " six", " sixty", " sixty"])
    events = heard(script, loud(3.5))

    assert events[-1].text == "six ty"


def test_a_pause_ends_an_utterance_and_the_next_one_begins_with_nothing_standing() -> None:
    script = Script([" one", " one two", " one two.", " three"])
    events = heard(script, np.concatenate([loud(2.2), quiet(1.0), loud(0.5)]))
    finals = [event for event in events if isinstance(event, Final)]

    assert [(f.text, f.audio_s) for f in finals] == [("one two.", 2.7), ("three", 3.7)]
    assert script.asked[-1] == []
    (word,) = events[-2].words if isinstance(events[-2], Commit) else ()
    assert (word.text, word.end_s) == ("three", 3.7)
    assert word.start_s == pytest.approx(3.28)
    assert script.held[-1] == 120  # from half a second before 3.0, when nobody spoke


def test_times_of_words_go_on_from_utterance_to_utterance_and_never_back() -> None:
    script = Script([" one two", " one two<1.0><1.5> three", " one two<2.0><2.5> three four"])
    events = heard(script, np.concatenate([loud(2.9), quiet(1.0)]))
    words = [word for e in events if isinstance(e, Commit) for word in e.words]

    assert [word.text for word in words] == ["one", "two", "three", "four"]
    assert words[0].start_s == pytest.approx(0.56)
    assert all(a.end_s <= b.start_s for a, b in pairwise(words))
    assert words[-1].end_s == pytest.approx(2.9)


def test_silence_is_not_decoded_and_not_kept() -> None:
    script = Script([" one"])
    one = session(script)
    for _ in range(100):
        assert one.push(quiet(1.0)) == []
        assert script.frames() <= 50 + 60 + 2

    assert one.finish() == [Final("", 100.0)]
    assert script.passes == 0


def test_the_beginning_of_a_word_behind_silence_is_heard() -> None:
    script = Script([" one"])
    one = session(script, OPTIONS)
    one.push(np.concatenate([quiet(4.98), loud(1.1)]))

    assert script.passes == 1
    assert script.forgotten <= 498 - 45


def test_a_pass_without_speech_commits_nothing() -> None:
    script = Script([" one"], no_speech=0.7)
    events = heard(script, loud(3.5))

    assert bare(events) == [("Final", "", 3.5)]


def test_long_audio_is_cut_where_a_committed_segment_ends() -> None:
    line = " one two.<2.0><2.4> three four"
    script = Script([line, line, line, " three four five<4.0>"])
    options = replace(OPTIONS, window_s=2.5)
    one = session(script, options)
    one.push(loud(3.0))

    assert script.forgotten == 200
    script.lines = ["<0.40> three four five"]
    script.passes = 0
    one.push(loud(1.0))

    assert script.asked[-1] == ids(" three four", at=0.4)


def test_speech_without_a_pause_or_an_agreement_is_bounded_all_the_same() -> None:
    script = Script([" one two three", " four five six"] * 500)
    options = replace(OPTIONS, window_s=3.0, most_s=6.0)
    one = session(script, options)
    events: list[Event] = []
    for _ in range(120):
        events += one.push(loud(1.0))
        assert script.frames() <= 600

    assert max(script.held) <= 700
    assert script.passes == 120
    assert len([e for e in events if isinstance(e, Commit)]) >= 15


def test_speech_in_which_nothing_is_found_is_bounded_too() -> None:
    script = Script([])
    one = session(script, replace(OPTIONS, window_s=3.0, most_s=6.0))
    one.push(loud(60.0))

    assert max(script.held) <= 700


def test_text_as_long_as_the_model_takes_is_cut_with_its_audio() -> None:
    line = " one two three four five six seven eight" * 20
    script = Script([line])
    one = session(script, OPTIONS, tokens=40)
    one.push(loud(12.0))

    assert max(map(len, script.asked)) <= 40
    assert script.forgotten > 0


@given(st.lists(st.integers(0, 48_000), max_size=12), st.integers(0, 5))
def test_events_do_not_depend_on_the_chunks(cuts: list[int], seed: int) -> None:
    chance = np.random.default_rng(seed)
    words = [" one", " two", " three", " four", ".", ","]
    lines = ["".join(chance.choice(words, n % 5 + 1)) for n in range(20)]
    pcm = np.concatenate([loud(1.31), quiet(0.7), loud(0.99)])
    expected = heard(Script(lines), pcm)

    assert list(follow(session(Script(lines), OPTIONS), np.split(pcm, sorted(cuts)))) == expected


def test_what_is_no_pcm_is_refused_and_not_heard() -> None:
    script = Script([" one"])
    one = session(script)
    bad = loud(0.1)
    bad[5] = np.inf
    with pytest.raises(AudioError, match=r"pcm\[5\] is inf; expected a finite value"):
        one.push(bad)
    for wrong in ([0.0] * 320, np.zeros(320), np.zeros((320, 1), np.float32)):
        with pytest.raises(TypeError, match=r"float32.* of shape \(n,\)"):
            one.push(wrong)  # type: ignore[arg-type]  # the test
    with pytest.raises(TypeError, match="MaskedArray"):
        one.push(np.ma.masked_invalid(bad))

    assert script.values == 0


def test_a_finished_session_takes_no_more() -> None:
    one = session(Script([" one"]))
    assert one.finish() == [Final("", 0.0)]
    with pytest.raises(OptionError, match="the stream is finished"):
        one.push(loud(0.1))
    with pytest.raises(OptionError, match="the stream is finished"):
        one.finish()


def test_the_last_values_that_fill_no_block_are_heard() -> None:
    script = Script([" one"])
    events = heard(script, loud(0.99995))

    assert script.values == 15_999
    assert events[-1] == Final("one", 15_999 / 16_000)


def test_a_session_is_one_of_the_protocol_and_is_refused_where_windows_are_too_short() -> None:
    one: Session[Pcm] = session(Script([]))
    assert isinstance(one, StreamSession)
    with pytest.raises(OptionError, match=r"most_s 20\.0 and step_s 0\.3 are more"):
        StreamSession(Script([]), SPLITTER, Limits(20.0, 224), StreamOptions())


@pytest.mark.parametrize(
    "choice",
    [
        {"policy": "hope"},
        {"step_s": 0.0},
        {"step_s": 0.33},
        {"step_s": float("nan")},
        {"pause_s": -0.5},
        {"window_s": 0.1},
        {"most_s": 5.0},
        {"most_s": float("inf")},
        {"margin_s": -1.0},
        {"agreed_s": -0.1},
        {"sure_s": float("inf")},
        {"between_s": -1.0},
        {"no_speech_prob": 1.5},
    ],
)
def test_options_that_no_stream_could_be_heard_with_are_refused(choice: dict[str, object]) -> None:
    with pytest.raises(OptionError, match=next(iter(choice))):
        StreamOptions(**choice)  # type: ignore[arg-type]  # the test


def test_a_partial_is_told_when_it_changes() -> None:
    script = Script([" one", " two", " two three"])
    events = heard(script, loud(4.5))

    assert [e.text for e in events if isinstance(e, Partial)] == ["one", "two", "three", ""]


def test_a_word_is_committed_by_either_policy_where_both_are_asked() -> None:
    lines = [" one two", " three two", " five"]  # no two passes agree

    def committed(policy: Policy) -> list[str]:
        script = Script(lines, frames_of=lambda count: [0, 10, 140][:count])  # 0.2 s and 2.8 s
        options = replace(OPTIONS, policy=policy, sure_s=1.0)
        events = session(script, options).push(loud(3.0))
        return [event.text for event in events if isinstance(event, Commit)]

    assert committed("agreement") == []
    assert committed("attention") == ["three"]
    assert committed("both") == ["three"]


def test_words_near_the_end_of_the_audio_are_not_committed_though_passes_agree() -> None:
    def committed(agreed_s: float) -> list[str]:
        script = Script([" one two"], frames_of=lambda count: [0, 10, 90][:count])  # 0.2 s, 1.8 s
        options = replace(OPTIONS, agreed_s=agreed_s)
        events = session(script, options).push(loud(2.0))
        return [event.text for event in events if isinstance(event, Commit)]

    assert committed(0.5) == ["one"]
    assert committed(0.0) == ["one two"]
