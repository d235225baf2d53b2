"""QuantLib as an engine: its Monte Carlo engines, set to do the same work."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from asrbench.engine import EngineOptions, missing
from asrbench.errors import EngineError
from asrbench.pricing.price import Price
from asrbench.pricing.request import Request

if TYPE_CHECKING:
    from asrbench.pricing.contract import Contract

_DAYS = 365  # of a year, by the day count that is used


class QuantLib:
    """Prices with QuantLib's pseudorandom engines: antithetic pairs, the same control and dates.

    QuantLib's times are whole days, so a step lasts one, and rate and volatility are a day's that
    grow as much: the same distribution of prices, to the last date. No Greeks.
    """

    name = "quantlib"

    def __init__(self, options: EngineOptions) -> None:
        """Load it. Raises EngineError without the library, or for several threads."""
        if options.threads != 1:
            raise EngineError(f"threads is {options.threads}; expected 1, in which QuantLib runs")
        try:
            import QuantLib as ql  # noqa: N813  its own abbreviation
        except ModuleNotFoundError as error:
            raise missing(self.name, error, "peers-pricing") from error
        self._ql: Any = ql
        self._today = ql.Date(2, 1, 2026)
        ql.Settings.instance().evaluationDate = self._today

    def run(self, item: Request) -> Price:
        """Price. Raises EngineError if Greeks are asked for."""
        c = item.contract
        if item.greeks:
            raise EngineError("greeks are asked for; expected a price alone of quantlib")
        option = self._option(c)
        option.setPricingEngine(self._engine(c, item))
        return Price(option.NPV(), option.errorEstimate(), "own")

    def close(self) -> None:
        """Nothing is held."""

    def _option(self, c: Contract) -> Any:
        ql = self._ql
        right = ql.Option.Call if c.right == "call" else ql.Option.Put
        payoff = ql.PlainVanillaPayoff(right, c.strike)
        dates = [self._today + day for day in range(1, c.steps + 1)]
        exercise = ql.EuropeanExercise(dates[-1])
        if c.kind == "european":
            return ql.VanillaOption(payoff, exercise)
        if c.kind == "asian":
            mean = ql.Average.Arithmetic
            return ql.DiscreteAveragingAsianOption(mean, 0.0, 0, dates, payoff, exercise)
        kinds = {
            "up-and-out": ql.Barrier.UpOut,
            "up-and-in": ql.Barrier.UpIn,
            "down-and-out": ql.Barrier.DownOut,
            "down-and-in": ql.Barrier.DownIn,
        }
        return ql.BarrierOption(kinds[c.knock], c.barrier, 0.0, payoff, exercise)

    def _engine(self, c: Contract, item: Request) -> Any:
        ql = self._ql
        count = ql.Actual365Fixed()
        stretch = c.years * _DAYS / c.steps  # a year of the contract to one of QuantLib's
        rate = ql.YieldTermStructureHandle(ql.FlatForward(self._today, c.rate * stretch, count))
        volatility = ql.BlackVolTermStructureHandle(
            ql.BlackConstantVol(
                self._today, ql.NullCalendar(), c.volatility * math.sqrt(stretch), count
            )
        )
        spot = ql.QuoteHandle(ql.SimpleQuote(c.spot))
        process = ql.BlackScholesProcess(spot, rate, volatility)
        kept = {
            "antitheticVariate": True,
            "requiredSamples": item.paths // 2,
            "seed": item.seed % 2**31 + 1,  # 0 would be the clock
        }
        if c.kind == "european":
            return ql.MCEuropeanEngine(process, "pseudorandom", timeSteps=1, **kept)
        if c.kind == "asian":
            return ql.MCDiscreteArithmeticAPEngine(
                process, "pseudorandom", controlVariate=True, **kept
            )
        return ql.MCBarrierEngine(process, "pseudorandom", timeSteps=c.steps, isBiased=True, **kept)
