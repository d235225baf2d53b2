"""The smallest Whisper model that works: what targets load thousands of times a second.

States of 4 values or 2, a layer on either side, windows of 80 ms, and a vocabulary of four words
beside the special tokens, where `speech.synthetic` has at least one for each byte.
"""

from __future__ import annotations

import json
import math
import struct

from asrbench import _native
from asrbench.speech import synthetic
from asrbench.speech.oracle.weights import Dims
from asrbench.speech.synthetic import TASKS, Shape

EMBEDDINGS = "decoder/embeddings/weight"
WORDS = 4
_WIDTHS = {"float32": 4, "float16": 2}


def files(
    *, multilingual: bool = False, dtype: str = "f16", state: int = 4
) -> tuple[bytes, bytes, bytes]:
    """Return the contents of model.bin, config.json and vocabulary.txt.

    Its languages are "en" and, where it is multilingual, "x01". `dtype` is "f16" or "f32"; `state`
    is an even number, for its two heads. A model with states of 2 values loads the quickest.
    """
    languages, window = 1 + multilingual, 4
    specials = 2 + languages + len(TASKS) + window + 1
    most = 256 + multilingual
    dims = Dims(2, window, state, 2, 1, 1, most + specials, text_context=8)
    shape = Shape(dims, languages, multilingual)
    cut = 256 - WORDS
    lines = synthetic.vocabulary_txt(shape).splitlines(keepends=True)[cut:]
    config = json.dumps({"suppress_ids": [0], "suppress_ids_begin": [1, WORDS + multilingual]})
    model_bin = _without_words(synthetic.model_bin(shape, 1, dtype), cut)
    return model_bin, config.encode(), b"".join(lines)


def _without_words(model_bin: bytes, cut: int) -> bytes:
    """Return the model without the embeddings of its first words."""
    (found,) = (v for v in _native.ct2_variables(model_bin) if v[0] == EMBEDDINGS)
    _, dtype, (rows, columns), offset = found
    width = _WIDTHS[dtype]
    framing = struct.Struct("<IIBI")
    code = framing.unpack_from(model_bin, offset - framing.size)[2]
    kept = (rows - cut) * columns * width
    end = offset + math.prod((rows, columns, width))
    head = model_bin[: offset - framing.size]
    return head + framing.pack(rows - cut, columns, code, kept) + model_bin[end - kept :]
