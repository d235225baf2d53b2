"""Contracts of any numbers: both sides refuse the same, every other price is finite everywhere."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator

from asrbench import OptionError, _native
from asrbench.fuzz.chooser import Chooser
from asrbench.pricing.contract import Contract

PRICERS = [_native.pricing.Pricer(1, isa) for isa in _native.isas()]
KINDS = ("european", "asian", "barrier", "american")
KNOCKS = ("", "up-and-out", "up-and-in", "down-and-out", "down-and-in", "sideways")
NUMBERS = (0.0, 0.05, 0.2, 1.0, 90.0, 100.0, 105.0, 130.0)
OTHER = len(NUMBERS)  # then any float64 follows
FIELDS = 6


def number(chooser: Chooser) -> float:
    """Return a number that contracts have, or any float64."""
    kind = chooser.number(0, OTHER)
    if kind < OTHER:
        return NUMBERS[kind]
    value: float = struct.unpack("<d", chooser.take(8))[0]
    return value


def one_input(data: bytes) -> None:
    """Price by every instruction set what Contract takes; what it refuses they refuse."""
    chooser = Chooser(data)
    kind, knock = chooser.pick(KINDS), chooser.pick(KNOCKS)
    right = chooser.pick(("call", "put"))
    method, precision = chooser.pick(("philox", "sobol")), chooser.pick(("float32", "float64"))
    steps = chooser.number(0, 130)
    paths = 512 if method == "sobol" else 4 + 2 * chooser.number(0, 70)
    spot, strike, rate, volatility, years, barrier = (number(chooser) for _ in range(FIELDS))
    seed = int.from_bytes(chooser.take(8), "little")
    given = (kind, right, spot, strike, rate, volatility, years, steps, knock, barrier)
    try:
        Contract(*given)  # type: ignore[arg-type]  # words that are no choice are refused
        sound = method == "philox" or steps <= 128
    except OptionError:
        sound = False
    for pricer in PRICERS:
        try:
            found = pricer.price(*given, paths, seed, method, precision, True)
        except OptionError:
            assert not sound, "C++ refuses what Python takes"
            continue
        assert sound, "C++ prices what Python refuses"
        assert all(math.isfinite(value) and 0 <= error < math.inf for value, error in found)


def seeds() -> Iterator[bytes]:
    """Yield the contracts of the corpus by each method and precision, and odd numbers in each."""
    for kind, knock, steps in ((0, 0, 1), (1, 0, 7), (2, 1, 9), (2, 4, 1)):
        barrier = 7 if knock == 1 else 4
        for way in range(4):
            head = bytes([kind, knock, way & 1, way & 1, way >> 1, steps])
            count = b"" if way & 1 else b"\x1e"
            yield head + count + bytes([5, 6, 1, 2, 3, barrier]) + b"\7"
    for value in (math.nan, math.inf, -1.0, 1e-300, 1e300, 5e-324):
        odd = bytes([OTHER]) + struct.pack("<d", value)
        for place in range(FIELDS):
            sound = [bytes([n]) for n in (5, 6, 1, 2, 3, 7)]
            sound[place] = odd
            yield bytes([2, 1, 0, 0, 0, 9, 30]) + b"".join(sound)
