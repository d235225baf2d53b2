"""A price is an estimate: a value with its standard error, and how it was come by."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from asrbench.workload import Check

Stream: TypeAlias = Literal["philox32", "philox64", "sobol32", "sobol64", "own"]

BOUND = 4.5  # standard errors: 7 in a million normal deviates lie beyond
SHIFTS = 16  # randomisations of Sobol's sequence that a standard error is taken over
_CANCELLED = 1e-7  # of a value: what squares leave of an error that is 0
_ROUNDED = 1e-6  # of a price, where a control leaves no error
_BOUND_OF_SHIFTS = 12.0  # the mean of so few is not normal: one of 1000 is 8 off


class Estimate(NamedTuple):
    """A value and its standard error."""

    value: float
    standard_error: float


class Greeks(NamedTuple):
    """Derivatives of a price: by spot, twice; by volatility and rate, for 1; of a year less."""

    delta: Estimate
    gamma: Estimate
    vega: Estimate
    rho: Estimate
    theta: Estimate


@dataclass(frozen=True, slots=True)
class Price:
    """What a contract is worth, with a standard error, always.

    `stream` says which random numbers it was made with: two prices of one stream and seed differ by
    rounding only; "own" are an engine's own. Invariants: value and error are finite, the error is
    not negative.
    """

    value: float
    standard_error: float
    stream: Stream
    greeks: Greeks | None = None

    def __post_init__(self) -> None:
        """Refuse what is no estimate."""
        if not (math.isfinite(self.value) and 0 <= self.standard_error < math.inf):
            raise ValueError(f"price is {self.value} +- {self.standard_error}; expected numbers")


def agree(expected: Price, found: Price) -> Check:
    """Whether a price is the oracle's: value by value in one stream, else within the chance.

    In one stream 1e-9 of the value and a millionth of its error are allowed, in float32 5e-6 and
    a thousandth: a price is rounded far below what it is uncertain by.
    """
    if found.stream == expected.stream != "own":
        return _same(expected, found)
    error = math.hypot(expected.standard_error, found.standard_error)
    apart = abs(found.value - expected.value)
    bound = bound_of(found.stream) * error + _ROUNDED * abs(expected.value)
    return Check(
        apart <= bound,
        f"price is {found.value:.9g}; the oracle's is {expected.value:.9g}, and {bound:.3g} more "
        "or less is allowed",
    )


def bound_of(stream: Stream) -> float:
    """Return how many standard errors a right price may be off."""
    return _BOUND_OF_SHIFTS if stream.startswith("sobol") else BOUND


def _same(expected: Price, found: Price) -> Check:
    relative, share = (5e-6, 1e-3) if found.stream.endswith("32") else (1e-9, 1e-6)
    names = ("price", *Greeks._fields)
    for name, wanted, got in zip(names, _estimates(expected), _estimates(found), strict=True):
        allowed = relative * abs(wanted.value) + share * wanted.standard_error
        if not abs(got.value - wanted.value) <= allowed:
            return Check(False, f"{name} is {got.value:.12g}; the oracle's is {wanted.value:.12g}")
        error_allowed = max(allowed, _CANCELLED * abs(wanted.value))
        if not abs(got.standard_error - wanted.standard_error) <= error_allowed:
            return Check(
                False,
                f"standard error of {name} is {got.standard_error:.9g}; the oracle's is "
                f"{wanted.standard_error:.9g}",
            )
    return Check(True)


def _estimates(price: Price) -> list[Estimate]:
    first = Estimate(price.value, price.standard_error)
    none = Estimate(0.0, 0.0)
    return [first, *(price.greeks or (none,) * len(Greeks._fields))]
