"""The simulation of the C++ core as engines, by its method and precision."""

from __future__ import annotations

from asrbench.engine import EngineOptions
from asrbench.errors import EngineError, OptionError
from asrbench.pricing.price import Price
from asrbench.pricing.request import Method, Precision, Request
from asrbench.pricing.service import PricingService


class Native:
    """Prices with a PricingService of its own. `options.model` is not used."""

    def __init__(
        self,
        options: EngineOptions,
        precision: Precision = "float32",
        method: Method = "philox",
        isa: str | None = None,
    ) -> None:
        """Start the threads. Raises EngineError for an instruction set that cannot run here."""
        parts = [
            "native",
            *(["float64"] if precision == "float64" else []),
            *(["sobol"] if method == "sobol" else []),
            *([isa] if isa else []),
        ]
        self.name = "-".join(parts)
        try:
            self._service = PricingService(
                options.threads, method=method, precision=precision, isa=isa
            )
        except OptionError as error:
            raise EngineError(f"{self.name} cannot start: {error}") from error

    def run(self, item: Request) -> Price:
        """Price. Raises EngineError for paths that the method cannot have."""
        try:
            return self._service.price(item.contract, item.paths, item.seed, greeks=item.greeks)
        except OptionError as error:
            raise EngineError(str(error)) from error

    def close(self) -> None:
        """Nothing is held but threads that sleep, which end with the engine."""


def float64(options: EngineOptions) -> Native:
    """Return the simulation in float64."""
    return Native(options, "float64")


def sobol(options: EngineOptions) -> Native:
    """Return the simulation over Sobol's sequence."""
    return Native(options, method="sobol")


def generic(options: EngineOptions) -> Native:
    """Return the simulation for any processor."""
    return Native(options, isa="generic")


def avx2(options: EngineOptions) -> Native:
    """Return the simulation for AVX2."""
    return Native(options, isa="avx2")


def avx512(options: EngineOptions) -> Native:
    """Return the simulation for AVX-512."""
    return Native(options, isa="avx512")
