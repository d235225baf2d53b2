"""A soak finds what grows, and says nothing of what does not."""

import random

import pytest

from asrbench.errors import MeterError
from asrbench.measure import soak
from asrbench.measure.call import Call
from asrbench.measure.run import CaseResult
from asrbench.measure.samples import Samples
from asrbench.measure.soak import METRIC, Soak
from asrbench.measure.trend import slope
from asrbench.report.soak import latency_drift, memory_plot, memory_slope
from asrbench.workload import Amount

AMOUNT = Amount(2.0, "audio_s")


def soaked(grows: float, drift: float = 0.0, passes: int = 40, noise: float = 0.0) -> CaseResult:
    """Two items a pass, a second each; memory is read after every call."""
    chance = random.Random(2)
    calls = [
        (block, item, 2.0 * block + at)
        for block in range(passes)
        for at, item in [(0, "a"), (1, "b")]
    ]
    latency = [0.5 * (1 + drift * at / 3600) + chance.gauss(0, 1e-4) for _, _, at in calls]
    memory = [1e8 + grows * (n + 1) + chance.gauss(0, noise) for n in range(len(calls))]
    items, blocks = tuple(i for _, i, _ in calls), tuple(b for b, _, _ in calls)
    at_s = tuple(at for _, _, at in calls)
    samples = (
        Samples("latency", "s", "lower", tuple(latency), item=items, block=blocks, at_s=at_s),
        Samples(
            METRIC, "bytes", "lower", tuple(memory), block=blocks, at_s=tuple(a + 0.6 for a in at_s)
        ),
    )
    return CaseResult("x/y/z", "x", "y", "single-stream", AMOUNT, None, samples)


def test_a_leak_of_a_thousand_bytes_an_utterance_is_found() -> None:
    found = memory_slope(soaked(grows=1000.0, noise=4096.0))

    assert found is not None
    grown, note = found
    assert grown is not None
    assert 0 < grown.low < 1000 < grown.high
    assert grown.value == pytest.approx(1000, rel=0.1)
    assert "78 readings after the first pass" in note


def test_steady_memory_and_latency_have_intervals_around_nothing() -> None:
    case = soaked(grows=0.0, noise=4096.0)
    for found in (memory_slope(case), latency_drift(case)):
        assert found is not None
        assert found[0] is not None
        assert found[0].low <= 0 <= found[0].high


def test_latency_that_doubles_in_an_hour_is_said_to() -> None:
    found = latency_drift(soaked(grows=0.0, drift=1.0, passes=400))

    assert found is not None
    assert found[0] is not None
    assert found[0].value == pytest.approx(1.0 / (1 + 400 / 3600), rel=0.05)


def test_too_short_a_soak_says_how_many_readings_are_needed() -> None:
    for found in (memory_slope(soaked(1.0, passes=3)), latency_drift(soaked(1.0, passes=3))):
        assert found is not None
        assert found[0] is None
        assert found[1].endswith("6 are needed")


def test_a_run_that_was_no_soak_has_no_trend_and_no_plot() -> None:
    case = soaked(0.0)
    short = CaseResult("x/y/z", "x", "y", "single-stream", AMOUNT, None, case.samples[:1])

    assert memory_slope(short) is None
    assert latency_drift(short) is None
    assert memory_plot(short) is None
    assert memory_plot(case) is not None


def test_memory_is_read_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak, "resident_bytes", lambda: 7)
    listener = Soak(every_s=10.0)
    for at in range(25):
        listener(Call("a", AMOUNT, at // 5, float(at), 1.0))
    (memory,) = listener.samples()

    assert memory.at_s == (1.0, 11.0, 21.0)
    assert memory.block == (0, 2, 4)
    assert memory.values == (7.0,) * 3


def test_a_system_that_does_not_tell_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak, "resident_bytes", lambda: None)

    with pytest.raises(MeterError, match="use Linux"):
        Soak(1.0)


def test_a_slope_is_the_median_of_all_pairs_and_one_outlier_does_not_move_it() -> None:
    xs = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    grown = slope(xs, [3 * x for x in xs[:-1]] + [1000.0])

    assert grown is not None
    assert grown.value == 3
    assert grown.low == 3
    assert slope(xs[:5], xs[:5]) is None
    with pytest.raises(ValueError, match="expected it to grow"):
        slope([0.0, 0.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="expected pairs"):
        slope([0.0], [])


def test_the_interval_of_a_slope_holds_the_truth_nineteen_times_in_twenty() -> None:
    held = 0
    for seed in range(200):
        chance = random.Random(seed)
        grown = slope(range(20), [0.3 * x + chance.gauss(0, 1) for x in range(20)])
        held += grown is not None and grown.low <= 0.3 <= grown.high

    assert 180 <= held <= 199


def test_many_points_are_averaged_by_neighbours_and_keep_their_slope() -> None:
    grown = slope([float(x) for x in range(5000)], [2.0 * x for x in range(5000)])

    assert grown is not None
    assert grown.value == pytest.approx(2.0)
