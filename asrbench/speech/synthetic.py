"""Writes Whisper models of any size with random weights, in CTranslate2's format, for tests.

    python -m asrbench.speech.synthetic OUT --shape tiny.en --layers 2 --seed 1

They say nonsense, but at length: every size of the family, and sizes nobody trained, can be
compared between implementations without downloading a byte.
"""

import argparse
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from asrbench.speech.oracle import ct2_file, tokenizer, weights
from asrbench.speech.oracle.weights import Dims

DTYPE_CODES = {"f32": 0, "f16": 4}
TASKS = ("translate", "transcribe", "startoflm", "startofprev", "nocaptions", "notimestamps")

# Whisper's languages are three letters at most; which they are does not matter to random weights.
LANGUAGES = ("en", *(f"x{index:02d}" for index in range(1, 100)))


@dataclass(frozen=True, slots=True)
class Shape:
    """What a synthetic model looks like.

    Invariants: the vocabulary is `words` tokens of text, the special tokens (with `languages`
    languages) and `audio_context + 1` timestamps; `words` is at least 256, one for each byte,
    and one more where the model is multilingual.
    """

    dims: Dims
    languages: int
    multilingual: bool

    def __post_init__(self) -> None:
        """Refuse a vocabulary too small for its special tokens."""
        least = 256 + self.multilingual
        if not 1 <= self.languages <= len(LANGUAGES) or self.words < least:
            raise ValueError(
                f"vocabulary of {self.dims.vocabulary} with {self.languages} languages leaves "
                f"{self.words} words; expected 1 to {len(LANGUAGES)} languages, {least} words"
            )

    @property
    def words(self) -> int:
        """The number of tokens of text, which is also the id of end-of-text."""
        specials = 2 + self.languages + len(TASKS)
        return self.dims.vocabulary - specials - (self.dims.audio_context + 1)

    def cut(self, layers: int) -> "Shape":
        """Return the shape with at most so many layers on either side."""
        dims = self.dims
        return replace(
            self,
            dims=replace(
                dims,
                encoder_layers=min(layers, dims.encoder_layers),
                decoder_layers=min(layers, dims.decoder_layers),
            ),
        )


def _whisper(
    state: int, encoder_layers: int, decoder_layers: int, vocabulary: int, bins: int = 80
) -> Shape:
    """Return a shape of the family: heads are 64 wide, the contexts 1500 and 448."""
    dims = Dims(
        bins, 1500, state, state // 64, encoder_layers, decoder_layers, vocabulary, text_context=448
    )
    return Shape(dims, 100 if vocabulary == 51866 else 99, multilingual=vocabulary > 51864)


def _tiny(languages: int, multilingual: bool) -> Shape:
    """Return dims of 8 with windows of 0.32 s: a few kilobytes, for fuzzing and bit flips."""
    vocabulary = 256 + multilingual + 2 + languages + len(TASKS) + 17
    return Shape(Dims(80, 16, 8, 2, 2, 2, vocabulary, text_context=64), languages, multilingual)


# Source: the table in OpenAI's whisper README and model cards. The last two hear 128 bins.
SHAPES = {
    "tiny.en": _whisper(384, 4, 4, 51864),
    "tiny": _whisper(384, 4, 4, 51865),
    "base.en": _whisper(512, 6, 6, 51864),
    "base": _whisper(512, 6, 6, 51865),
    "small.en": _whisper(768, 12, 12, 51864),
    "small": _whisper(768, 12, 12, 51865),
    "medium.en": _whisper(1024, 24, 24, 51864),
    "medium": _whisper(1024, 24, 24, 51865),
    "large-v2": _whisper(1280, 32, 32, 51865),
    "large-v3": _whisper(1280, 32, 32, 51866, bins=128),
    "turbo": _whisper(1280, 32, 4, 51866, bins=128),
    "dims-of-8.en": _tiny(languages=1, multilingual=False),
    "dims-of-8": _tiny(languages=3, multilingual=True),
}
TINY = SHAPES["dims-of-8.en"]


def write(folder: Path, shape: Shape, seed: int = 0, dtype: str = "f16") -> None:
    """Write model.bin, config.json and vocabulary.txt of a random model into a folder.

    The same shape, seed and dtype ("f16" or "f32") give the same bytes. Raises ValueError for
    another dtype.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = ("model.bin", "config.json", "vocabulary.txt")
    for name, contents in zip(names, files(shape, seed, dtype), strict=True):
        (folder / name).write_bytes(contents)


def files(shape: Shape, seed: int = 0, dtype: str = "f16") -> tuple[bytes, bytes, bytes]:
    """Return what `write` writes: the contents of model.bin, config.json and vocabulary.txt."""
    return model_bin(shape, seed, dtype), config_json(shape), vocabulary_txt(shape)


def vocabulary_txt(shape: Shape) -> bytes:
    """Return a vocabulary: the 256 bytes, filler words, special tokens and timestamps."""
    words = list(tokenizer.byte_characters().values())
    words += [f"\u0120w{index}" for index in range(256, shape.words - shape.multilingual)]
    words += [tokenizer.MULTILINGUAL_TOKEN] * shape.multilingual
    specials = ["endoftext", "startoftranscript", *LANGUAGES[: shape.languages], *TASKS]
    specials += [f"{index * 0.02:.2f}" for index in range(shape.dims.audio_context + 1)]
    return "".join(f"{name}\n" for name in (*words, *(f"<|{s}|>" for s in specials))).encode()


def config_json(shape: Shape) -> bytes:
    """Return the settings: some words and the tasks suppressed, as in the real models."""
    ids = tokenizer.read(vocabulary_txt(shape))
    config = {
        "alignment_heads": [[shape.dims.decoder_layers - 1, 0]],
        "lang_ids": list(range(ids.sot + 1, ids.sot + 1 + shape.languages)),
        "suppress_ids": [1, 2, 7, ids.sot, *range(ids.no_timestamps - 5, ids.no_timestamps)],
        "suppress_ids_begin": [32, ids.eot],
    }
    return json.dumps(config).encode()


def model_bin(shape: Shape, seed: int = 0, dtype: str = "f16") -> bytes:
    """Return the weights file: CTranslate2 version 6, the names of a Whisper model."""
    if dtype not in DTYPE_CODES:
        raise ValueError(f"dtype is {dtype!r}; expected one of {sorted(DTYPE_CODES)}")
    variables = [
        _variable("decoder/activation", 1, np.int8(3)),
        _variable("decoder/num_heads", 2, np.int16(shape.dims.heads)),
        _variable("decoder/pre_norm", 1, np.int8(1)),
        _variable("decoder/scale_embeddings", 1, np.int8(0)),
        _variable("decoder/start_from_zero_embedding", 1, np.int8(0)),
        _variable("encoder/num_heads", 2, np.int16(shape.dims.heads)),
    ]
    variables += [
        _variable(name, DTYPE_CODES[dtype], values) for name, values in _arrays(shape.dims, seed)
    ]
    alias = _string("decoder/projection/weight") + _string("decoder/embeddings/weight")
    head = struct.pack("<I", ct2_file.VERSION) + _string("WhisperSpec") + struct.pack("<I", 3)
    head += struct.pack("<I", len(variables))
    return b"".join([head, *variables, struct.pack("<I", 1), alias])


def _arrays(dims: Dims, seed: int) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Yield every array of the model, scaled so that activations neither die nor grow.

    A weight has the variance 1 / inputs (LeCun), gains stand around 1, shifts around 0. Positions
    outweigh tokens, so that a decoder does not say one token for ever; the embeddings give logits
    of a deviation of 3, at which timestamps and words are about as likely.
    """
    random = np.random.default_rng(seed)
    for name, shape in weights.shapes(dims):
        noise = random.standard_normal(shape, np.float32)
        if name.endswith("gamma"):
            yield name, 1.0 + np.float32(0.1) * noise
        elif name.endswith(("bias", "beta")):
            yield name, np.float32(0.1) * noise
        elif "encodings" in name:
            yield name, noise
        elif "embeddings" in name:
            yield name, noise * np.float32(3.0 / dims.state**0.5)
        else:
            yield name, noise / np.float32(np.prod(shape[1:])) ** 0.5


def _variable(name: str, code: int, values: NDArray[np.generic] | np.generic) -> bytes:
    stored = np.ascontiguousarray(values, ct2_file.DTYPES[code])
    shape = np.shape(values)
    dims = struct.pack(f"<B{len(shape)}I", len(shape), *shape)
    return _string(name) + dims + struct.pack("<BI", code, stored.nbytes) + stored.tobytes()


def _string(text: str) -> bytes:
    raw = text.encode() + b"\0"
    return struct.pack("<H", len(raw)) + raw


def main(arguments: list[str] | None = None) -> None:
    """Write one model, as the command line asks."""
    parser = argparse.ArgumentParser(prog="asrbench.speech.synthetic", description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write into")
    parser.add_argument("--shape", choices=SHAPES, default="dims-of-8.en")
    parser.add_argument("--layers", type=int, default=32, help="keep at most so many on each side")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--dtype", choices=DTYPE_CODES, default="f16")
    chosen = parser.parse_args(arguments)
    write(chosen.out, SHAPES[chosen.shape].cut(chosen.layers), chosen.seed, chosen.dtype)


if __name__ == "__main__":
    main()
