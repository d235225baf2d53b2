"""Audio comes when the plan says, and an engine is charged for all that waits on it."""

from collections.abc import Callable, Sequence

import pytest

from asrbench.engine import Event
from asrbench.errors import EngineError
from asrbench.measure.scenario import Limits
from asrbench.measure.streaming.metrics import samples
from asrbench.measure.streaming.play import Pace, Played, announced_s, plan
from asrbench.workload import Arrival
from suites.unit.measure.streams import Clockwork, Law, played, streamed, words


def latencies(items: Sequence[Played], metric: str = "chunk_latency") -> list[float]:
    (found,) = [s for s in samples(streamed(items), {}, Pace())[0] if s.metric == metric]
    return [round(value, 6) for value in found.values]


def test_every_item_comes_once_then_again_while_time_lasts() -> None:
    arrivals = [words(10, name) for name in "abc"]
    once = plan(arrivals, Pace(gap_s=0.5), Limits(seconds=0.1))
    more = plan(arrivals, Pace(gap_s=0.5), Limits(seconds=6.9))

    assert sorted(item.arrival.item for item in once[0]) == ["a", "b", "c"]
    assert [round(item.begins_s, 6) for item in once[0]] == [0.0, 1.5, 3.0]
    assert announced_s(once) == pytest.approx(4.0)
    assert len(more[0]) == 4  # a fifth would end at 7.0
    assert announced_s(more) == pytest.approx(5.5)


def test_audio_ten_times_as_fast_takes_a_tenth_of_the_time() -> None:
    ((item,),) = plan([words(10)], Pace(speed=10), Limits(seconds=0.1))

    assert item.due_s == pytest.approx([0.01 * (n + 1) for n in range(10)])


def test_streams_have_orders_of_their_own_and_begin_a_part_of_a_chunk_apart() -> None:
    arrivals = [words(2, name) for name in "abcdefgh"]
    plans = plan(arrivals, Pace(streams=4), Limits(seconds=0.1))
    orders = {"".join(item.arrival.item for item in planned) for planned in plans}

    assert [planned[0].begins_s for planned in plans] == pytest.approx([0, 0.025, 0.05, 0.075])
    assert len(orders) == 4
    assert {"".join(sorted(order)) for order in orders} == {"abcdefgh"}
    assert plans == plan(arrivals, Pace(streams=4), Limits(seconds=0.1))


def test_a_fixed_delay_is_the_latency_of_every_chunk() -> None:
    (one,) = played([words(50)], lambda c: lambda: Law(c.work, lambda n: 0.03, finish_s=0.2))

    assert latencies([one]) == [0.03] * 50
    assert latencies([one], "backlog") == [0.0] * 51
    assert latencies([one], "finalisation") == [0.23]
    assert latencies([one], "first_partial") == [0.13]
    assert latencies([one], "work") == [round((50 * 0.03 + 0.2) / 5, 6)]


def test_an_engine_slower_than_the_audio_falls_behind_by_the_difference_a_chunk() -> None:
    arrivals = [words(20)]
    (one,) = played(arrivals, lambda c: lambda: Law(c.work, lambda n: 0.15), until_s=100)

    assert latencies([one]) == [round(0.15 + 0.05 * n, 6) for n in range(20)]
    assert latencies([one], "backlog")[8] == 0.5  # done at 1.45 s: 14 chunks are there, 9 pushed
    assert latencies([one], "finalisation") == [round(0.15 + 0.05 * 19, 6)]


def test_a_stall_of_two_seconds_is_charged_to_every_chunk_that_it_delayed() -> None:
    (one,) = played([words(60)], lambda c: lambda: Law(c.work, lambda n: 2.0 * (n == 5)))
    late = [round(2.0 - 0.1 * n, 6) for n in range(20)]

    assert latencies([one]) == [0.0] * 5 + late + [0.0] * 35
    assert latencies([one], "backlog")[5] == 2.0


def test_a_stall_at_the_end_of_an_item_is_charged_to_the_next() -> None:
    def law(clock: Clockwork) -> Callable[[], Law]:
        return lambda: Law(clock.work, finish_s=2.0 if clock.now_s == 0 else 0.0)

    first, second = played([words(30, "a"), words(30, "b")], law)
    late = [round(2.0 - 0.1 * (n + 1), 6) for n in range(20)]

    assert latencies([first], "finalisation") == [2.0]
    assert latencies([second]) == late + [0.0] * 10


def test_audio_that_comes_while_an_item_is_finished_is_backlog() -> None:
    def law(clock: Clockwork) -> Callable[[], Law]:
        return lambda: Law(clock.work, finish_s=2.05 if clock.now_s == 0 else 0.0)

    items = played([words(30, "a"), words(30, "b")], law)

    assert latencies(items, "backlog")[28:33] == [0.0, 0.0, 2.0, 1.9, 1.8]


def test_audio_that_was_cut_is_backlog_to_the_end() -> None:
    items = played(
        [words(10, "a"), words(10, "b")],
        lambda c: lambda: Law(c.work, lambda n: 1.05),
        until_s=2.0,
    )

    assert latencies(items, "backlog") == [1.0, 1.8, 1.8, 1.8]  # at 1.15, 2.2 s and when given up


def test_an_engine_too_far_behind_is_cut_and_charged_for_what_waited() -> None:
    first, second = played(
        [words(10, "a"), words(10, "b")],
        lambda c: lambda: Law(c.work, lambda n: 1.0),
        until_s=2.0,
    )

    assert (first.ending, len(first.done_s)) == ("cut", 2)
    assert (second.ending, len(second.done_s)) == ("cut", 0)
    assert latencies([first])[:2] == [1.0, 1.9]
    assert latencies([first])[2:] == [round(2.1 - 0.1 * (n + 1), 6) for n in range(2, 10)]
    assert latencies([second]) == [round(2.1 - 1.0 - 0.1 * (n + 1), 6) for n in range(10)]


def test_a_refused_item_ends_and_the_next_one_begins_at_its_time() -> None:
    class Picky(Law):
        def push(self, pcm: str) -> Sequence[Event]:
            if pcm == "aw3":
                raise EngineError("aw3 is not liked")
            return super().push(pcm)

    items = played([words(10, "a"), words(10, "b")], lambda c: lambda: Picky(c.work))
    by_name = {one.item: one for one in items}

    assert by_name["a"].ending == "refused"
    assert by_name["a"].message == "aw3 is not liked"
    assert len(by_name["a"].done_s) == 3
    assert by_name["b"].ending == "final"
    assert by_name["b"].done_s[0] == pytest.approx(by_name["b"].due_s[0])


def test_who_is_told_to_stop_keeps_what_was_heard_and_begins_nothing_more() -> None:
    items = played([words(10, "a"), words(10, "b")], lambda c: lambda: Law(c.work), stop_at_s=0.55)

    assert [one.ending for one in items] == ["stopped"]
    assert len(items[0].done_s) == 5


@pytest.mark.parametrize("times", [(), (0.1, 0.1), (0.0, 0.1), (0.1,), (0.2, 0.1)])
def test_chunks_that_do_not_come_one_after_another_are_refused(times: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Arrival("a", ("x", "y"), times)


@pytest.mark.parametrize(
    "pace", [{"streams": 0}, {"speed": 0}, {"chunk_s": -1}, {"gap_s": -1}, {"speed": float("inf")}]
)
def test_a_pace_at_which_no_audio_comes_is_refused(pace: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Pace(**pace)  # type: ignore[arg-type]
