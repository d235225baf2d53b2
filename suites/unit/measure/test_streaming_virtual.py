"""A virtual clock jumps over waits, charges work, and plays one stream."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from asrbench.engine import Event, Final
from asrbench.measure.scenario import Limits
from asrbench.measure.streaming.play import Pace, Played, plan
from asrbench.measure.streaming.threads import stream_all
from asrbench.measure.streaming.virtual import VirtualClock
from suites.unit.measure.streams import Clockwork, Law, words


class Twice(Law):
    """Ends an utterance in the middle of an item."""

    def push(self, pcm: str) -> Sequence[Event]:
        return [Final("one", 1.0)] if pcm.endswith("w3") else []

    def finish(self) -> Sequence[Event]:
        return [Final("two", 2.0)]


def unheard(now_s: float, one: Played | None) -> None:
    pass


def test_a_skip_is_time_that_nobody_waited_for() -> None:
    clock = VirtualClock(Clockwork(5.0))
    clock.skip(2.5)
    clock.skip(0.5)

    assert clock() == 8.0


def test_an_hour_of_audio_takes_the_time_of_its_work_and_every_chunk_its_delay() -> None:
    arrivals = [words(40, "a", chunk_s=45.0), words(40, "b", chunk_s=45.0)]
    plans = plan(arrivals, Pace(gap_s=0), Limits(seconds=0.01))
    began = time.perf_counter()
    law = Law(time.sleep, lambda n: 0.002)
    done = stream_all(
        [lambda: Law(law.work, law.delay)], plans, VirtualClock(time.perf_counter), unheard
    )
    took = time.perf_counter() - began
    waits = [d - due for one in done.played for d, due in zip(one.done_s, one.due_s, strict=True)]

    assert done.took_s == pytest.approx(3600, abs=1)
    assert 0.16 <= took < 2
    assert 0.002 <= min(waits) <= max(waits) < 0.1
    assert [one.ending for one in done.played] == ["final", "final"]


def test_the_text_of_an_item_is_that_of_all_its_utterances() -> None:
    plans = plan([words(6)], Pace(gap_s=0), Limits(seconds=0.01))
    clock = VirtualClock(time.perf_counter)
    (played,) = stream_all([lambda: Twice(time.sleep)], plans, clock, unheard).played

    assert played.text == "one two"
