"""A request is a contract with the simulation that prices it: what an engine is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from asrbench.errors import OptionError
from asrbench.pricing.contract import Contract
from asrbench.pricing.price import SHIFTS

Method = Literal["philox", "sobol"]
Precision = Literal["float32", "float64"]

MOST_SOBOL_STEPS = 128
_MOST_PATHS = 2**40
_LEAST_SOBOL = 32 * SHIFTS
_MOST_SOBOL = SHIFTS * 2**32


@dataclass(frozen=True, slots=True)
class Request:
    """A contract, and how many paths to price it with; half of them mirror the others.

    method     philox: chance; sobol: Sobol's sequence with a Brownian bridge, in 16 randomisations
    precision  of a path; sums are float64 always
    greeks     whether to estimate the Greeks too

    Invariants: `paths` is even, 4 to 2^40; for sobol a power of two, 512 to 2^36, and the contract
    has at most 128 steps. `seed` is 0 to 2^64 - 1. What breaks them is an OptionError.
    """

    id: str
    contract: Contract
    paths: int
    seed: int = 0
    method: Method = "philox"
    precision: Precision = "float32"
    greeks: bool = False

    def __post_init__(self) -> None:
        """Refuse a simulation that there is not."""
        if self.method not in get_args(Method):
            raise OptionError(f"method is {self.method!r}; expected one of {get_args(Method)}")
        if self.precision not in get_args(Precision):
            known = get_args(Precision)
            raise OptionError(f"precision is {self.precision!r}; expected one of {known}")
        if not 0 <= self.seed < 2**64:
            raise OptionError(f"seed is {self.seed}; expected 0 to 2^64 - 1")
        if self.method == "philox":
            if self.paths % 2 or not 4 <= self.paths <= _MOST_PATHS:
                raise OptionError(f"paths is {self.paths}; expected an even number, 4 to 2^40")
            return
        if self.paths & (self.paths - 1) or not _LEAST_SOBOL <= self.paths <= _MOST_SOBOL:
            raise OptionError(
                f"paths is {self.paths}; expected a power of two, {_LEAST_SOBOL} to 2^36, for sobol"
            )
        if self.contract.steps > MOST_SOBOL_STEPS:
            raise OptionError(
                f"steps is {self.contract.steps}; expected at most {MOST_SOBOL_STEPS} for sobol"
            )
