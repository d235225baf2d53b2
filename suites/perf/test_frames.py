"""How fast the filters of a camera frame are: each is checked, then timed."""

from collections.abc import Mapping

import pytest

from asrbench.engine import EngineOptions
from asrbench.frames.cases import Output, filters
from asrbench.frames.corpus import find
from asrbench.frames.engines.native import Native
from asrbench.frames.engines.oracle import Oracle
from asrbench.frames.work import FILTERS
from asrbench.pytest_plugin import AsrBenchmark
from asrbench.workload import Case


@pytest.fixture(scope="module")
def cases() -> Mapping[str, Case[Output]]:
    """Every filter on a frame of 1920x1080, by name."""
    made = filters(Native(EngineOptions()), find("1920x1080"), lambda: Oracle(EngineOptions()))
    return {case.group: case for case in made}


def test_every_filter_is_in_this_suite(cases: Mapping[str, Case[Output]]) -> None:
    assert set(cases) == set(FILTERS)


@pytest.mark.budget(p50_ms=33.3, peak_mb=50)  # a camera's 30 frames a second
@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_is_right_and_faster_than_a_camera(
    asr_benchmark: AsrBenchmark, cases: Mapping[str, Case[Output]], name: str
) -> None:
    case = cases[name]
    case.prepare()
    check = case.check(case.run())

    assert check.passed, check.detail
    asr_benchmark(case.run)
