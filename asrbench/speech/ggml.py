"""Writes a model as whisper.cpp reads it, a ggml file of float16 weights that the cache keeps.

    u32 magic | i32 vocabulary | i32 audio context, state, heads, layers of the encoder
    i32 text context, state, heads, layers of the decoder | i32 bins | i32 type of the weights
    i32 bins, i32 frequencies | f32 mel filters, row-major
    i32 number of pieces | per piece of text: u32 length | bytes
    per array: i32 rank | i32 length of the name | i32 type | i32 dims[rank], innermost first
               | name | values, row-major
    type: 0 f32, 1 f16; all of it little-endian

Source: whisper.cpp, `models/convert-pt-to-ggml.py` and `whisper_model_load` of `src/whisper.cpp`.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from asrbench.errors import EngineError, ModelError
from asrbench.speech.weights import Weights, cache_folder, identity

if TYPE_CHECKING:  # read only when a file has to be written: a peer's start is not to pay for it
    import numpy as np
    from numpy.typing import NDArray

    from asrbench.speech.oracle.model import Model

MAGIC = 0x67676D6C  # "ggml"
FLOAT32, FLOAT16 = 0, 1
VOCABULARIES = (51864, 51865, 51866)
"""The sizes that whisper.cpp can work with: it has the special tokens by their numbers."""

_LAYOUT = 1  # to be raised when this file writes something else: older files are not used then


def converted(found: Weights) -> Path:
    """Return the ggml file of a model: written on first use, and anew when a file of it changed.

    Raises ModelError if the model cannot be used, EngineError if the cache cannot be written.
    """
    place = cache_folder() / "ggml" / _key(str(found.folder.resolve()))
    stamps = [identity(path) for path in (found.model, found.config, found.vocabulary)]
    path = place / f"{_key(json.dumps([_LAYOUT, stamps]))}.bin"
    if path.is_file():
        return path
    from asrbench.speech.oracle import model

    contents = chunks(model.load(found.model, found.config, found.vocabulary))
    try:
        _write_whole(path, contents)
        for other in place.glob("*.bin"):
            if other != path:  # of the model as it was before
                other.unlink(missing_ok=True)
    except OSError as error:
        raise EngineError(
            f"{path} cannot be written: {error}; whisper.cpp reads weights from a file of its own, "
            "expected a cache folder with room for it: set ASRBENCH_CACHE"
        ) from error
    return path


def vocabulary(path: Path) -> int:
    """Return the number of tokens of a ggml file that `converted` wrote."""
    with path.open("rb") as file:
        return int(struct.unpack("<Ii", file.read(8))[1])


def chunks(model: Model) -> Iterator[bytes]:
    """Yield the contents of the file, piece by piece.

    Matrices become float16, which is exact where CTranslate2's file holds float16; biases, gains
    and position encodings are float32. Raises ModelError if a weight is beyond float16.
    """
    from asrbench.speech import openai
    from asrbench.speech.oracle.log_mel import mel_filters

    dims = model.dims
    yield struct.pack("<Ii", MAGIC, dims.vocabulary)
    yield struct.pack("<4i", dims.audio_context, dims.state, dims.heads, dims.encoder_layers)
    yield struct.pack("<4i", dims.text_context, dims.state, dims.heads, dims.decoder_layers)
    yield struct.pack("<2i", dims.bins, FLOAT16)
    filters = mel_filters(dims.bins)
    yield struct.pack("<2i", *filters.shape) + filters.astype("<f4").tobytes()
    pieces = model.tokenizer.pieces
    yield struct.pack("<i", len(pieces))
    yield b"".join(struct.pack("<I", len(piece)) + piece for piece in pieces)
    for name, array in openai.arrays(model.weights):
        yield _array(name, array)


def _array(name: str, array: NDArray[np.float32]) -> bytes:
    import numpy as np

    code, stored = FLOAT32, array.astype("<f4")
    if array.ndim > 1 and "positional" not in name:
        with np.errstate(over="ignore"):  # it is refused below
            code, stored = FLOAT16, array.astype("<f2")
        if not np.isfinite(stored).all():
            raise ModelError(
                f"{name} has {np.abs(array).max():g}; expected what float16 can hold, below 65520"
            )
    # whisper.cpp adds a convolution's bias to (state, frames), and has it as a column
    shape = (*array.shape, 1) if name.endswith(("conv1.bias", "conv2.bias")) else array.shape
    encoded = name.encode()
    head = struct.pack("<3i", len(shape), len(encoded), code)
    return head + struct.pack(f"<{len(shape)}i", *shape[::-1]) + encoded + stored.tobytes()


def _key(text: str) -> str:
    return hashlib.sha256(os.fsencode(text)).hexdigest()[:16]


def _write_whole(path: Path, contents: Iterator[bytes]) -> None:
    """Write a file through a temporary one, fsync and rename; make its folder if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(contents)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
