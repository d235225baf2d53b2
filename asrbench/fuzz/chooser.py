"""Makes choices of the bytes of a fuzz input: numbers, members of a list, what is left.

An input that has ended gives zeros, so that every input means something and short ones are simple.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")


class Chooser:
    """Takes choices off the front of an input."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        """The bytes that no choice has taken yet."""
        return max(0, len(self._data) - self._at)

    def number(self, low: int, high: int) -> int:
        """Return an integer from low to high, both included; it takes as few bytes as hold it."""
        width = ((high - low).bit_length() + 7) // 8
        return low + int.from_bytes(self.take(width), "little") % (high - low + 1)

    def pick(self, options: Sequence[_T]) -> _T:
        """Return one of the options."""
        return options[self.number(0, len(options) - 1)]

    def take(self, count: int) -> bytes:
        """Return that many bytes; zeros stand for what the input has not."""
        taken = self._data[self._at : self._at + count]
        self._at += count
        return taken.ljust(count, b"\0")

    def rest(self) -> bytes:
        """Return all bytes that are left."""
        taken = self._data[self._at :]
        self._at = len(self._data)
        return taken
