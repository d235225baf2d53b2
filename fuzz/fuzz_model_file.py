"""Model files: edits that keep the framing valid, or plain bytes, through every stage."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from asrbench import EngineError, ModelError, _native
from asrbench.fuzz import share, small
from asrbench.fuzz.chooser import Chooser


@dataclass(frozen=True)
class Variable:
    """A variable as the file holds it; `claimed` is the byte count it states."""

    name: bytes
    shape: tuple[int, ...]
    code: int
    data: bytes
    claimed: int

    def bytes(self) -> bytes:
        """Return its framing and data."""
        head = struct.pack("<H", len(self.name) + 1) + self.name + b"\0"
        head += struct.pack(f"<B{len(self.shape)}I", len(self.shape), *self.shape)
        return head + struct.pack("<BI", self.code, self.claimed) + self.data


CODES = {"float32": (0, 4), "int8": (1, 1), "int16": (2, 2), "int32": (3, 4), "float16": (4, 2)}
HEAD = struct.pack("<IH", 6, 12) + b"WhisperSpec\0" + struct.pack("<I", 3)
WIDTHS = [4, 1, 2, 4, 2, 2]


def read(model_bin: bytes) -> list[Variable]:
    """Return the variables of a sound file."""
    variables = []
    for name, dtype, shape, offset in _native.ct2_variables(model_bin):
        code, width = CODES[dtype]
        size = int(np.prod(shape)) * width
        data = model_bin[offset : offset + size]
        variables.append(Variable(name.encode(), tuple(shape), code, data, size))
    return variables


BASES = [
    small.files(multilingual=m, dtype=d, state=2) for m in (False, True) for d in ("f16", "f32")
]
VARIABLES = [read(base[0]) for base in BASES]
BYTES = [[variable.bytes() for variable in variables] for variables in VARIABLES]
ALIASES = [base[0][base[0].rindex(b"\x1a\0decoder/projection/weight") - 4 :] for base in BASES]


def edited(variable: Variable, chooser: Chooser) -> list[bytes]:
    """Return what stands for a variable after one edit: nothing, one or two variables."""
    kind, value = chooser.number(0, 9), chooser.number(0, 2**32 - 1)
    if kind == 0:
        return []
    if kind == 1:
        return [variable.bytes()] * 2
    if kind == 2 and variable.shape:  # another size, with the data to match
        at = value % len(variable.shape)
        shape = list(variable.shape)
        shape[at] = 1 + (value >> 8) % 64
        return [sized(variable, tuple(shape), variable.code).bytes()]
    if kind == 3:  # another dtype, with the data to match
        return [sized(variable, variable.shape, value % 6).bytes()]
    if kind == 4:  # another rank of the same values
        return [replace(variable, shape=(*variable.shape, 1)[value % 2 :]).bytes()]
    if kind == 5:
        return [replace(variable, claimed=value).bytes()]
    if kind == 6:
        return [replace(variable, name=chooser.take(1 + value % 8) + variable.name).bytes()]
    if kind == 7 and variable.shape:
        return [replace(variable, shape=(value, *variable.shape[1:])).bytes()]
    at = value % len(variable.data)  # other values: NaN, infinity, what steers the computation
    patch = chooser.take(1 + kind % 8)
    data = variable.data[:at] + patch + variable.data[at + len(patch) :]
    return [replace(variable, data=data[: len(variable.data)]).bytes()]


def sized(variable: Variable, shape: tuple[int, ...], code: int) -> Variable:
    """Return a variable whose data fills that shape and dtype."""
    size = int(np.prod(shape, dtype=np.int64)) * WIDTHS[code]
    data = (variable.data * (size // len(variable.data) + 1))[:size]
    return replace(variable, shape=shape, code=code, data=data, claimed=size)


PRECISIONS = ("float32", "int16", "int8")
WORKING = 4  # of so many models that load, one is asked for logits


def one_input(data: bytes) -> None:
    """Load a damaged model, and where it loads let one in four work: a replay lets all."""
    chooser = Chooser(data)
    which = chooser.number(0, 2 * len(BASES) - 1)
    _, config, vocabulary = BASES[which % len(BASES)]
    if which >= len(BASES):
        model_bin = chooser.rest()
    else:
        parts = list(BYTES[which])
        for _ in range(chooser.number(0, 3)):
            at = chooser.number(0, len(parts) - 1)
            parts[at] = b"".join(edited(VARIABLES[which][at], chooser))
        count = len(parts) - parts.count(b"")
        model_bin = b"".join((HEAD, struct.pack("<I", count), *parts, ALIASES[which]))
    try:
        precision = PRECISIONS[len(data) % len(PRECISIONS)]
        model = _native.Model(model_bin, config, vocabulary, None, precision)
    except ModelError:
        return
    if not share.chosen(data, one_in=WORKING):
        return
    dims = model.dims
    frames = min(3, 2 * dims["audio_context"])
    try:
        states = model.encode(np.ones((frames, dims["bins"]), np.float32))
        logits = model.logits(states, [0, 1])
    except EngineError:  # its numbers overflow
        return
    assert np.isfinite(logits).all()


def seeds() -> Iterator[bytes]:
    """Yield an input for each kind of edit, and whole and cut files."""
    for kind in range(10):
        yield struct.pack("<BBBBIQ", kind % 4, 1, 7 * kind, kind, 3 + 256 * kind, 2**63 - 1)
    for which, base in enumerate(BASES):
        yield bytes([len(BASES) + which]) + base[0][:200]
    yield bytes([len(BASES)]) + BASES[0][0]
