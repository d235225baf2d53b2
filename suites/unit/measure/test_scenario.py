"""Single-stream: passes in random order until there are enough values or time is over."""

from collections.abc import Callable
from typing import Any

import pytest

from asrbench.errors import EngineError
from asrbench.measure.call import Call
from asrbench.measure.meters import Growth
from asrbench.measure.samples import Samples
from asrbench.measure.scenario import Instruments, Limits, Stream, single_stream
from asrbench.workload import Amount, Check


class Clock:
    """A clock that only moves when work is done."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Work:
    """A case that takes a known time, and may refuse or be interrupted at its n-th call."""

    name = "letters/echo/capital"
    group = "short"
    amount = Amount(1.0, "audio_s")

    def __init__(
        self,
        item: str,
        clock: Clock,
        took_s: float,
        *,
        fails: BaseException | None = None,
        at: int = 0,
    ) -> None:
        self.item, self.clock, self.took_s, self.fails, self.at = item, clock, took_s, fails, at
        self.calls = 0

    def prepare(self) -> None:
        pass

    def check(self, output: str) -> Check:
        return Check(True)

    def run(self) -> str:
        self.calls += 1
        self.clock.now += self.took_s
        if self.fails and self.calls > self.at:
            raise self.fails
        return self.item.upper()


def stream(
    cases: list[Work],
    clock: Clock,
    stages: Callable[[str], dict[str, float]] = lambda output: {},
    listen: Callable[[Call], None] = lambda call: None,
    meters: tuple[Growth, ...] = (),
    **limits: Any,
) -> Stream:
    return single_stream(cases, Instruments(clock, meters), Limits(**limits), stages, listen)


def latency(done: Stream) -> Samples:
    assert done.latency is not None
    return done.latency


def test_latencies_are_those_of_the_work() -> None:
    clock = Clock()
    done = stream([Work("a", clock, 0.5), Work("b", clock, 0.25)], clock, values=4)

    assert sorted(zip(latency(done).item, latency(done).values, strict=True)) == [
        ("a", 0.5),
        ("a", 0.5),
        ("b", 0.25),
        ("b", 0.25),
    ]
    assert latency(done).block == (0, 0, 1, 1)
    assert done.outputs == {"a": "A", "b": "B"}
    assert not done.interrupted


def test_the_pass_that_brings_enough_values_is_made_whole() -> None:
    clock = Clock()
    done = stream([Work(name, clock, 0.1) for name in "abc"], clock, values=4)

    assert len(latency(done).values) == 6


def test_time_ends_the_stream_but_never_the_first_pass() -> None:
    clock = Clock()
    first = stream([Work(name, clock, 1.0) for name in "abcde"], clock, seconds=2.0)
    clock = Clock()
    third = stream([Work(name, clock, 1.0) for name in "ab"], clock, seconds=5.0)

    assert len(latency(first).values) == 5
    assert len(latency(third).values) == 5  # 2 + 2 + 1: stopped within the third pass


def test_passes_come_in_an_order_that_the_seed_decides() -> None:
    orders = []
    for seed in (0, 0, 1):
        clock = Clock()
        cases = [Work(name, clock, 0.1) for name in "abcdefgh"]
        orders.append(latency(stream(cases, clock, values=40, seed=seed)).item)

    assert orders[0] == orders[1]
    assert orders[0] != orders[2]
    assert orders[0][:8] != orders[0][8:16]


def test_a_refused_item_is_listed_once_and_left_out() -> None:
    clock = Clock()
    broken = Work("b", clock, 0.1, fails=EngineError("b is refused"))
    done = stream([Work("a", clock, 0.1), broken], clock, values=3)

    assert broken.calls == 1
    assert set(latency(done).item) == {"a"}
    assert [(f.item, f.kind, f.message) for f in done.failures] == [
        ("b", "refused", "b is refused")
    ]


def test_when_all_is_refused_there_is_no_latency() -> None:
    clock = Clock()
    done = stream([Work("a", clock, 0.1, fails=EngineError("no"))], clock)

    assert done.latency is None
    assert len(done.failures) == 1


def test_a_fault_is_raised() -> None:
    clock = Clock()
    with pytest.raises(RuntimeError, match="a fault"):
        stream([Work("a", clock, 0.1, fails=RuntimeError("a fault"))], clock)


def test_ctrl_c_leaves_what_was_measured_so_far() -> None:
    clock = Clock()
    done = stream([Work("a", clock, 0.5, fails=KeyboardInterrupt(), at=3)], clock, values=100)

    assert done.interrupted
    assert latency(done).values == (0.5, 0.5, 0.5)


def test_stages_are_kept_beside_the_latency() -> None:
    clock = Clock()
    done = stream([Work("a", clock, 0.5)], clock, lambda output: {"encoder": 0.3}, values=2)

    (encoder,) = done.stages
    assert (encoder.metric, encoder.values, encoder.item) == (
        "stage/encoder",
        (0.3, 0.3),
        ("a", "a"),
    )


def test_every_call_is_told_when_it_is_over() -> None:
    clock = Clock()
    told: list[Call] = []
    stream([Work("a", clock, 0.5)], clock, listen=told.append, values=2)

    assert [(c.item, c.block, c.began_s, c.took_s, c.status, c.output) for c in told] == [
        ("a", 0, 0.0, 0.5, "ok", "A"),
        ("a", 1, 0.5, 0.5, "ok", "A"),
    ]
    assert told[1].ended_s == 1.0


def test_a_refusal_and_a_fault_are_told_with_their_reasons() -> None:
    clock = Clock()
    told: list[Call] = []
    refused = Work("r", clock, 0.25, fails=EngineError())
    broken = Work("f", clock, 0.5, fails=RuntimeError("a fault"), at=1)
    with pytest.raises(RuntimeError, match="a fault"):
        stream([refused, broken], clock, listen=told.append)

    assert sorted((c.item, c.status, c.message, c.took_s) for c in told) == [
        ("f", "fault", "RuntimeError: a fault", 0.5),
        ("f", "ok", "", 0.5),
        ("r", "refused", "EngineError", 0.25),
    ]


def test_meters_stand_beside_the_clock_and_outside_of_it() -> None:
    clock = Clock()
    read = 0

    def total() -> float:
        nonlocal read
        read += 1
        clock.now += 10.0  # a meter that takes long to read must not be in the latency
        return clock.now

    done = stream([Work("a", clock, 0.5)], clock, meters=(Growth("total", "s", total),), values=3)

    (meter,) = done.meters
    assert (meter.metric, meter.unit, meter.item) == ("total", "s", ("a",) * 3)
    assert meter.values == (10.5,) * 3
    assert latency(done).values == (0.5,) * 3
    assert read == 6


def test_a_stage_that_only_some_outputs_tell_keeps_its_items() -> None:
    clock = Clock()
    cases = [Work(name, clock, 0.5) for name in "abc"]
    done = stream(cases, clock, lambda output: {"extra": 0.1} if output == "B" else {}, values=3)

    (extra,) = done.stages
    assert (extra.values, extra.item) == ((0.1,), ("b",))
    assert set(latency(done).item) == set("abc")


def test_without_a_number_of_values_time_alone_decides() -> None:
    clock = Clock()
    done = stream([Work("a", clock, 0.5)], clock, values=None, seconds=500.0)

    assert len(latency(done).values) == 1000
    assert Limits(values=None, seconds=10.0).reached(10**6, 5.0) == 0.5
    assert Limits(values=4, seconds=10.0).reached(3, 5.0) == 0.75


@pytest.mark.parametrize("limits", [{"seconds": 0.0}, {"seconds": float("nan")}, {"values": 0}])
def test_limits_that_nothing_fits_in_are_refused(limits: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Limits(**limits)
