"""PricingService: prices in microseconds, from any thread, within a deadline."""

from __future__ import annotations

from asrbench import _native
from asrbench.pricing.contract import Contract
from asrbench.pricing.price import Estimate, Greeks, Price, Stream
from asrbench.pricing.request import Method, Precision


class PricingService:
    """Prices contracts by simulation in C++; threads and buffers are kept between calls.

    One service serves many threads at once; while one of them has the pool, the others work alone.
    A price depends on the contract, paths, seed, method and precision: not on the number of
    threads, to the last bit. Instruction sets agree in float32 to a thousandth of the standard
    error and 5e-6 of the value, in float64 to a millionth and 1e-9: their random integers are the
    same ones.
    """

    def __init__(
        self,
        threads: int = 1,
        *,
        method: Method = "philox",
        precision: Precision = "float32",
        isa: str | None = None,
    ) -> None:
        """Start the threads; what is below 100 000 deviates (paths x dates) needs one only.

        Raises OptionError unless threads is 1 to 256, or for a set that cannot run here.
        """
        self._pricer = _native.pricing.Pricer(threads, isa)
        self._method: Method = method
        self._precision: Precision = precision
        bits = "32" if precision == "float32" else "64"
        self._stream: Stream = f"{method}{bits}"  # type: ignore[assignment]  # all four are there

    @property
    def threads(self) -> int:
        """Threads of a long call, its own counted."""
        return self._pricer.threads

    def price(
        self,
        contract: Contract,
        paths: int = 10_000,
        seed: int = 0,
        *,
        greeks: bool = False,
        deadline_s: float | None = None,
    ) -> Price:
        """Return the price with its standard error, and the Greeks if asked for.

        European and Asian Greeks are pathwise, gamma with a likelihood ratio; those of barrier
        options, whose payoff jumps, are likelihood ratios. An Asian price has the geometric mean's
        as its control; its Greeks have none.

        Raises OptionError for paths or a method that Request would refuse, DeadlineError if it
        took longer than deadline_s: nothing is known of the price then.
        """
        c = contract
        found = self._pricer.price(
            c.kind,
            c.right,
            c.spot,
            c.strike,
            c.rate,
            c.volatility,
            c.years,
            c.steps,
            c.knock,
            c.barrier,
            paths,
            seed,
            self._method,
            self._precision,
            greeks,
            deadline_s,
        )
        value, error = found[0]
        if not greeks:
            return Price(value, error, self._stream)
        return Price(value, error, self._stream, Greeks(*(Estimate(*each) for each in found[1:])))
