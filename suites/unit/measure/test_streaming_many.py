"""Many streams at once on the real clock, and how many of them are carried."""

import _thread
import time
from collections.abc import Callable, Sequence

import pytest

from asrbench.engine import Event
from asrbench.measure.run import CaseResult
from asrbench.measure.samples import Samples
from asrbench.measure.scenario import Limits
from asrbench.measure.streaming.capacity import Bound, kept, reached, search
from asrbench.measure.streaming.play import Pace, Played, announced_s, plan
from asrbench.measure.streaming.threads import Streamed, stream_all
from asrbench.workload import Amount
from suites.unit.measure.streams import Law, words


def unheard(now_s: float, one: Played | None) -> None:
    pass


def many(
    begin: Callable[[], Law],
    streams: int,
    told: Callable[[float, Played | None], None] = unheard,
) -> tuple[Streamed, float]:
    """Two items of 20 chunks in each stream, twice as fast as real time: two seconds."""
    arrivals = [words(20, "a"), words(20, "b")]
    plans = plan(arrivals, Pace(streams, speed=2, gap_s=0), Limits(seconds=0.01))
    return stream_all([begin] * streams, plans, time.perf_counter, told), announced_s(plans)


def test_four_streams_end_in_the_announced_time_with_the_delay_of_their_engine() -> None:
    told: list[Played | None] = []
    done, announced = many(
        lambda: Law(time.sleep, lambda n: 0.005), 4, lambda now, one: told.append(one)
    )
    waits = [d - due for one in done.played for d, due in zip(one.done_s, one.due_s, strict=True)]

    assert announced == pytest.approx(2.0 + 0.05 * 3 / 4)
    assert done.took_s == pytest.approx(announced, rel=0.2)
    assert [one.stream for one in done.played] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert all(one.ending == "final" for one in done.played)
    assert len([one for one in told if one]) == 8
    assert 0.005 <= min(waits) < 0.02


def test_ctrl_c_ends_all_streams_and_keeps_what_was_played() -> None:
    asked: list[str] = []

    class Interrupting(Law):
        def push(self, pcm: str) -> Sequence[Event]:
            if pcm.endswith("w2") and not asked:
                asked.append(pcm)
                _thread.interrupt_main()
            return super().push(pcm)

    done, announced = many(lambda: Interrupting(time.sleep), 2)

    assert done.interrupted
    assert done.took_s < announced
    assert [one.ending for one in done.played] == ["stopped", "stopped"]
    assert max(len(one.done_s) for one in done.played) >= 3
    assert max(len(one.done_s) for one in done.played) < 20


def test_a_fault_in_one_stream_stops_the_others_and_is_told() -> None:
    class Faulty(Law):
        def push(self, pcm: str) -> Sequence[Event]:
            if len(self.heard) == 3:
                raise RuntimeError("a fault of the engine")
            return super().push(pcm)

    made: list[Law] = []

    def begin() -> Law:
        made.append((Law if made else Faulty)(time.sleep))
        return made[-1]

    done, announced = many(begin, 3)

    assert str(done.fault) == "a fault of the engine"
    assert not done.interrupted
    assert done.took_s < announced
    assert {one.ending for one in done.played} == {"stopped"}


@pytest.mark.parametrize("most", [1, 2, 3, 7, 8, 20, 64])
@pytest.mark.parametrize("limit", [0, 1, 2, 3, 5, 8, 13, 63, 64, 100])
def test_the_search_finds_the_most_streams_that_are_carried(most: int, limit: int) -> None:
    tried: list[int] = []

    def carries(streams: int) -> bool:
        tried.append(streams)
        return streams <= limit

    assert search(carries, most) == min(limit, most)
    assert len(set(tried)) == len(tried)
    assert all(1 <= streams <= most for streams in tried)


def test_the_search_ends_where_too_few_values_tell() -> None:
    tried: list[int] = []

    assert search(lambda streams: tried.append(streams), 64) is None
    assert tried == [1]


def case(count: int, behind: tuple[int, ...] = ()) -> CaseResult:
    values = tuple(0.01 * (n + 1) for n in range(count))
    commits = Samples("commit_latency", "s", "lower", values)
    amount = Amount(1.0, "audio_s")
    other = {"behind": behind, "streams": 1}
    return CaseResult("x", "w", "e", "streaming", amount, None, (commits,), other=other)


def test_the_bound_is_held_against_a_percentile_that_enough_values_carry() -> None:
    assert reached(case(200), 0.95)[0] == pytest.approx(1.9)
    assert kept(case(200), Bound(1.91)) is True
    assert kept(case(200), Bound(1.89)) is False
    assert kept(case(199), Bound(100.0)) is None
    assert reached(case(199), 0.95) == (None, "199 of 200 values")
    assert kept(case(199), Bound(1.0, p=0.5)) is True


def test_streams_that_were_cut_do_not_keep_the_bound() -> None:
    assert kept(case(200, (1,)), Bound(100.0)) is False


@pytest.mark.parametrize(
    "bound", [(0.0, 0.95, 1), (float("inf"), 0.95, 1), (1.0, 1.0, 1), (1.0, 0.95, 0)]
)
def test_a_bound_that_means_nothing_is_refused(bound: tuple[float, float, int]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Bound(*bound)
