"""Allocations of some work, in a fresh process: by the extension's count, and by every_new.cpp."""

import ctypes
from collections.abc import Callable
from pathlib import Path

import numpy as np

from asrbench import _native
from asrbench.fuzz import small

FILES = small.files()
PCM = np.random.default_rng(0).normal(0, 0.1, 16_000).astype(np.float32)


def works() -> dict[str, Callable[[], object]]:
    """The work that is counted, by name; each does the same every time."""
    model = _native.Model(*FILES)
    alone, two = _native.Recognizer(model), _native.Recognizer(model, 2)
    row, isa = np.ones(500, np.float32), _native.isa()
    rows = np.ones((7, 96), np.float32)
    return {
        "nothing": lambda: None,
        "model": lambda: _native.Model(*FILES),
        "int8 model": lambda: _native.Model(*FILES, precision="int8"),
        "transcription": lambda: alone.transcribe(PCM),
        "transcription, 2 threads": lambda: two.transcribe(PCM),
        "log_mel": lambda: _native.log_mel(PCM),
        "gelu": lambda: _native.kernels.gelu(row, isa=isa),
        "gemm": lambda: _native.kernels.gemm(rows, rows, isa=isa),
    }


def both(every_new: str) -> dict[str, list[list[int]]]:
    """Return for each work the extension's (count, bytes) and those of every_new.cpp, twice each.

    `every_new` is the path of its library, with which this process was begun.
    """
    library = ctypes.CDLL(every_new)
    library.watch.argtypes = [ctypes.c_uint64, ctypes.c_uint64]
    library.watch(*_mapped(Path(_native.__file__)))
    seen = (ctypes.c_uint64 * 2)()

    def totals(on: bool) -> list[int]:
        own = _native.count_allocations(on)
        library.seen(seen)
        return [*own, *seen]

    found: dict[str, list[list[int]]] = {}
    for name, work in works().items():
        work()  # what is done only once
        for _ in range(2):
            before = totals(True)
            work()
            after = totals(False)
            found.setdefault(name, []).append(
                [then - first for first, then in zip(before, after, strict=True)]
            )
    return found


def _mapped(library: Path) -> tuple[int, int]:
    """Return where a library lies in this process: its first address, and the one behind it."""
    lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    ours = [line.split()[0].split("-") for line in lines if line.endswith(f"/{library.name}")]
    return int(ours[0][0], 16), int(ours[-1][1], 16)
