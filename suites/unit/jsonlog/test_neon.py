"""NEON's scan marks what generic's does on an emulated 64-bit ARM."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
COMPILER = shutil.which("aarch64-linux-gnu-g++")
EMULATOR = shutil.which("qemu-aarch64") or shutil.which("qemu-aarch64-static")
SOURCES = ("suites/unit/jsonlog/neon.cpp", "native/jsonlog/neon.cpp", "native/jsonlog/generic.cpp")
FLAGS = ("-std=c++20", "-O1", "-static", "-Inative")


@pytest.mark.slow
@pytest.mark.skipif(COMPILER is None, reason="apt-get install g++-aarch64-linux-gnu")
@pytest.mark.skipif(EMULATOR is None, reason="apt-get install qemu-user")
def test_neon_marks_what_generic_does(tmp_path: Path) -> None:
    assert COMPILER is not None
    assert EMULATOR is not None
    program = tmp_path / "neon"
    compiled = subprocess.run(
        [COMPILER, *FLAGS, *SOURCES, "-o", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert compiled.returncode == 0, compiled.stderr

    ran = subprocess.run([EMULATOR, program], capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stdout
