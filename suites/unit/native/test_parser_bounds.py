"""Readers of what the outside wrote, and the workloads, keep a time bound on large input.

What of `_native` takes bytes or pcm is in test_time_bounds; here are files on the disk, images by
every filter, contracts, and the readers in Python, whose bound is wider.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest
import soundfile

from asrbench import AudioError, CorpusError, ModelError, RunError, _native
from asrbench.fuzz.bound import Bound, exceeded
from asrbench.jsonlog import sources
from asrbench.measure import run_file
from asrbench.speech import audio
from asrbench.speech.corpus.manifest import read_manifest
from suites.unit.native.every_binding import (
    ASIAN,
    FILES,
    FILTERS,
    ISA,
    PRICER,
    QUERY,
    J,
    K,
)

COUNTS = [2000, 50_000]
BYTES = Bound(fixed_s=0.1, per_unit_s=1e-6)
PYTHON = Bound(fixed_s=0.2, per_unit_s=1e-6)  # a byte; a line of a manifest is a file to look for
PIXELS = Bound(fixed_s=0.1, per_unit_s=100e-9)
STEPS = Bound(fixed_s=0.1, per_unit_s=200e-9)  # a path's date, with its Greeks
Sized: TypeAlias = tuple[Callable[[], object], int, Bound]  # the call, its size, what it may take
Make: TypeAlias = Callable[[int, Path], Sized]
RUN = {
    "schema": run_file.SCHEMA,
    "partial": False,
    "environment": {},
    "items": [],
    "errors": [],
    "cases": [],
}


def of_file(
    read: Callable[[Path], object],
    content: Callable[[int], bytes],
    bound: Bound = BYTES,
    refused: type[Exception] | None = None,
) -> Make:
    """Return what reads a file of that content, or refuses it; its size is the file's."""

    def made(count: int, folder: Path) -> Sized:
        path = folder / "input"
        path.write_bytes(content(count))

        def call() -> None:
            if refused is None:
                read(path)
                return
            with pytest.raises(refused):
                read(path)

        return call, path.stat().st_size, bound

    return made


def log_of(count: int) -> bytes:
    """Lines of many groups, long numbers and escapes; every third is cut off."""
    number = b"9" * 40
    lines = (
        b'{"model": "g%d", "ms": %s.%s}\n' % (i, number, number)
        + b'{"model": "\\u00e9\\ud83d\\ude00", "ms": 1e-400}\n{"model": "\\ud8'
        for i in range(count)
    )
    return b"\n".join(lines)


def wav(claimed: int) -> Callable[[int], bytes]:
    """A sound file whose header claims so many bytes, whatever follows."""

    def content(count: int) -> bytes:
        layout = struct.pack("<HHIIHH", 1, 1, 16000, 32000, 2, 16)
        head = b"WAVEfmt " + struct.pack("<I", 16) + layout + b"data" + struct.pack("<I", claimed)
        return b"RIFF" + struct.pack("<I", claimed) + head + bytes(20 * count)

    return content


def flac(count: int) -> bytes:
    held = io.BytesIO()
    noise = np.random.default_rng(0).integers(-9999, 9999, 10 * count).astype(np.int16)
    soundfile.write(held, noise, 44100, format="FLAC")
    return held.getvalue()


def manifest(count: int) -> bytes:
    line = {"audio_filepath": "input", "duration": 1.0, "offset": 0.0, "text": "a word"}
    return b"".join(
        json.dumps({**line, "offset": float(i)}).encode() + b"\n" for i in range(count // 5)
    )


def runs(count: int) -> bytes:
    items = [{"id": f"i{i}", "amount": {"value": 1.0, "unit": "s"}} for i in range(count // 10)]
    return json.dumps({**RUN, "items": items}).encode()


def deep(opening: bytes) -> Callable[[int], bytes]:
    return lambda count: opening * 20 * count


def unpacked(path: Path) -> int:
    return sum(len(piece) for piece in sources.pieces(str(path)))


def filtered(name: str, *more: int) -> Make:
    """Return a filter of a long image; its size is what goes in or comes out, the larger."""

    def made(count: int, _: Path) -> Sized:
        image = np.zeros((7, count) if name == "equalize" else (7, count, 3), np.uint8)
        if more:
            image = np.zeros((7, 5, 3), np.uint8)
        sizes = (more[0], min(count, 65_535)) if more else ()
        size = max(image.size, 3 * sizes[0] * sizes[1] if sizes else 0)
        return (lambda: getattr(FILTERS, name)(image, *sizes)), size, PIXELS

    return made


def priced(method: str, precision: str) -> Make:
    def made(count: int, _: Path) -> Sized:
        dates = 8
        paths = 512 if method == "sobol" else 2 * (count // 2)
        while method == "sobol" and paths * 2 <= count:
            paths *= 2
        contract = (*ASIAN[:7], dates, *ASIAN[8:])
        return (
            (lambda: PRICER.price(*contract, paths, 1, method, precision, True)),
            paths * dates,
            STEPS,
        )

    return made


def attended(count: int, _: Path) -> Sized:
    rows = np.random.default_rng(0).normal(0, 1, (count // 10, 8)).astype(np.float32)
    query = rows[:3].copy()
    return (lambda: K.attend(query, rows, rows, "int16", isa=ISA)), rows.size, BYTES


LARGE: dict[str, Make] = {
    "jsonlog.Log.scan": of_file(lambda path: J.Log(QUERY).scan(str(path), 2, 4096, 4096), log_of),
    "jsonlog.Log.scan of openings": of_file(
        lambda path: J.Log(QUERY).scan(str(path)), deep(b'{"a": [')
    ),
    "jsonlog.columns": of_file(
        lambda path: J.columns(str(path), [("ms", "float64"), ("model", "text")]), log_of
    ),
    "jsonlog.columns of openings": of_file(
        lambda path: J.columns(str(path), [("ms", "float64")]), deep(b'{"a": [')
    ),
    "jsonlog.sources of a .gz": of_file(
        unpacked, lambda count: gzip.compress(np.random.default_rng(0).bytes(20 * count)), PYTHON
    ),
    "Model.open": of_file(
        lambda path: _native.Model.open(str(path), *FILES[1:]),
        deep(b"\xff\x00"),
        refused=ModelError,
    ),
    "audio.read of a file that ends early": of_file(audio.read, wav(2**32 - 1), PYTHON),
    "audio.read of FLAC": of_file(audio.read, flac, PYTHON),
    "audio.read of noise": of_file(audio.read, deep(b"ID3\xff\xfb"), PYTHON, AudioError),
    "read_manifest": of_file(read_manifest, manifest, PYTHON),
    "read_manifest of openings": of_file(read_manifest, deep(b"["), PYTHON, CorpusError),
    "run_file.read": of_file(run_file.read, runs, PYTHON),
    "run_file.read of digits": of_file(run_file.read, deep(b"9"), PYTHON, RunError),
    "kernels.attend": attended,
    **{
        f"frames.Filters.{name}": filtered(name)
        for name in ("gray", "blur", "edges_l1", "edges_l2", "equalize")
    },
    "frames.Filters.resize": filtered("resize", 7),
    "frames.Filters.letterbox": filtered("letterbox", 7),
    **{
        f"pricing.Pricer.price by {method}, {precision}": priced(method, precision)
        for method in ("philox", "sobol")
        for precision in ("float32", "float64")
    },
}


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("name", LARGE)
def test_a_reader_or_a_workload_keeps_its_bound(name: str, count: int, tmp_path: Path) -> None:
    call, size, bound = LARGE[name](count, tmp_path)

    assert exceeded(call, size, bound) is None
