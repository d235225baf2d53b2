"""How fast a log is answered: the whole query, and with the grammar of every line."""

from __future__ import annotations

import pytest

from asrbench.engine import EngineOptions
from asrbench.jsonlog.cases import Work
from asrbench.jsonlog.corpus import find
from asrbench.jsonlog.engines.native import Native
from asrbench.pytest_plugin import AsrBenchmark


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.budget(p50_ms=40, p95_ms=100, peak_mb=20)
def test_a_log_of_2_mb(asr_benchmark: AsrBenchmark, strict: bool) -> None:
    (log,) = find("embedded").logs
    engine = Native(EngineOptions(), strict)

    assert len(asr_benchmark(lambda: engine.run(Work(log))).groups) == 6
