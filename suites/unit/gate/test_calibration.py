"""A calibration is kept whole, and what it says of a case follows from its launches."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asrbench.errors import RunError
from asrbench.gate import calibration
from asrbench.gate.calibration import Calibration, find, machine, read, write
from asrbench.gate.metrics import METRICS
from asrbench.gate.verdict import Launch
from suites.unit.gate.sampled import noisy, steady

CASE = ("parts/decode", "time")
finite = st.floats(allow_nan=False, allow_infinity=False)
recorded = st.dictionaries(
    st.tuples(st.text(max_size=8), st.sampled_from([*METRICS, "stage:encoder"])),
    st.lists(st.builds(Launch, st.integers(0, 10**9), finite, finite), min_size=1, max_size=4),
    max_size=3,
)


@pytest.fixture
def fewer_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replay a fifth of the runs: for what is plain enough."""
    monkeypatch.setattr(calibration, "_RUNS", 100)


def of(launches: Any, name: str = "time") -> Calibration:
    return Calibration(machine(), {(CASE[0], name): launches})


@settings(max_examples=30)  # each is a file that is synced
@given(recorded, st.dictionaries(st.floats(1e-3, 10), recorded, max_size=2), st.text(max_size=8))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, unchanged: Any, slowed: Any, name: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "calibration.json"
    made = Calibration(name, unchanged, slowed, {"cpu": name, "cores": 2})
    write(made, path)

    assert read(path) == made


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda v: v.update(schema="asrbench.calibration/2"), "'asrbench.calibration/2'; expected"),
        (lambda v: v.update(schema="asrbench.run/1"), "schema is 'asrbench.run/1'; expected"),
        (lambda v: v.pop("schema"), "expected a calibration by asrbench.calibration/1"),
        (lambda v: v.pop("machine"), "expected a calibration"),
        (lambda v: v.update(unchanged=3), "expected a calibration"),
        (lambda v: v.update(unchanged="abc"), "expected a calibration"),
        (lambda v: v["unchanged"][0]["base"].pop(), "expected a calibration"),
        (lambda v: v["unchanged"][0].update(metric="speed"), "speed"),
        (lambda v: v["unchanged"][0].update(number=[math.inf] * 20), "expected a calibration"),
        (lambda v: v["unchanged"][0].update(base=[math.nan] * 20), "is not finite; expected"),
        (lambda v: v["unchanged"][0].update(head=["x"] * 20), "expected a calibration"),
        (lambda v: v["unchanged"][0].update(number=[], base=[], head=[]), "has no launches"),
    ],
)
def test_a_file_that_is_no_calibration_is_refused_by_name(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], object], reason: str
) -> None:
    path = tmp_path / "spoilt.json"
    write(of(steady([0.0] * 20)), path)
    value = json.loads(path.read_text(encoding="utf-8"))
    spoil(value)
    path.write_text(json.dumps(value), encoding="utf-8")

    with pytest.raises(RunError, match=reason) as caught:
        read(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 99999])
def test_junk_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "junk.json"
    path.write_bytes(content)

    with pytest.raises(RunError, match=r"junk\.json"):
        read(path)


def test_another_machines_calibration_is_not_found(tmp_path: Path) -> None:
    assert find(tmp_path) is None
    own = of(steady([0.0] * 20))
    write(replace(own, machine="another, 2 cores"), tmp_path / "a.json")
    assert find(tmp_path) is None
    write(own, tmp_path / "b.json")

    assert find(tmp_path) == own


def test_a_machines_file_is_named_after_it() -> None:
    name = calibration.file_name()

    assert name.endswith("-cores.json")
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")


def test_of_a_case_with_few_launches_nothing_is_said() -> None:
    few = of(steady([0.0] * 19))

    for one in (few, Calibration()):
        assert one.floor(*CASE) == 0.0
        assert one.trust(*CASE) is None
        assert one.visible(*CASE) is None
        assert one.curve(*CASE) == ()
    assert of(steady([0.0] * 20)).trust(*CASE) is not None


def test_a_quiet_case_keeps_the_metrics_own_effect() -> None:
    quiet = of(noisy(60, 0.001))

    assert quiet.floor(*CASE) == METRICS["time"].effect
    assert of(noisy(60, 0.001), "p95").floor(CASE[0], "p95") == METRICS["p95"].effect


@pytest.mark.usefixtures("fewer_runs")
def test_the_noisier_a_case_the_larger_the_effect_it_allows() -> None:
    floors = [of(noisy(100, spread)).floor(*CASE) for spread in (0.005, 0.02, 0.05, 0.3)]

    assert floors == sorted(floors)
    assert floors[0] == 0.02
    assert 0.02 < floors[2] <= 0.15
    assert floors[3] == 0.15  # none will do: the largest that is tried


def test_trust_says_what_was_replayed() -> None:
    trust = of(noisy(60, 0.009)).trust(*CASE)

    assert trust is not None
    assert trust.false_alarms <= 0.01
    assert trust.visible is not None
    assert 0.02 < trust.visible <= 0.05
    assert (trust.launches, trust.runs) == (60, 500)


@pytest.mark.usefixtures("fewer_runs")
def test_of_a_case_that_always_looks_slower_the_alarms_are_told() -> None:
    trust = of(noisy(60, 0.009, slower=0.5)).trust(*CASE)

    assert trust is not None
    assert trust.false_alarms > 0.99


def test_a_curve_begins_where_nothing_changed_and_rises() -> None:
    curve = of(noisy(60, 0.009)).curve(*CASE)
    slower, shares = zip(*curve, strict=True)

    assert slower[0] == 0.0
    assert list(slower) == sorted(slower)
    assert shares[0] <= 0.01
    assert shares[-1] == 1.0
    assert all(later >= before - 0.05 for before, later in pairwise(shares))


def test_what_is_visible_is_the_first_of_the_curve_that_is_nearly_always_found() -> None:
    one = of(noisy(60, 0.03))
    visible = one.visible(*CASE)

    assert visible is not None
    for slower, share in one.curve(*CASE):
        assert (share >= 0.95) is (slower >= visible)


@pytest.mark.usefixtures("fewer_runs")
def test_of_a_wild_case_nothing_tried_is_visible() -> None:
    assert of(noisy(40, 0.45)).visible(*CASE) is None


def test_the_spread_is_that_of_a_launchs_change() -> None:
    assert of(noisy(400, 0.02)).spread(*CASE) == pytest.approx(0.02, rel=0.15)
    assert of(steady([0.0] * 20, base=0.0)).spread(*CASE) == 0.0
