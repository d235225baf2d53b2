"""The gate beside other tools: what they say is read, runs are resumed, and the table adds up."""

from dataclasses import replace
from pathlib import Path

import pytest

from asrbench.errors import MeterError, RunError
from suites.trust.slow_commit import ROOT, SOURCE, slowed
from suites.trust.versus.__main__ import left
from suites.trust.versus.outcome import Outcome, read, table, write
from suites.trust.versus.tools import asv_alarms, regressed

ASV = """
| Change   | Before [11d0ecbc] <base> | After [2a0a6b8e] <slow> |   Ratio | Benchmark         |
|----------|--------------------------|-------------------------|---------|-------------------|
| +        | 1.14±0ms                 | 1.22±0.01ms             |    1.07 | kernels.time_beam |
| -        | 2.14±0ms                 | 1.22±0.01ms             |    0.57 | kernels.time_walk |

SOME BENCHMARKS HAVE CHANGED SIGNIFICANTLY.
PERFORMANCE DECREASED.
"""
FAILED = (
    "test_four.py::test_kernel[{}] (0001_base) - Field 'min' has failed PercentageRegressionCheck"
)
PYTEST = f"""
ERROR: Performance has regressed:
\t{FAILED.format("walk")}: 9.1 > 5.0
\t{FAILED.format("beam")}: 5.3 > 5.0
"""
SAME = Outcome("gate", "same", 60.0, ())
SLOW = Outcome("gate", "slow", 120.0, ("a", "b", "a p95"), ("c",))
KERNELS = ("a", "b", "c", "d")


def test_of_asvs_table_what_became_slower_is_an_alarm() -> None:
    assert asv_alarms(ASV) == ("beam",)
    assert asv_alarms("BENCHMARKS NOT SIGNIFICANTLY CHANGED.") == ()


def test_where_asv_judged_nothing_there_is_no_outcome() -> None:
    with pytest.raises(MeterError, match="no environment"):
        asv_alarms("no environment for this Python")


def test_of_pytest_benchmarks_words_each_test_that_fails_is_an_alarm() -> None:
    assert regressed(PYTEST) == ("walk", "beam")


def test_outcomes_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "versus.json"
    write([SAME, SLOW], {"spin": 0.05}, path)

    assert read(path) == [SAME, SLOW]
    assert read(tmp_path / "none.json") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "expected outcomes"), ('{"schema": "x"}', "schema is 'x'"), ("[]", "expected outcomes")],
)
def test_another_file_is_refused(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "versus.json"
    path.write_text(text)
    with pytest.raises(RunError, match=words):
        read(path)


def test_an_outcome_is_of_a_kind_and_took_some_time() -> None:
    with pytest.raises(ValueError, match="expected same or slow"):
        replace(SAME, kind="other")
    with pytest.raises(ValueError, match="expected more than zero"):
        replace(SAME, took_s=0.0)


def test_runs_that_are_missing_are_run_the_tools_in_turns() -> None:
    asv = replace(SAME, tool="asv")

    assert list(left([], ["asv", "gate"], 1)) == [
        ("asv", "same"), ("gate", "same"), ("asv", "slow"), ("gate", "slow"),
    ]  # fmt: skip
    assert list(left([asv, asv, SAME], ["asv", "gate"], 2)) == [
        ("asv", "slow"), ("gate", "slow"), ("gate", "same"), ("asv", "slow"), ("gate", "slow"),
    ]  # fmt: skip
    assert list(left([asv, asv, SLOW], ["asv"], 1)) == [("asv", "slow")]


def test_a_table_counts_alarms_by_run_and_by_kernel() -> None:
    noisy = replace(SAME, alarmed=("project load",))
    only_other = replace(SLOW, alarmed=("a p95",), took_s=180.0)
    *_, row = table([SAME, noisy, SLOW, only_other], KERNELS).splitlines()
    cells = [cell.strip() for cell in row.strip("|").split("|")]

    assert cells == [
        "gate",
        "1 of 2 (9 to 91 %)",  # on whatever: somebody is alarmed
        "0 of 8 (0 to 32 %)",
        "1 of 2 (9 to 91 %)",  # by its time
        "2 of 8 (7 to 59 %)",
        "2 of 16 (3 to 36 %)",
        "1.5",
    ]


def test_the_slow_commit_still_finds_its_place() -> None:
    source = (ROOT / SOURCE).read_text()

    assert slowed(source).count("keys.row(") == source.count("keys.row(") + 1
    with pytest.raises(ValueError, match="expected once"):
        slowed(slowed(source))
