"""How fast the native recognizer's stages are: each is checked, then timed."""

from collections.abc import Mapping

import pytest

from asrbench.pytest_plugin import AsrBenchmark
from asrbench.speech.cases import Floats, stages
from asrbench.workload import Case

NAMES = ("log_mel@1s", "log_mel@30s", "encoder@30s")


@pytest.fixture(scope="module")
def cases() -> Mapping[str, Case[Floats]]:
    """The stages by name."""
    return {case.name.rpartition("/")[2]: case for case in stages()}


def test_every_stage_is_in_this_suite(cases: Mapping[str, Case[Floats]]) -> None:
    assert set(cases) == set(NAMES)


@pytest.mark.budget(rtf=1.0, peak_mb=500)
@pytest.mark.parametrize("name", NAMES)
def test_a_stage_is_right_and_faster_than_the_audio(
    asr_benchmark: AsrBenchmark, cases: Mapping[str, Case[Floats]], name: str
) -> None:
    case = cases[name]
    case.prepare()
    check = case.check(case.run())

    assert check.passed, check.detail
    asr_benchmark(case.run, audio_s=case.amount.value)
