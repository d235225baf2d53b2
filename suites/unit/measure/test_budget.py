"""A budget is held against values whose figures are known."""

import pytest

from asrbench.measure.budget import Budget, Taken, budget

STEADY = Taken((0.1,) * 190 + (0.4,) * 10, audio_s=2.0, peak_bytes=50e6)  # p95 is 0.1 s


def test_what_is_at_the_limit_is_within_it() -> None:
    assert budget({"p95_ms": 100, "rtf": 0.0575, "peak_mb": 50}).broken_by(STEADY) == []


def test_every_limit_that_is_exceeded_has_a_sentence_with_both_figures() -> None:
    said = budget({"p95_ms": 99, "rtf": 0.05, "peak_mb": 40}).broken_by(STEADY)

    assert said == [
        "p95 is 100 ms of 200 values; at most 99 ms",
        "rtf is 0.0575; at most 0.05",
        "peak memory is 50 MB; at most 40 MB",
    ]


def test_a_percentile_that_is_not_carried_is_not_judged_but_said() -> None:
    few = Taken((0.001,) * 57)

    assert budget({"p95_ms": 1000}).broken_by(few) == ["p95: 57 of the 200 values that carry it"]


def test_what_was_not_read_breaks_its_limit_with_the_reason() -> None:
    blind = Taken((0.1,), no_peak="there is no /proc")

    assert budget({"rtf": 1, "peak_mb": 1}).broken_by(blind) == [
        "rtf: the seconds of audio are not known; expected audio_s=…",
        "peak memory was not read: there is no /proc",
    ]


def test_figures_are_those_that_a_person_computes() -> None:
    assert STEADY.figures() == {
        "values": 200,
        "calls_per_value": 1,
        "p50_ms": 100.0,
        "p95_ms": 100.0,
        "p99_ms": None,
        "audio_s": 2.0,
        "rtf": pytest.approx((19 + 4) / 200 / 2),
        "rtfx": pytest.approx(400 / 23),
        "peak_bytes": 50e6,
    }


def test_a_name_says_its_percentile() -> None:
    found = budget({"p50_ms": 1, "p99_9_ms": 2})

    assert found.percentiles_ms == {0.5: 1, 0.999: 2}
    assert found.values == 10_000


@pytest.mark.parametrize("limits", [{}, {"p0_ms": 1}, {"p95_ms": 0}, {"rtf": -1}, {"mb": 1}])
def test_a_budget_that_makes_no_sense_is_refused(limits: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="expected"):
        budget(limits)


def test_nothing_taken_and_no_audio_are_refused() -> None:
    with pytest.raises(ValueError, match="expected one value or more"):
        Taken(())
    with pytest.raises(ValueError, match="audio_s is 0"):
        Taken((1.0,), audio_s=0)
    with pytest.raises(ValueError, match="empty"):
        Budget()
