"""The oracle and faster-whisper as engines: what they are called, and how they refuse to start."""

import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from asrbench.engine import Engine, EngineOptions
from asrbench.errors import EngineError, ModelError
from asrbench.speech import synthetic
from asrbench.speech.engines import faster_whisper
from asrbench.speech.engines.faster_whisper import FasterWhisper
from asrbench.speech.engines.oracle import Oracle
from asrbench.speech.oracle import log_mel, model, recognizer
from asrbench.speech.transcript import Transcript


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    synthetic.write(tmp_path, synthetic.TINY, seed=1)
    return tmp_path


def test_the_oracle_reads_the_model_it_is_given(folder: Path) -> None:
    pcm = np.random.default_rng(0).normal(0, 0.1, log_mel.RATE_HZ).astype(np.float32)
    engine: Engine[NDArray[np.float32], Transcript] = Oracle(EngineOptions(model=folder))

    transcript = engine.run(pcm)

    whisper = model.read(*synthetic.files(synthetic.TINY, seed=1))
    assert transcript.tokens == recognizer.transcribe(whisper, pcm).tokens
    assert engine.name == "oracle"
    engine.close()


def test_the_oracle_refuses_to_start_on_a_damaged_model(folder: Path) -> None:
    (folder / "model.bin").write_bytes(b"no model")

    with pytest.raises(ModelError, match="offset 0"):
        Oracle(EngineOptions(model=folder))


@pytest.mark.parametrize("build", [FasterWhisper, faster_whisper.int8])
def test_a_missing_library_is_an_engine_error_that_says_what_to_install(
    build: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(build)
    monkeypatch.setitem(sys.modules, "faster_whisper", None)

    with pytest.raises(EngineError, match=r'pip install "asrbench-perf\[peers\]"'):
        build(EngineOptions())


def test_faster_whisper_does_not_fetch_a_tokenizer_from_the_network(folder: Path) -> None:
    pytest.importorskip("faster_whisper")

    with pytest.raises(ModelError, match=r"has no tokenizer\.json"):
        FasterWhisper(EngineOptions(model=folder))
