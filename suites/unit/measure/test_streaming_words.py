"""Words are followed from when they are shown until they are committed, or taken back."""

import pytest

from asrbench.engine import Commit, Event, Final, Partial
from asrbench.measure.streaming.metrics import samples
from asrbench.measure.streaming.play import Pace
from asrbench.measure.streaming.words import ends_s, erasure, story
from asrbench.workload import Timing
from suites.unit.measure.streams import Law, played, streamed, timed, words


def at(*events: tuple[float, Event]) -> list[tuple[float, Event]]:
    return list(events)


def test_a_word_a_chunk_committed_every_fifth_waits_0_to_4_chunks() -> None:
    arrival = words(200)
    (one,) = played([arrival], lambda c: lambda: Law(c.work, lambda n: 0.01, every=5))
    found, _ = samples(streamed([one]), {"item": timed(arrival)}, Pace())
    (commits,) = [s for s in found if s.metric == "commit_latency"]

    assert [round(v, 6) for v in commits.values] == [0.41, 0.31, 0.21, 0.11, 0.01] * 40
    assert set(commits.item) == {"item"}
    assert [round(v or 0, 6) for v in commits.at_s[:6]] == [0.51] * 5 + [1.01]


def test_a_stall_is_charged_to_every_word_it_delayed() -> None:
    arrival = words(60)
    (one,) = played([arrival], lambda c: lambda: Law(c.work, lambda n: 2.0 * (n == 5)))
    found, _ = samples(streamed([one]), {"item": timed(arrival)}, Pace())
    (commits,) = [s for s in found if s.metric == "commit_latency"]
    late = [round(2.0 - 0.1 * n, 6) for n in range(20)]

    assert [round(v, 6) for v in commits.values] == [0.0] * 5 + late + [0.0] * 35


def test_ten_times_as_fast_a_word_ends_after_a_tenth_of_the_time() -> None:
    arrival = words(20)
    pace = Pace(speed=10, gap_s=0)
    (one,) = played([arrival], lambda c: lambda: Law(c.work, lambda n: 0.005), pace)
    found, _ = samples(streamed([one], cpu_s=0.5), {"item": timed(arrival)}, pace)
    by_name = {s.metric: s for s in found}

    assert by_name["commit_latency"].values == pytest.approx([0.005] * 20)
    assert by_name["work"].values == pytest.approx([20 * 0.005 / 2.0])  # two seconds of audio
    assert by_name["compute"].values == pytest.approx([0.25])


def test_one_word_in_ten_taken_back_is_an_erasure_of_a_tenth() -> None:
    (one,) = played([words(90)], lambda c: lambda: Law(c.work, finish_s=0.01, wrong=9))
    rate, counts = erasure([story(one.heard)])

    assert counts == {"shown": 100, "taken back": 10, "committed and taken back": 0}
    assert rate == pytest.approx(0.1)


def test_nothing_shown_has_no_erasure() -> None:
    assert erasure([story([])])[0] is None


def test_a_word_is_shown_for_good_when_it_came_up_the_last_time() -> None:
    seen = story(
        at(
            (1.0, Partial("set the time", 1.0)),
            (2.0, Partial("set a timer", 2.0)),
            (3.0, Partial("Set a timer, for", 3.0)),
            (4.0, Final("Set a timer for.", 4.0)),
        )
    )

    assert [(w.text, w.shown_s, w.committed_s) for w in seen.words] == [
        ("Set", 1.0, 4.0),
        ("a", 2.0, 4.0),
        ("timer", 2.0, 4.0),
        ("for.", 3.0, 4.0),
    ]
    assert (seen.shown, seen.taken_back, seen.first_s, seen.final_s) == (6, 2, 1.0, 4.0)


def test_words_that_move_from_partial_to_committed_are_not_taken_back() -> None:
    seen = story(
        at(
            (1.0, Partial("one two three", 1.0)),
            (2.0, Commit("one two", 2.0)),
            (2.0, Partial("three four", 2.0)),
            (3.0, Commit("three", 3.0)),
            (4.0, Final("one two three four", 4.0)),
        )
    )

    assert (seen.shown, seen.taken_back) == (4, 0)
    assert [w.committed_s for w in seen.words] == [2.0, 2.0, 3.0, 4.0]
    assert seen.text == "one two three four"


def test_events_of_one_moment_are_one_change() -> None:
    seen = story(
        at(
            (1.0, Partial("one two", 1.0)),
            (2.0, Partial("", 2.0)),
            (2.0, Commit("one two", 2.0)),
        )
    )

    assert (seen.shown, seen.taken_back) == (2, 0)


def test_a_broken_promise_is_counted_and_its_word_is_committed_at_the_end() -> None:
    seen = story(at((1.0, Commit("five cats", 1.0)), (2.0, Final("five hats", 2.0))))

    assert (seen.broken, seen.taken_back, seen.shown) == (1, 1, 3)
    assert [w.committed_s for w in seen.words] == [1.0, 2.0]


def test_each_utterance_of_a_stream_has_a_final_of_its_own() -> None:
    seen = story(
        at(
            (1.0, Commit("one", 1.0)),
            (2.0, Partial("two", 2.0)),
            (3.0, Final("one two", 3.0)),
            (4.0, Partial("tree", 4.0)),
            (5.0, Commit("three", 5.0)),
            (6.0, Final("three four", 6.0)),
            (7.0, Final("", 7.0)),
        )
    )

    assert [(w.text, w.shown_s, w.committed_s) for w in seen.words] == [
        ("one", 1.0, 1.0),
        ("two", 2.0, 3.0),
        ("three", 5.0, 5.0),
        ("four", 6.0, 6.0),
    ]
    assert (seen.shown, seen.taken_back, seen.broken) == (5, 1, 0)
    assert (seen.text, seen.final_s) == ("one two three four", 7.0)


def test_a_promise_of_an_utterance_that_is_over_is_not_broken_by_the_next_one() -> None:
    seen = story(
        at(
            (1.0, Commit("five cats", 1.0)),
            (2.0, Final("five cats", 2.0)),
            (3.0, Commit("six", 3.0)),
            (4.0, Final("nine", 4.0)),
        )
    )

    assert (seen.broken, seen.text) == (1, "five cats nine")
    assert [w.committed_s for w in seen.words] == [1.0, 1.0, 4.0]


def test_of_a_stream_that_was_cut_the_committed_words_stay() -> None:
    seen = story(at((1.0, Commit("one", 1.0)), (1.0, Partial("two", 1.0))))

    assert [w.text for w in seen.words] == ["one"]
    assert seen.final_s is None


def test_words_find_their_ends_where_others_were_added_left_out_or_misheard() -> None:
    timing = Timing(("The", "cat", "-", "sat", "down."), (1.0, 2.0, 2.5, 3.0, 4.0), "known")
    same = story(at((9.0, Final("the cat sat down", 9.0)))).words
    added = story(at((9.0, Final("the black cat sat", 9.0)))).words
    misheard = story(at((9.0, Final("the hat sat down", 9.0)))).words
    other = story(at((9.0, Final("quite another text of many words", 9.0)))).words

    assert ends_s(same, timing) == [1.0, 2.0, 3.0, 4.0]
    assert ends_s(added, timing) == [1.0, None, 2.0, 3.0]
    assert ends_s(misheard, timing) == [1.0, 2.0, 3.0, 4.0]
    assert ends_s(other, timing) == [None] * 6
