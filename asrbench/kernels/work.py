"""What is timed: a product at the shapes of a model, or a limit that no product can beat.

An operation is a multiplication or an addition, whatever its type; amounts are 10^9 of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from asrbench.workload import Amount

Precision = Literal["float32", "int16", "int8"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)
WEIGHT_BYTES = {"float32": 4, "int16": 1, "int8": 1}  # int16 has its name from the activations

UNIT = "GFLOP"
_CALL = 100_000_000  # operations a call, roughly: what is shorter is repeated, so that calls count
_LOOP = 250_000_000
_LINE = 64  # bytes
_WORD = 8  # bytes that count as one operation where they are only read
_LARGEST = 127  # a weight of 8 bits


@dataclass(frozen=True, slots=True)
class Loop:
    """The innermost loop of a product without its loads: arithmetic in registers alone."""

    precision: Precision
    operations: int = _LOOP

    @property
    def id(self) -> str:
        """The precision: "int8 loop"."""
        return f"{self.precision} loop"

    @property
    def group(self) -> str:
        """Always "limit"."""
        return "limit"

    @property
    def amount(self) -> Amount:
        """The operations asked for; an engine makes whole rounds, and so up to 1 % more."""
        return Amount(self.operations / 1e9, UNIT)


@dataclass(frozen=True, slots=True)
class Read:
    """The bytes of a matrix of weights, read again and again: from where so many of them stay."""

    size: int
    repeats: int

    @property
    def id(self) -> str:
        """The size: "read 442368 bytes"."""
        return f"read {self.size} bytes"

    @property
    def group(self) -> str:
        """Always "limit"."""
        return "limit"

    @property
    def amount(self) -> Amount:
        """An operation a word."""
        return Amount(self.size * self.repeats / _WORD / 1e9, UNIT)

    @property
    def bytes(self) -> int:
        """Bytes read in a call."""
        return self.size * self.repeats


Limit: TypeAlias = Loop | Read


@dataclass(frozen=True, slots=True)
class Product:
    """a @ w.T, `repeats` times a call; a is (rows, depth), w (out, depth).

    Invariants: every size is one or more.
    """

    part: str
    rows: int
    out: int
    depth: int
    precision: Precision

    def __post_init__(self) -> None:
        """Refuse a product of nothing."""
        if min(self.rows, self.out, self.depth) < 1:
            shape = (self.rows, self.out, self.depth)
            raise ValueError(f"rows, out, depth are {shape}; expected 1 or more each")

    @property
    def id(self) -> str:
        """Part, shape and precision: "encoder 1500x1152x384 int8"."""
        return f"{self.part} {self.rows}x{self.out}x{self.depth} {self.precision}"

    @property
    def group(self) -> str:
        """The part of the model, and the precision."""
        return f"{self.part} {self.precision}"

    @property
    def repeats(self) -> int:
        """Times a call multiplies, so that a call is long beside the clock's own time."""
        return max(1, round(_CALL / self._operations))

    @property
    def amount(self) -> Amount:
        """The operations of all repeats."""
        return Amount(self._operations * self.repeats / 1e9, UNIT)

    @property
    def bytes(self) -> int | None:
        """Bytes of weights read in a call, where one row makes that the bound; else None."""
        return self._weights * self.repeats if self.rows == 1 else None

    @property
    def limit(self) -> Limit:
        """What bounds it: reading the weights where there is one row, else arithmetic."""
        if self.rows > 1:
            return Loop(self.precision)
        lines = -(-self._weights // _LINE)
        return Read(lines * _LINE, self.repeats)

    def operands(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return a, (rows, depth) of -1, 0 and 1, and w, (out, depth) of whole numbers to 127.

        Every precision holds them exactly, and the largest integers that it multiplies are among
        what it makes of them; so the answer is exact, and an overflow is seen.
        """
        chance = np.random.default_rng([self.rows, self.out, self.depth])
        a = chance.integers(-1, 2, (self.rows, self.depth), np.int8).astype(np.float32)
        w = chance.integers(-_LARGEST, _LARGEST + 1, (self.out, self.depth), np.int8)
        a[:, 0], w[:, 0] = 1, _LARGEST  # the largest of each row is the scale of its integers
        return a, w.astype(np.float32)

    @property
    def _operations(self) -> int:
        return 2 * self.rows * self.out * self.depth

    @property
    def _weights(self) -> int:
        """Bytes of w as it is laid out."""
        return self.out * self.depth * WEIGHT_BYTES[self.precision]


Work: TypeAlias = Product | Loop | Read
