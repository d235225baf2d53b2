"""A price made again and again, by seed: how long it takes, and how far it is off."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean

from asrbench.pricing.contract import Contract
from asrbench.pricing.price import Estimate, Price

LEAST_P = 1e-4  # of the Kolmogorov-Smirnov test: below it, deviates are not normal
_FALSE_ALARM = 1.36e-3  # of all prices together: 4.5 standard errors where they are 200
_FEW = 20  # prices below which the mean square of their errors says nothing
_MOST_RATIO = 2.0
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Repeated:
    """Prices of one contract by seed, the seconds each took, and what the price should be.

    Invariants: two prices or more, a time for each.
    """

    prices: tuple[Price, ...]
    took_s: tuple[float, ...]
    reference: Estimate

    def __post_init__(self) -> None:
        """Refuse what has no spread."""
        if len(self.prices) < 2 or len(self.prices) != len(self.took_s):
            raise ValueError(f"{len(self.prices)} prices, {len(self.took_s)} times; expected pairs")

    @property
    def errors(self) -> list[float]:
        """What each price is above the reference."""
        return [price.value - self.reference.value for price in self.prices]

    @property
    def rms_error(self) -> float:
        """The root of the mean square error."""
        return math.sqrt(fmean(error * error for error in self.errors))

    @property
    def z(self) -> list[float]:
        """The errors, each in its own standard error, the reference's included."""
        return [
            error / math.hypot(price.standard_error, self.reference.standard_error)
            for error, price in zip(self.errors, self.prices, strict=True)
        ]

    @property
    def kolmogorov_p(self) -> float | None:
        """How likely deviates as uneven as these are; None where they are Student's, of Sobol."""
        if self.prices[0].stream.startswith("sobol"):
            return None
        return kolmogorov_p(self.z)

    @property
    def faults(self) -> list[str]:
        """What speaks against the prices, each in a sentence; none if they are right.

        Those of Sobol's sequence are not normal (a digital shift moves all points alike), so only
        the root of their mean square is held to the standard errors.
        """
        if self.prices[0].stream.startswith("sobol"):
            return self._ratio_faults()
        bound = _NORMAL.inv_cdf(1 - _FALSE_ALARM / (2 * len(self.prices)))
        farthest = max(map(abs, self.z))
        found = []
        if farthest > bound:
            found.append(f"a price is {farthest:.2f} standard errors off; expected {bound:.2f}")
        p = kolmogorov_p(self.z)
        if p < LEAST_P:
            found.append(f"Kolmogorov-Smirnov p is {p:.2g}; expected {LEAST_P:g} or more")
        return found

    def _ratio_faults(self) -> list[str]:
        ratio = math.sqrt(fmean(z * z for z in self.z))
        if len(self.prices) < _FEW or ratio <= _MOST_RATIO:
            return []
        return [f"errors are {ratio:.2f} times the standard errors; expected {_MOST_RATIO:g}"]


def repeat(
    price: Callable[[int], Price],
    reference: Estimate,
    seeds: Sequence[int],
    clock: Callable[[], float],
) -> Repeated:
    """Price with each seed, once before it is timed; `clock` gives seconds."""
    price(seeds[0])
    prices, took_s = [], []
    for seed in seeds:
        begun = clock()
        found = price(seed)
        took_s.append(clock() - begun)
        prices.append(found)
    return Repeated(tuple(prices), tuple(took_s), reference)


def known(contract: Contract) -> Estimate | None:
    """Return what a contract is worth, by formula or committed simulation, if that is known."""
    from asrbench.pricing.references import reference

    return reference(contract)


def kolmogorov_p(z: Sequence[float]) -> float:
    """Return how likely it is that normal deviates lie as unevenly as these or more.

    The distribution of Kolmogorov's statistic for many values, with Stephens' correction for few
    (M. Stephens, J. R. Stat. Soc. B 32, 1970).
    """
    n = len(z)
    cdf = [_NORMAL.cdf(value) for value in sorted(z)]
    apart = max(max((i + 1) / n - c, c - i / n) for i, c in enumerate(cdf))
    scaled = (math.sqrt(n) + 0.12 + 0.11 / math.sqrt(n)) * apart
    if scaled < 0.2:  # the series has not settled; p is 1 to 12 digits
        return 1.0
    terms = ((-1) ** (k - 1) * math.exp(-2 * k * k * scaled * scaled) for k in range(1, 101))
    return min(1.0, max(0.0, 2 * math.fsum(terms)))
