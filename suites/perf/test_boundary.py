"""What a call over the boundary costs when there is next to nothing to do behind it."""

import time

import numpy as np
import pytest

from asrbench import AudioError, _native
from asrbench.boundary.answer import agree
from asrbench.boundary.calls import ARGUMENTS, Calls
from asrbench.boundary.engines.native import native
from asrbench.boundary.engines.python import python
from asrbench.boundary.oracle import five
from asrbench.boundary.overhead import costs
from asrbench.engine import EngineOptions
from asrbench.pytest_plugin import AsrBenchmark

PCM = np.zeros(400, np.float32)


@pytest.mark.budget(p50_ms=0.1, p95_ms=1.0, peak_mb=5)
def test_a_call_without_arguments(asr_benchmark: AsrBenchmark) -> None:
    assert asr_benchmark(_native.isa) in _native.isas()


@pytest.mark.budget(p50_ms=1.0, p95_ms=10.0, peak_mb=5)
def test_a_borrowed_array_and_an_array_moved_out(asr_benchmark: AsrBenchmark) -> None:
    assert asr_benchmark(lambda: _native.log_mel_raw(PCM)).shape == (1, 80)


@pytest.mark.budget(p50_ms=40.0, peak_mb=5)
@pytest.mark.parametrize("function", ARGUMENTS)
def test_twenty_thousand_calls(asr_benchmark: AsrBenchmark, function: str) -> None:
    calls = Calls(function)
    expected = Calls(function, 1).run(five)

    assert agree(expected, asr_benchmark(lambda: calls.run(_native.boundary))).passed


def test_a_borrowed_array_costs_at_most_150_ns_over_an_empty_call() -> None:
    engines = {"python": python(EngineOptions()), "native": native(EngineOptions())}

    measured = costs(engines, time.perf_counter, rounds=40, repeats=5000)

    found = {(cost.engine, cost.function): cost.typical_ns for cost in measured}
    assert found["native", "array_in"] <= 150


@pytest.mark.budget(p50_ms=1.0, p95_ms=10.0, peak_mb=5)
def test_a_refusal(asr_benchmark: AsrBenchmark) -> None:
    empty = np.zeros(0, np.float32)

    def refused() -> str:
        try:
            _native.log_mel_raw(empty)
        except AudioError as error:
            return str(error)
        return ""

    assert "expected at least one value" in asr_benchmark(refused)
