"""Writes the seeds of every target into its corpus: `python fuzz/seed.py`; --count writes none.

A Python target makes its own, in `seeds()`. Those of the native ones are here: sound files, and the
same with an end that is missing.
"""

from __future__ import annotations

import json
import runpy
import struct
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from asrbench import _native
from asrbench.fuzz import corpus, small
from asrbench.fuzz.target import targets

MODEL, CONFIG, VOCABULARY = small.files(multilingual=True)


def ct2_file() -> Iterator[bytes]:
    """Yield a file of three small variables and an alias, and its beginnings."""
    file = struct.pack("<IH", 6, 12) + b"WhisperSpec\0" + struct.pack("<II", 3, 3)
    for name, code, width in ((b"a", 0, 4), (b"b", 1, 1), (b"c", 4, 2)):
        shape = struct.pack("<BII", 2, 2, 3)
        file += struct.pack("<H", 2) + name + b"\0" + shape + struct.pack("<BI", code, 6 * width)
        file += bytes(6 * width)
    file += struct.pack("<I", 1) + b"\2\0d\0" + b"\2\0a\0"
    yield from (file, file[:30], file[:-5])


def weights() -> Iterator[bytes]:
    """Yield models of both widths, and the beginning of one."""
    yield from (MODEL, MODEL[:1000], small.files(dtype="f32")[0])


def prepared() -> Iterator[bytes]:
    """Yield prepared weights of both precisions as they are and to be sealed, and a beginning."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "prepared.bin")
        for number, precision in enumerate(("int16", "int8")):
            _native.Model(MODEL, CONFIG, VOCABULARY, "generic", precision).save(str(path))
            file = path.read_bytes()
            yield from (bytes([2 * number]) + file, bytes([2 * number + 1]) + file)
            yield bytes([2 * number + 1]) + file[:1000]


def json_texts() -> Iterator[bytes]:
    """Yield settings, and a text with every kind of value."""
    yield b"\1" + CONFIG
    yield b'\1{"suppress_ids": null, "other": [1], "suppress_ids_begin": [2, 299]}'
    yield b'\0{"a": [1, -2.5e3, true, null, {"b": "\\u00e9\\ud83d\\ude00\\n"}]}'


def vocabularies() -> Iterator[bytes]:
    """Yield the shortest vocabulary of both kinds, and a longer one."""
    tags = (
        "endoftext",
        "startoftranscript",
        "en",
        "translate",
        "transcribe",
        "startofprev",
        "nospeech",
    )
    lines = ["", "\u0120a", *(f"<|{tag}|>" for tag in (*tags, "notimestamps", "0.00"))]
    yield "\n".join(lines).encode()
    yield json.dumps(lines, separators=(",", ":")).encode()
    yield VOCABULARY


def wavs() -> Iterator[bytes]:
    """Yield both formats, with a chunk of an odd size before the data."""
    for code, bits in ((1, 16), (3, 32)):
        layout = struct.pack("<HHIIHH", code, 1, 16000, 16000 * bits // 8, bits // 8, bits)
        body = b"WAVELIST" + struct.pack("<I", 3) + b"odd\0"
        body += b"fmt " + struct.pack("<I", 16) + layout + b"data" + struct.pack("<I", 40)
        yield b"RIFF" + struct.pack("<I", len(body) + 40) + body + bytes(range(40))


def kernels() -> Iterator[bytes]:
    """Yield sizes around a panel's and a tile's, over noise."""
    noise = np.random.default_rng(0).bytes(40)
    for rows, columns, depth in ((0, 0, 0), (5, 15, 7), (6, 16, 8), (12, 31, 39), (7, 36, 23)):
        yield bytes([rows, columns, depth, rows % 9, depth % 2]) + noise


NATIVE = {
    "ct2_file": ct2_file,
    "json": json_texts,
    "kernels": kernels,
    "prepared": prepared,
    "tokenizer": vocabularies,
    "wav": wavs,
    "weights": weights,
}


def main(arguments: list[str]) -> None:
    """Plant them, and say how many were new; or make them and say how many they are."""
    for target in targets(Path(__file__).parent):
        if target.native:
            seeds = NATIVE[target.name.partition("/")[2]]()
        else:
            seeds = runpy.run_path(str(target.source))["seeds"]()
        if arguments == ["--count"]:
            print(f"{target.name}: {len(list(seeds))} seeds")
        else:
            print(f"{target.name}: {corpus.plant(target.corpus, seeds)} new seeds")


if __name__ == "__main__":
    main(sys.argv[1:])
