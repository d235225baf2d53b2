"""The metrics: which there are, and which of them may cross machines."""

import math

import pytest

from asrbench.gate.metrics import METRICS, Metric, metric


def test_counts_sizes_and_errors_are_exact_and_times_and_peaks_are_not() -> None:
    exact = {name for name, one in METRICS.items() if one.exact}

    assert exact == {
        "allocations", "allocated_bytes", "instructions", "wheel_size", "extension_size", "wer",
    }  # fmt: skip


def test_a_metric_is_found_by_its_own_name() -> None:
    assert [metric(name).name for name in METRICS] == list(METRICS)
    assert metric("time").effect == 0.02


def test_any_stage_is_a_time_that_is_sampled() -> None:
    stage = metric("stage:encoder")

    assert (stage.name, stage.unit, stage.exact, stage.effect) == (
        "stage:encoder",
        "s",
        False,
        0.05,
    )


@pytest.mark.parametrize("name", ["", "speed", "stage", "Time"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(KeyError):
        metric(name)


@pytest.mark.parametrize("value", [-0.01, math.nan])
def test_what_counts_is_not_negative(value: float) -> None:
    with pytest.raises(ValueError, match=r"m: effect is .*; expected 0 or more"):
        Metric("m", "s", value)
    with pytest.raises(ValueError, match=r"m: least is .*; expected 0 or more"):
        Metric("m", "s", 0.0, value)


def test_every_metric_says_what_it_is() -> None:
    assert all(one.about and one.unit for one in METRICS.values())
