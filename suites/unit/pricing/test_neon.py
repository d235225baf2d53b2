"""NEON's simulation agrees with generic's on an emulated 64-bit ARM."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
COMPILER = shutil.which("aarch64-linux-gnu-g++")
EMULATOR = shutil.which("qemu-aarch64") or shutil.which("qemu-aarch64-static")
SOURCES = (
    "suites/unit/pricing/neon.cpp",
    "native/pricing/neon.cpp",
    "native/pricing/generic.cpp",
    "native/pricing/sobol.cpp",
)
FLAGS = ("-std=c++20", "-O1", "-ffp-contract=off", "-Wno-psabi", "-static", "-Inative")


@pytest.mark.slow
@pytest.mark.skipif(COMPILER is None, reason="apt-get install g++-aarch64-linux-gnu")
@pytest.mark.skipif(EMULATOR is None, reason="apt-get install qemu-user")
def test_neon_agrees_with_generic(tmp_path: Path) -> None:
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
