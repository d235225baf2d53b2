"""Reads CTranslate2's model.bin, version 6: named arrays behind a framing that is never trusted.

    u32 version=6 | str specification | u32 revision | u32 number of variables
    per variable: str name | u8 rank | u32 dims[rank] | u8 dtype | u32 nbytes | row-major values
    u32 number of aliases | per alias: str name | str target
    str = u16 length including the trailing NUL, then the bytes; all of it little-endian, unaligned

Source: CTranslate2 4.x, `python/ctranslate2/specs/model_spec.py` and `src/models/model.cc`.
"""

import math
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asrbench.errors import ModelError

VERSION = 6
MAX_RANK = 8  # CTranslate2 writes 3 at most; more means that the framing is lost

# The file's dtype codes. bfloat16 is read as its bits: NumPy has no such type.
DTYPES: dict[int, np.dtype[np.generic]] = {
    0: np.dtype("<f4"),
    1: np.dtype("i1"),
    2: np.dtype("<i2"),
    3: np.dtype("<i4"),
    4: np.dtype("<f2"),
    5: np.dtype("<u2"),
}
INT8, INT16, INT32, BFLOAT16 = 1, 2, 3, 5


@dataclass(frozen=True, slots=True)
class Variable:
    """One array as the file stores it.

    Invariants: `values` has `shape` and the dtype of `DTYPES[code]`; it borrows the file's bytes,
    which start at `offset`.
    """

    name: str
    code: int
    offset: int
    values: NDArray[np.generic]

    def __post_init__(self) -> None:
        """Refuse an array of another dtype than its code says."""
        if self.values.dtype != DTYPES[self.code]:
            raise ValueError(
                f"{self.name} is {self.values.dtype}; expected {DTYPES[self.code]} by its code"
            )

    @property
    def shape(self) -> tuple[int, ...]:
        """The dimensions, outermost first; () for a scalar."""
        return self.values.shape


@dataclass(frozen=True, slots=True)
class Ct2File:
    """A parsed model.bin.

    Invariants: `variables` are in the file's order under unique names, aliases included (an alias
    is the very Variable of its target).
    """

    specification: str
    revision: int
    variables: dict[str, Variable]

    def float32(self, name: str) -> NDArray[np.float32]:
        """Return the variable as float32: converted, and divided by its scale where quantised.

        int8 weights have a `<name>_scale` of one value per row, int16 weights one for all; the
        value is quantised / scale. Raises ModelError if the variable or its scale is absent or
        cannot be a weight.
        """
        variable = self._find(name)
        if variable.code == INT32:
            raise ModelError(f"{name} is int32; expected a weight's dtype")
        if variable.code == BFLOAT16:  # the upper half of a float32
            return (variable.values.astype(np.uint32) << 16).view(np.float32)
        values = variable.values.astype(np.float32)
        if variable.code not in (INT8, INT16):
            return values
        scale = self._find(f"{name}_scale").values.astype(np.float32)
        expected = variable.shape[:1] if variable.code == INT8 else ()
        if scale.shape != expected or not np.all(scale):
            raise ModelError(
                f"{name}_scale has shape {scale.shape} and {int(np.sum(scale == 0))} zeros; "
                f"expected {expected} without zeros"
            )
        return values / scale.reshape(scale.shape + (1,) * (values.ndim - scale.ndim))

    def scalar(self, name: str) -> int:
        """Return an integer without dimensions, such as `encoder/num_heads`."""
        values = self._find(name).values
        if values.shape != () or values.dtype.kind != "i":
            raise ModelError(
                f"{name} is {values.dtype} of shape {values.shape}; expected one integer"
            )
        return int(values)

    def _find(self, name: str) -> Variable:
        if name not in self.variables:
            raise ModelError(f"model.bin has no variable {name!r}; expected a Whisper model")
        return self.variables[name]


def read(data: bytes) -> Ct2File:
    """Parse a whole model.bin held in memory; the arrays borrow `data`.

    Raises ModelError that names the offset and what was expected there.
    """
    cursor = _Cursor(memoryview(data))
    version = cursor.number("<I", "version")
    if version != VERSION:
        raise ModelError(f"offset 0: version is {version}; expected {VERSION}")
    specification = cursor.string("specification")
    revision = cursor.number("<I", "revision")
    variables: dict[str, Variable] = {}
    for _ in range(cursor.number("<I", "number of variables")):
        variable = cursor.variable()
        if variable.name in variables:
            raise ModelError(
                f"offset {variable.offset}: variable {variable.name!r} comes twice; expected once"
            )
        variables[variable.name] = variable
    for _ in range(cursor.number("<I", "number of aliases")):
        start = cursor.position
        alias, target = cursor.string("alias"), cursor.string("target")
        if alias in variables or target not in variables:
            raise ModelError(
                f"offset {start}: alias {alias!r} -> {target!r}; "
                "expected a new name for a variable of the file"
            )
        variables[alias] = variables[target]
    if cursor.position != len(data):
        raise ModelError(
            f"offset {cursor.position}: {len(data) - cursor.position} bytes are left; "
            "expected the end of the file"
        )
    return Ct2File(specification, revision, variables)


class _Cursor:
    """A position in the bytes that never passes their end."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.position = 0

    def take(self, size: int, what: str) -> memoryview:
        """Return the next `size` bytes and step over them."""
        left = len(self.data) - self.position
        if size > left:
            raise ModelError(
                f"offset {self.position}: {what} needs {size} bytes and {left} are left; "
                "the file is cut or damaged"
            )
        self.position += size
        return self.data[self.position - size : self.position]

    def number(self, layout: str, what: str) -> int:
        """Return the next unsigned integer of `struct` layout "<I", "<H" or "B"."""
        return int(struct.unpack(layout, self.take(struct.calcsize(layout), what))[0])

    def string(self, what: str) -> str:
        """Return the next non-empty UTF-8 string, its NUL cut off."""
        start = self.position
        raw = bytes(self.take(self.number("<H", f"length of {what}"), what))
        if len(raw) < 2 or raw.find(0) != len(raw) - 1:
            raise ModelError(
                f"offset {start}: {what} is {raw[:40]!r}; expected text that ends in its only NUL"
            )
        try:
            return raw[:-1].decode()
        except UnicodeDecodeError as error:
            raise ModelError(f"offset {start}: {what} {raw[:40]!r} is not UTF-8") from error

    def variable(self) -> Variable:
        """Return the next variable, its size checked against its dimensions."""
        start = self.position
        name = self.string("variable name")
        rank = self.number("B", f"rank of {name}")
        if rank > MAX_RANK:
            raise ModelError(f"offset {start}: rank of {name} is {rank}; expected <= {MAX_RANK}")
        shape = tuple(self.number("<I", f"dims of {name}") for _ in range(rank))
        code = self.number("B", f"dtype of {name}")
        if code not in DTYPES:
            raise ModelError(f"offset {start}: dtype of {name} is {code}; expected 0 to 5")
        size = self.number("<I", f"size of {name}")
        expected = math.prod(shape) * DTYPES[code].itemsize
        if size != expected:
            raise ModelError(
                f"offset {start}: {name} of shape {shape} has {size} bytes; expected {expected}"
            )
        offset = self.position
        values = np.frombuffer(self.take(size, f"values of {name}"), DTYPES[code])
        return Variable(name, code, offset, values.reshape(shape))
