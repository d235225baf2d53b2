"""Wilson's interval against known values, and what a calibration's figures are made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrbench.errors import RunError
from asrbench.gate import calibration
from asrbench.gate.calibration import Calibration
from asrbench.gate.figures import figures, wilson
from asrbench.measure.watch import Unwatched
from suites.unit.gate.sampled import noisy, steady

QUIET, WILD = ("a/quiet", "time"), ("a/wild", "time")


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [
        # by hand: 0 of n ends at z^2 / (n + z^2), z^2 = 3.841459
        (0, 10, 0.0, 0.277533),
        (0, 40, 0.0, 0.087622),
        (10, 10, 0.722467, 1.0),
        # by hand: (0.1 + 0.0192073 -+ 1.959964 sqrt(0.0009 + 0.0000960)) / 1.0384146
        (10, 100, 0.055229, 0.174366),
        # Newcombe (1998), table I: 81 of 263, 15 of 148
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
    ],
)
def test_wilsons_interval_is_the_published_one(
    hits: int, count: int, low: float, high: float
) -> None:
    found = wilson(hits / count, count)

    assert found.value == hits / count
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_is_one_of_shares_and_its_mirror(counts: tuple[int, int]) -> None:
    hits, count = counts
    found, other = wilson(hits / count, count), wilson((count - hits) / count, count)

    assert 0.0 <= found.low <= found.value <= found.high <= 1.0
    assert (found.low, found.high) == pytest.approx((1 - other.high, 1 - other.low), abs=1e-9)


def test_figures_tell_of_every_case_and_of_whole_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "_RUNS", 60)
    unchanged = {QUIET: noisy(60, 0.003), WILD: noisy(60, 0.4, seed=1)}
    slowed = {0.5: {QUIET: noisy(60, 0.003, slower=0.5, seed=2)}}
    found = figures(Calibration("m", unchanged, slowed), 100, Unwatched())
    quiet, wild = found.cases

    assert (found.machine, found.runs) == ("m", 100)
    assert ((quiet.case, quiet.metric), (wild.case, wild.metric)) == (QUIET, WILD)
    assert (quiet.alarms, quiet.open, quiet.effect, quiet.launches) == (0.0, 0.0, 0.02, 60)
    assert dict(quiet.found) == {0.5: 1.0}
    assert (dict(wild.found), wild.effect) == ({}, 0.15)
    assert found.open.value >= wild.open > 0.0
    assert found.alarms.low <= wild.alarms <= found.alarms.high


def test_slowed_launches_that_never_came_are_left_out() -> None:
    unchanged = {QUIET: steady([0.0] * 20)}
    found = figures(Calibration("m", unchanged, {0.05: {}}), 20, Unwatched())

    assert dict(found.cases[0].found) == {}


def test_a_calibration_with_nothing_in_it_is_refused() -> None:
    with pytest.raises(RunError, match="no launches in which nothing changed; expected"):
        figures(Calibration("m"), 20, Unwatched())
