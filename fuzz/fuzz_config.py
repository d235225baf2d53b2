"""Settings: any bytes as config.json are refused, or the model still works under them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np

from asrbench import EngineError, ModelError, _native
from asrbench.fuzz import small

MODEL, CONFIG, VOCABULARY = small.files()


def one_input(data: bytes) -> None:
    """Load a model with strange settings, and let it transcribe a moment now and then."""
    try:
        model = _native.Model(MODEL, data, VOCABULARY)
    except ModelError:
        return
    try:
        options = _native.Options(words=True)  # which ask for the alignment heads
        found = _native.Recognizer(model).transcribe(np.ones(400, np.float32), options)
    except EngineError:  # all tokens are suppressed
        return
    assert all(0 <= token < model.dims["vocabulary"] for token in found["tokens"])


def seeds() -> Iterator[bytes]:
    """Yield the settings of a sound model, and small ones of every kind of value."""
    yield CONFIG
    yield b"{}"
    yield b'{"suppress_ids": null, "suppress_ids_begin": [2, 1]}'
    yield b'{"alignment_heads": [[0, 1], [1, 0]], "suppress_ids": []}'
    yield b'{"a": [true, false, {"b": -1.5e3}], "c": "\\u00e9\\ud83d\\ude00"}'
    yield json.dumps({"suppress_ids": list(range(18))}).encode()
