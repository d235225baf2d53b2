"""What a call over the boundary costs when there is next to nothing to do behind it."""

import numpy as np
import pytest

from asrbench import AudioError, _native
from asrbench.pytest_plugin import AsrBenchmark

PCM = np.zeros(400, np.float32)


@pytest.mark.budget(p50_ms=0.1, p95_ms=1.0, peak_mb=5)
def test_a_call_without_arguments(asr_benchmark: AsrBenchmark) -> None:
    assert asr_benchmark(_native.isa) in _native.isas()


@pytest.mark.budget(p50_ms=1.0, p95_ms=10.0, peak_mb=5)
def test_a_borrowed_array_and_an_array_moved_out(asr_benchmark: AsrBenchmark) -> None:
    assert asr_benchmark(lambda: _native.log_mel_raw(PCM)).shape == (1, 80)


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
