"""A contract is what is priced: an option on one asset, under Black and Scholes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from asrbench.errors import OptionError

Kind = Literal["european", "asian", "barrier"]
Right = Literal["call", "put"]
Knock = Literal["", "up-and-out", "up-and-in", "down-and-out", "down-and-in"]

MOST_STEPS = 1024
_MOST_RATIO = 1e6  # of strike and barrier to the spot


@dataclass(frozen=True, slots=True)
class Contract:
    """An option on one asset without dividends; rate and volatility are constant.

    european  pays the difference of the price at the end to the strike, where it is positive
    asian     of the arithmetic mean of the prices at `steps` dates
    barrier   of the price at the end, if the price was (in) or was not (out) at `barrier` or beyond
              on one of the `steps` dates: monitoring is discrete

    Dates are equally far apart, the last one at the end, none at the beginning. `rate` is a year's,
    continuously compounded, `volatility` of a year, `years` the time to the end.

    Invariants: numbers are finite; spot is 1e-100 to 1e100; strike and barrier are at most 10^6
    times more or less than it; |rate| years <= 10; volatility sqrt(years) is 1e-4 to 5; 1e-6 <=
    years <= 1000; steps is 1 to 1024, and 1 of a European option; an up barrier lies above the
    spot, a down barrier below it, and only barrier options have one. Within them every price is
    finite. What breaks them is an OptionError.
    """

    kind: Kind
    right: Right
    spot: float
    strike: float
    rate: float
    volatility: float
    years: float
    steps: int = 1
    knock: Knock = ""
    barrier: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be priced."""
        _one_of("kind", self.kind, get_args(Kind))
        _one_of("right", self.right, get_args(Right))
        _one_of("knock", self.knock, get_args(Knock))
        _within("spot", self.spot, 1e-100, 1e100)
        _within("strike", self.strike, self.spot / _MOST_RATIO, self.spot * _MOST_RATIO)
        _within("years", self.years, 1e-6, 1000.0)
        _within("rate", self.rate, -10 / self.years, 10 / self.years)
        root = math.sqrt(self.years)
        _within("volatility", self.volatility, 1e-4 / root, 5 / root)
        most = 1 if self.kind == "european" else MOST_STEPS
        if not isinstance(self.steps, int) or not 1 <= self.steps <= most:
            raise OptionError(f"steps is {self.steps!r}; expected 1 to {most} of {self.kind}")
        self._check_barrier()

    def _check_barrier(self) -> None:
        if (self.kind == "barrier") != (self.knock != ""):
            raise OptionError(
                f'knock is "{self.knock}" of kind {self.kind}; expected one of barriers alone'
            )
        if not self.knock:
            return
        _within("barrier", self.barrier, self.spot / _MOST_RATIO, self.spot * _MOST_RATIO)
        up = self.knock.startswith("up")
        if (self.barrier <= self.spot) if up else (self.barrier >= self.spot):
            raise OptionError(
                f"barrier is {self.barrier}; expected it {'above' if up else 'below'} the spot, "
                f"{self.spot}"
            )


def _one_of(name: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise OptionError(f"{name} is {value!r}; expected one of {known}")


def _within(name: str, value: object, least: float, most: float) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise OptionError(f"{name} is {value!r}; expected a number")
    if not least <= value <= most:  # a NaN is not
        raise OptionError(f"{name} is {value}; expected {least:g} to {most:g}")
