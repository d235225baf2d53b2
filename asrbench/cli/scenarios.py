"""What `asrbench run --scenario` knows: here is the one list, a line a scenario."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import typer

from asrbench.cli.results import Kept
from asrbench.measure.call import Listener
from asrbench.measure.interleave import Clock
from asrbench.measure.job import Job
from asrbench.measure.load.arrivals import NAMES, Load
from asrbench.measure.load.run import run as run_load
from asrbench.measure.run import Run
from asrbench.measure.scenario import Limits
from asrbench.measure.streaming.capacity import Bound
from asrbench.measure.streaming.job import run as run_streams
from asrbench.measure.streaming.play import NAME as STREAMING
from asrbench.measure.streaming.play import Pace
from asrbench.measure.streaming.virtual import VirtualClock


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line says of how load arrives; a scenario takes of it what it needs.

    None is what was not given. `bound_s` is seconds, `percentile` a fraction.
    """

    seconds: float | None
    workers: int
    streams: int | None
    rate: float | None
    bound_s: float | None
    percentile: float | None
    seed: int
    pace: float | None = None
    chunk_s: float | None = None
    virtual: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """How a scenario measures, and which of --meter, --soak and --events it can be given too."""

    measure: Callable[[Job, Wish, Kept, Listener], Run]
    takes: frozenset[str] = frozenset()


def _load(name: str, job: Job, wish: Wish, kept: Kept, listen: Listener) -> Run:  # noqa: ARG001
    """Let the load generator ask."""
    given = {"seconds": wish.seconds, "streams": wish.streams, "bound_s": wish.bound_s}
    try:
        load = Load(
            name,
            workers=wish.workers,
            rate=wish.rate,
            percentile=0.99 if wish.percentile is None else wish.percentile,
            seed=wish.seed,
            **{field: value for field, value in given.items() if value is not None},  # type: ignore[arg-type]  # each has its field's type
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    return run_load(job, load, kept.bar, kept.keep)


def _stream(job: Job, wish: Wish, kept: Kept, listen: Listener) -> Run:
    """Let audio come on its own clock; with a bound, find how many streams keep it."""
    if wish.rate is not None or wish.workers != 1:
        raise typer.BadParameter("--rate and --workers are not of --scenario streaming")
    if wish.percentile is not None and wish.bound_s is None:
        raise typer.BadParameter("--percentile is of --bound-ms; give both")
    seconds = 60.0 if wish.seconds is None else wish.seconds
    pace = Pace(
        1 if wish.streams is None else wish.streams,
        wish.pace or 1.0,
        wish.chunk_s or Pace().chunk_s,
    )
    if wish.virtual and (pace.streams > 1 or wish.bound_s is not None):
        raise typer.BadParameter("--virtual is for one stream, without --bound-ms")
    clock: Clock = VirtualClock(time.perf_counter) if wish.virtual else time.perf_counter
    bound = None
    if wish.bound_s is not None:
        bound = Bound(wish.bound_s, wish.percentile or 0.95, wish.streams or 64)
    streamed = replace(job, limits=Limits(seconds=seconds, seed=wish.seed))
    return run_streams(streamed, pace, kept.bar, clock, kept.keep, listen, bound)


SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        **{name: Scenario(partial(_load, name)) for name in NAMES},
        STREAMING: Scenario(_stream, frozenset({"--events", "--pace", "--chunk-ms", "--virtual"})),
    }
)


def known_scenario(name: str, others: Mapping[str, object]) -> Scenario:
    """Return the scenario of that name; typer.BadParameter where there is none.

    `others` are the options that only some scenarios take, with what was given (None: nothing).
    """
    if name not in SCENARIOS:
        raise typer.BadParameter(f"no scenario {name!r}; expected one of {list(SCENARIOS)}")
    scenario = SCENARIOS[name]
    for option, value in others.items():
        if value is not None and option not in scenario.takes:
            raise typer.BadParameter(f"{option} is not of --scenario {name}; leave out one of them")
    return scenario
