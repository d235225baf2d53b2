"""Vocabularies: plain bytes, or a sound one with some lines replaced, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from asrbench import ModelError, _native
from asrbench.fuzz import small
from asrbench.fuzz.chooser import Chooser

MODEL, CONFIG, VOCABULARY = small.files(multilingual=True)
LINES = VOCABULARY.split(b"\n")[:-1]


def one_input(data: bytes) -> None:
    """Load a model with a strange vocabulary, and write every token of it."""
    chooser = Chooser(data)
    kind = chooser.number(0, 2)
    if kind == 0:
        vocabulary = chooser.rest()
    else:
        lines = list(LINES)
        for _ in range(chooser.number(0, 4)):
            at = chooser.number(0, len(lines) - 1)
            lines[at] = chooser.take(chooser.number(0, 20))
        names = [line.decode("utf-8", "replace") for line in lines]
        vocabulary = b"\n".join(lines) if kind == 1 else json.dumps(names).encode()
    try:
        model = _native.Model(MODEL, CONFIG, vocabulary)
    except ModelError:
        return
    everything = model.text(range(model.dims["vocabulary"]))
    assert everything == b"".join(model.text([t]) for t in range(model.dims["vocabulary"]))


def seeds() -> Iterator[bytes]:
    """Yield sound vocabularies of both kinds, one with other lines, and the beginnings of files."""
    yield b"\1\0"
    yield b"\2\0"
    yield b"\1\1\x02\3abc"
    yield b"\2\2\x01\1\xff\x03\2\xc4\xa0"
    yield b"\0" + VOCABULARY[:300]
    yield b'\0["<|endoftext|>", "\\u0120a", "\\ud83d\\ude00"]'
