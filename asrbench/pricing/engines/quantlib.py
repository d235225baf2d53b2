"""QuantLib as an engine: its Monte Carlo engines, set to do the same work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asrbench.engine import EngineOptions, missing
from asrbench.errors import EngineError
from asrbench.pricing.price import Price
from asrbench.pricing.request import Request

if TYPE_CHECKING:
    from asrbench.pricing.contract import Contract

_DAYS = 365  # of a year, by the day count that is used: times are whole days


class QuantLib:
    """Prices with QuantLib's pseudorandom engines: antithetic pairs, the same control and dates.

    Times are whole days: it refuses a contract that does not end on one, or whose mean is of dates
    between them. No Greeks.
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
        """Price. Raises EngineError for what QuantLib cannot be asked in the same words."""
        c = item.contract
        if item.greeks:
            raise EngineError("greeks are asked for; expected a price alone of quantlib")
        days = c.years * _DAYS
        if days != int(days):
            raise EngineError(f"years is {c.years}; expected whole days, in which QuantLib counts")
        option = self._option(c, self._today + int(days))
        option.setPricingEngine(self._engine(c, item))
        return Price(option.NPV(), option.errorEstimate(), "own")

    def close(self) -> None:
        """Nothing is held."""

    def _option(self, c: Contract, end: Any) -> Any:
        ql = self._ql
        right = ql.Option.Call if c.right == "call" else ql.Option.Put
        payoff = ql.PlainVanillaPayoff(right, c.strike)
        exercise = ql.EuropeanExercise(end)
        if c.kind == "european":
            return ql.VanillaOption(payoff, exercise)
        if c.kind == "asian":
            raise EngineError("asian is averaged over times between days; QuantLib has days alone")
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
        rate = ql.YieldTermStructureHandle(ql.FlatForward(self._today, c.rate, count))
        volatility = ql.BlackVolTermStructureHandle(
            ql.BlackConstantVol(self._today, ql.NullCalendar(), c.volatility, count)
        )
        spot = ql.QuoteHandle(ql.SimpleQuote(c.spot))
        process = ql.BlackScholesProcess(spot, rate, volatility)
        kept = {
            "timeSteps": c.steps,
            "antitheticVariate": True,
            "requiredSamples": item.paths // 2,
            "seed": item.seed % 2**31 + 1,  # 0 would be the clock
        }
        if c.kind == "european":
            return ql.MCEuropeanEngine(process, "pseudorandom", **kept)
        return ql.MCBarrierEngine(process, "pseudorandom", isBiased=True, **kept)
