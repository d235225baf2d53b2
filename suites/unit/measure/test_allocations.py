"""Allocations are read of an engine that counts them, and of no other."""

from pathlib import Path
from typing import Any

import pytest

from asrbench.cli import main
from asrbench.engine import EngineOptions
from asrbench.errors import MeterError
from asrbench.measure import apart, job
from asrbench.measure.allocations import Allocations
from asrbench.measure.meters import KINDS, Meter
from asrbench.measure.run import Run
from asrbench.measure.run_file import read
from asrbench.measure.scenario import Instruments, Limits
from asrbench.measure.watch import Unwatched
from asrbench.measure.worker import Isolation
from asrbench.workload import Workload

Letters = Workload[Any, Any, Any]
METERS = ("allocations", "allocated-bytes")
CANNOT = "engine 'echo' does not count its allocations; expected one with count_allocations"


class Core:
    """Has allocated 5 blocks of 8 bytes, and counts whatever it is told."""

    def __init__(self) -> None:
        self.on = False
        self.total = (5, 40)

    def count_allocations(self, on: bool) -> tuple[int, int]:
        self.on = on
        return self.total


def measured(letters: Letters, engine: str, kept: list[Run], isolated: bool) -> Run:
    """Read both meters of an engine; what is kept of it is kept, too."""
    work = job.Job(
        letters,
        engine,
        "abc",
        launches=0,
        check=0,
        limits=Limits(seconds=5, values=6),
        meters=METERS,
        isolation=Isolation() if isolated else None,
    )
    return job.run(work, Unwatched(), iter(range(10**6)).__next__, kept.append)


def test_what_the_core_counts_between_start_and_stop_is_read_and_no_more() -> None:
    core = Core()
    meters: list[Meter] = [KINDS[name].make(core) for name in METERS]
    for meter in meters:
        meter.start()
    assert core.on
    core.total = (7, 1000)
    values = [meter.stop() for meter in meters]

    assert values == [2, 960]
    assert [meter.unit for meter in meters] == ["times", "bytes"]
    assert not core.on


def test_a_meter_that_is_made_does_not_count_yet() -> None:
    core = Core()
    core.on = True
    Allocations("allocations", core)

    assert not core.on


def test_an_engine_that_does_not_count_is_an_error_and_never_zero() -> None:
    with pytest.raises(MeterError, match="engine 'object' does not count its allocations"):
        Allocations("allocations", object())
    with pytest.raises(ValueError, match="named 'frees'; expected"):
        Allocations("frees", Core())


@pytest.mark.parametrize("isolated", [False, True])
def test_a_run_has_the_allocations_of_each_item_once(letters: Letters, isolated: bool) -> None:
    done = measured(letters, "counting", [], isolated)
    found = {s.metric: s for s in done.cases[0].samples}
    counts, sizes = found["allocations"], found["allocated_bytes"]

    assert done.errors == ()
    assert dict(zip(counts.item or (), counts.values, strict=True)) == {"a": 3, "b": 6, "c": 9}
    assert dict(zip(sizes.item or (), sizes.values, strict=True)) == {"a": 300, "b": 600, "c": 900}


def test_after_an_item_that_is_refused_the_core_counts_no_longer(letters: Letters) -> None:
    core = Core()
    broken = letters.engines()["broken"].load()(EngineOptions())
    cases = letters.cases(broken, letters.corpus("abc", 1), lambda: broken)
    meters = Instruments(iter(range(10)).__next__, (Allocations("allocations", core),))

    assert apart.read_apart(cases, meters, lambda _share, _item: None) == ((), ())
    assert not core.on


def test_an_engine_that_does_not_count_is_refused_before_anything_is_timed(
    letters: Letters,
) -> None:
    kept: list[Run] = []
    with pytest.raises(MeterError, match=CANNOT):
        measured(letters, "echo", kept, isolated=False)

    assert kept == []


def test_of_an_isolated_engine_the_run_says_so(letters: Letters) -> None:
    kept: list[Run] = []
    with pytest.raises(MeterError, match=CANNOT):
        measured(letters, "echo", kept, isolated=True)
    (run,) = kept

    assert run.partial
    assert [failure.message.startswith("MeterError: engine 'echo'") for failure in run.errors] == [
        True
    ]
    assert run.cases == ()


def test_the_command_line_reads_them_or_exits_with_3(
    letters: Letters, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ("run", "letters", "--corpus", "abc", "--launches", "0", "--check", "0")
    run = (*base, "--seconds", "0.1", "--out", str(tmp_path), "--meter", "allocations")
    assert main([*run, "--engine", "echo"]) == 3
    assert CANNOT in " ".join(capsys.readouterr().err.split())
    assert list(tmp_path.glob("*.json")) == []
    assert main([*run, "--engine", "counting"]) == 0
    assert "native allocations a call" in capsys.readouterr().out
    (kept,) = [read(path) for path in tmp_path.glob("*.json")]
    assert {samples.metric for samples in kept.cases[0].samples} >= {"allocations", "latency"}
