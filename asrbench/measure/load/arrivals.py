"""How load arrives: MLPerf's four scenarios, as a request to the load generator."""

from __future__ import annotations

import math
from dataclasses import dataclass

NAMES = ("single-stream", "multi-stream", "server", "offline")
MOST = 200_000  # requests of one load: each leaves 2 kB of trace


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of the load generator.

    scenario    single-stream: the next request when the last is answered; multi-stream: `streams`
                requests at once, the next ones when all are answered; server: requests at random
                times (Poisson) at `rate` a second, whatever the engine does; offline: all at once
    seconds     how long it lasts; server with `queries` instead: until so many were asked
    workers     threads that call the engine
    rate        requests a second, server only; None: the highest that keeps the bound is searched
    bound_s     latency from the scheduled time that the fraction `percentile` of requests may reach
    seed        decides which items are asked for, and when

    Invariants: the scenario is one of NAMES; all numbers above zero, `percentile` below one.
    """

    scenario: str
    seconds: float = 60.0
    workers: int = 1
    streams: int = 8
    rate: float | None = None
    bound_s: float = 1.0
    percentile: float = 0.99
    seed: int = 0
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse what the load generator could not do."""
        if self.scenario not in NAMES:
            raise ValueError(f"scenario is {self.scenario!r}; expected one of {NAMES}")
        for name in ("seconds", "workers", "streams", "rate", "bound_s", "queries"):
            value = getattr(self, name)
            if value is not None and not (value > 0 and math.isfinite(value)):
                raise ValueError(f"{name} is {value}; expected more than zero")
        if not 0 < self.percentile < 1:
            raise ValueError(f"percentile is {self.percentile}; expected a fraction such as 0.99")
        if self.scenario != "server" and (self.rate is not None or self.queries is not None):
            raise ValueError(f"{self.scenario} takes no rate or queries; expected them of server")
        if self.rate is not None and self.rate * self.seconds > MOST and self.queries is None:
            raise ValueError(f"{self.rate:g}/s for {self.seconds:g} s; expected {MOST} at most")

    @property
    def searches(self) -> bool:
        """Whether the rate is not given but looked for."""
        return self.scenario == "server" and self.rate is None


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast an engine was before the load: what the load is planned by.

    `throughput` is answers a second of all workers together, `fastest_s` the shortest call.
    Invariants: both above zero.
    """

    throughput: float
    fastest_s: float

    def __post_init__(self) -> None:
        """Refuse what nothing can be planned by."""
        if not (self.throughput > 0 and self.fastest_s > 0):
            raise ValueError(f"{self}; expected both above zero")


def announced_s(load: Load, speed: Speed) -> float:
    """Return how long a load will last, in seconds: as asked, and until the last is answered.

    What is asked at once is not cut short, and the next is asked while there is time. Requests that
    come faster than they are answered are worked off afterwards. Offline is cut at MOST requests.
    """
    if load.scenario == "offline":
        return min(load.seconds, MOST / speed.throughput)
    if load.scenario != "server" or load.rate is None:
        query_s = (load.streams if load.scenario == "multi-stream" else 1) / speed.throughput
        return math.ceil(load.seconds / query_s) * query_s
    asked_s = load.seconds + 1 / load.rate if load.queries is None else load.queries / load.rate
    return max(asked_s, asked_s * load.rate / speed.throughput) + 1 / speed.throughput
