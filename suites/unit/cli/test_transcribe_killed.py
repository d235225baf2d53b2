"""A batch that was killed and goes on leaves what an unbroken one leaves, byte for byte."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from asrbench.speech import synthetic
from asrbench.speech.outputs.kept import Outputs

ROOT = Path(__file__).parents[3]
FILES = 8


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A folder of audio of half a minute together, and a model of dims of 8."""
    monkeypatch.setenv("ASRBENCH_CACHE", str(tmp_path / "cache"))
    for number in range(FILES):
        folder = tmp_path / "in" / f"{number % 3}"
        folder.mkdir(parents=True, exist_ok=True)
        pcm = np.random.default_rng(number).normal(0, 0.1, 16_000 * (1 + number % 4))
        soundfile.write(folder / f"{number:02}.wav", pcm, 16_000)
    synthetic.write(tmp_path / "model", synthetic.TINY, seed=3)
    return tmp_path / "in", tmp_path / "model"


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, the hidden ones too."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_a_batch_killed_at_random_moments_ends_as_an_unbroken_one(
    seed: int, places: tuple[Path, Path], tmp_path: Path
) -> None:
    given, model = places
    out = tmp_path / "out"
    words = [str(given), str(out), str(model), str(seed)]

    process = subprocess.run(
        [sys.executable, "-m", "suites.unit.cli.killed", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert process.returncode == 0, process.stderr
    there = list(map(int, process.stdout.split()))
    assert len(there) >= 3
    assert any(0 < count < FILES for count in there)  # it was killed in the middle
    assert contents(out) == contents(tmp_path / "out-unbroken")
    assert len(contents(out)) == 4 * FILES


WRITING = """
import os, signal, sys
from pathlib import Path
from asrbench.speech.outputs.kept import Outputs

left = int(sys.argv[2])
def seen(event, arguments):
    global left
    if event in ("open", "os.rename", "fcntl.flock", "os.truncate", "os.remove"):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
outputs = Outputs(Path(sys.argv[1]), "talk", ("txt", "srt"))
sys.addaudithook(seen)
outputs.write("0f", {"precision": "int16"}, {"txt": "one" * 9, "srt": "two"})
"""


def test_a_kill_at_any_step_of_writing_leaves_whole_files_and_is_mended(tmp_path: Path) -> None:
    steps = 0
    while True:
        folder = tmp_path / str(steps)
        command = [sys.executable, "-c", WRITING, str(folder)]
        code = subprocess.run([*command, str(steps)], cwd=ROOT).returncode
        if code == 0:
            break
        assert code == -signal.SIGKILL
        outputs = Outputs(folder, "talk", ("txt", "srt"))
        for path, whole in zip(outputs.paths, (b"one" * 9, b"two"), strict=True):
            assert not path.exists() or path.read_bytes() == whole
        done = outputs.done("0f", {"precision": "int16"})
        if not done:
            outputs.write("0f", {"precision": "int16"}, {"txt": "one" * 9, "srt": "two"})
        assert set(contents(folder)) == {"talk.txt", "talk.srt", ".talk.transcribed"}
        assert outputs.done("0f", {"precision": "int16"})
        shutil.rmtree(folder)
        steps += 1

    assert steps >= 6
