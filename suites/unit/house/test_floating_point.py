"""Importing our extension leaves the arithmetic of the whole process as it was."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# In a fresh process: 1e-40 is denormal in float32, and becomes 0 where -ffast-math has set
# flush-to-zero (results) or denormals-are-zero (operands) in MXCSR.
PROGRAM = """
import numpy as np

def denormals_live():
    operand = np.full(64, 1e-40, np.float32)
    result = np.full(64, 1e-30, np.float32) * np.full(64, 1e-10, np.float32)
    return bool((operand * np.float32(1) > 0).all() and (result > 0).all())

assert denormals_live(), "before"
{load}
assert denormals_live(), "after"
"""

# What a library linked with -ffast-math does when it is loaded: bits 15 and 6 are FTZ and DAZ.
FLUSH = """
#include <immintrin.h>
__attribute__((constructor)) static void flush(void) { _mm_setcsr(_mm_getcsr() | 0x8040); }
"""


def run(load: str) -> subprocess.CompletedProcess[str]:
    """Load something in a fresh process whose denormals are watched."""
    program = PROGRAM.format(load=load)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )


def test_importing_the_extension_keeps_denormals_alive() -> None:
    done = run("import asrbench._native")

    assert done.returncode == 0, done.stderr


def test_work_in_the_extension_keeps_denormals_alive() -> None:
    done = run(
        "from asrbench import _native\n"
        "_native.log_mel(np.full(16000, 1e-40, np.float32))\n"
        "_native.log_mel(np.full(16000, 0.5, np.float32))"
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(platform.machine() != "x86_64", reason="MXCSR is a register of x86")
@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
def test_a_library_that_flushes_to_zero_is_seen(tmp_path: Path) -> None:
    source, library = tmp_path / "flush.c", tmp_path / "flush.so"
    source.write_text(FLUSH)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)

    done = run(f"import ctypes; ctypes.CDLL({str(library)!r})")

    assert done.returncode == 1
    assert "AssertionError: after" in done.stderr
