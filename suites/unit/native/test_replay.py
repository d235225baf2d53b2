"""replay, the recognizer without Python, is built and finds what the binding finds."""

import platform
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from asrbench import _native
from asrbench.speech import synthetic

ROOT = Path(__file__).parents[3]
PCM = np.random.default_rng(0).normal(0, 3000, 8000).astype("<i2")


@pytest.fixture(scope="module")
def replay() -> Path:
    """The program, built by the preset of the release."""
    bin_folder = Path(sys.executable).parent
    cmake = shutil.which("cmake", path=f"{bin_folder}:/usr/local/bin:/usr/bin")
    if cmake is None:
        pytest.skip("no cmake: pip install cmake ninja")
    for command in (["--preset", "release"], ["--build", "--preset", "release"]):
        done = subprocess.run(
            [cmake, *command], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return ROOT / "build/release/replay"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("model")
    synthetic.write(made, synthetic.TINY, seed=3)
    return made


def wav(
    data: bytes, code: int = 1, bits: int = 16, rate_hz: int = 16000, channels: int = 1
) -> bytes:
    """Return a RIFF file with a chunk before its data that readers have to step over."""
    layout = struct.pack("<HHIIHH", code, channels, rate_hz, rate_hz * bits // 8, bits // 8, bits)
    chunks = [(b"LIST", b"odd"), (b"fmt ", layout), (b"data", data)]
    body = b"".join(
        name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
        for name, content in chunks
    )
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def run(replay: Path, *words: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([replay, *map(str, words)], capture_output=True, check=False, timeout=60)


def test_it_prints_what_the_binding_finds(replay: Path, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav(PCM.tobytes()))
    (tmp_path / "b.wav").write_bytes(wav((PCM / np.float32(32768)).tobytes(), code=3, bits=32))
    (tmp_path / "c.pcm").write_bytes(PCM.tobytes())
    model = _native.Model(*synthetic.files(synthetic.TINY, seed=3))
    found = _native.Recognizer(model).transcribe((PCM / 32768).astype(np.float32))
    text = b"".join(segment[2] for segment in found["segments"])

    done = run(replay, folder, "--threads", 2, *(tmp_path / n for n in ("a.wav", "b.wav", "c.pcm")))

    assert done.returncode == 0, done.stderr
    assert done.stdout == (text + b"\n") * 3


@pytest.mark.skipif(platform.machine() != "x86_64", reason="emulates an x86-64 of 2008")
@pytest.mark.skipif(shutil.which("qemu-x86_64") is None, reason="no qemu-user")
def test_it_runs_on_a_processor_without_avx(replay: Path, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.pcm").write_bytes(PCM.tobytes())
    here = run(replay, folder, tmp_path / "a.pcm")

    there = run(Path("qemu-x86_64"), "-cpu", "Nehalem", replay, folder, tmp_path / "a.pcm")

    assert there.returncode == 0, there.stderr
    assert there.stdout == here.stdout != b""


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        (b"", "expected 4 bytes, but the file has 0"),
        (b"JUNKxxxxWAVE", "first tag is JUNK; expected RIFF"),
        (wav(PCM.tobytes())[:60], "the file has"),
        (wav(PCM.tobytes(), bits=8), "format is 1 with 8 bits"),
        (wav(PCM.tobytes(), rate_hz=8000), "rate is 8000; expected 16000"),
        (wav(PCM.tobytes(), channels=2), "number of channels is 2; expected 1"),
        (wav(b""), "pcm is empty"),
        (wav(b"", code=3, bits=32), "pcm is empty"),
        (b"RIFF\0\0\0\0WAVEdata\2\0\0\0ab", "expected fmt before data"),
        (b"RIFF\0\0\0\0WAVELIST\xff\xff\xff\xff", "expected 4 bytes"),
    ],
)
def test_audio_that_it_cannot_read_is_refused_with_exit_1(
    replay: Path, folder: Path, tmp_path: Path, contents: bytes, reason: str
) -> None:
    (tmp_path / "bad.wav").write_bytes(contents)

    done = run(replay, folder, tmp_path / "bad.wav")

    assert done.returncode == 1
    assert reason in done.stderr.decode()


def test_a_model_that_it_cannot_read_ends_it_with_exit_3(replay: Path, tmp_path: Path) -> None:
    assert run(replay, tmp_path, "a.wav").returncode == 3


@pytest.mark.parametrize("words", [[], ["--loud"], ["m", "--threads", "0", "a"], ["m"]])
def test_wrong_usage_ends_it_with_exit_64(replay: Path, words: list[str]) -> None:
    assert run(replay, *words).returncode == 64
