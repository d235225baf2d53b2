"""A plan is played: chunks of audio come on an absolute clock, whether or not an engine keeps up.

The plan says beforehand when each chunk is all there. A chunk is pushed then, or as soon as the
engine is done with the one before: nobody waits for the engine, so its backlog is charged to it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from asrbench.engine import Event, Final, Session
from asrbench.errors import EngineError
from asrbench.measure.interleave import Clock
from asrbench.measure.scenario import Limits
from asrbench.workload import Arrival

NAME = "streaming"
GRACE = 0.1  # of the announced time: an engine that is further behind at the end is cut,
LEAST_GRACE_S = 1.0  # but not sooner than this: a short stream is no reason to be strict

Wait = Callable[[float], bool]  # wait so many seconds; True, at once, where all must stop
Open = Callable[[], Session[Any]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How audio comes: how many streams at once, how fast, in chunks of how many seconds of audio.

    `speed` 1 is real time, 10 is ten times as fast. `gap_s` seconds of audio time lie between two
    items of a stream. Invariants: one stream or more; the rest finite and above zero, the gap may
    be none.
    """

    streams: int = 1
    speed: float = 1.0
    chunk_s: float = 0.1
    gap_s: float = 0.5

    def __post_init__(self) -> None:
        """Refuse audio that never comes."""
        if self.streams < 1:
            raise ValueError(f"streams is {self.streams}; expected one or more")
        for name in ("speed", "chunk_s"):
            if not 0 < getattr(self, name) < math.inf:
                raise ValueError(f"{name} is {getattr(self, name)}; expected more than zero")
        if not 0 <= self.gap_s < math.inf:
            raise ValueError(f"gap_s is {self.gap_s}; expected zero or more")


@dataclass(frozen=True, slots=True)
class Planned:
    """An item with its moments on the clock, seconds: when it begins, when each chunk is there."""

    arrival: Arrival
    begins_s: float
    due_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Wall:
    """The absolute clock: seconds since `origin`; at `until_s` what is not done is cut."""

    clock: Clock
    wait: Wait
    origin: float
    until_s: float

    def now(self) -> float:
        """Return the seconds since the origin."""
        return self.clock() - self.origin

    def reach(self, at_s: float) -> bool:
        """Wait for a moment, if it is not over; False where all must stop."""
        return not self.wait(max(0.0, at_s - self.now()))


@dataclass(frozen=True, slots=True)
class Played:
    """What became of one item of one stream; times are seconds since the origin.

    `due_s` is of every chunk; `began_s` and `done_s` of the pushes that were made; `heard` are the
    engine's events with the moment they were known. `ended_s` is when finish() was done or all was
    given up. `ending` is "final", "refused" (EngineError), "cut" (too far behind at the end) or
    "stopped" (Ctrl-C, or a fault elsewhere). Invariants: what was refused says why in `message`.
    """

    stream: int
    item: str
    begins_s: float
    due_s: tuple[float, ...]
    began_s: tuple[float, ...]
    done_s: tuple[float, ...]
    heard: tuple[tuple[float, Event], ...]
    ended_s: float
    finish_s: float  # seconds that finish() took; zero where it was not called
    ending: Literal["final", "refused", "cut", "stopped"]
    message: str = ""

    def __post_init__(self) -> None:
        """Refuse a refusal without a reason."""
        if (self.ending == "refused") != bool(self.message):
            raise ValueError(f"an item is {self.ending} with message {self.message!r}")

    @property
    def work_s(self) -> float:
        """Seconds spent inside the engine, waiting for nothing."""
        pushes = zip(self.began_s, self.done_s, strict=True)
        return math.fsum(done - began for began, done in pushes) + self.finish_s

    @property
    def text(self) -> str | None:
        """The final texts of all utterances; None where there is none."""
        texts = [event.text for _, event in self.heard if isinstance(event, Final)]
        return " ".join(filter(None, texts)) if texts else None


def plan(arrivals: Sequence[Arrival], pace: Pace, limits: Limits) -> list[list[Planned]]:
    """Return what each stream plays: every item once, then more passes while `limits.seconds` last.

    Each stream has a random order of its own in each pass. Streams begin a part of a chunk apart,
    so that their chunks do not all come at once.
    """
    plans = []
    for stream in range(pace.streams):
        chance = random.Random(f"{limits.seed}/{stream}")  # noqa: S311  an order, not a secret
        at_s = pace.chunk_s / pace.speed * stream / pace.streams
        planned: list[Planned] = []
        full = False
        while not full:
            for arrival in chance.sample(arrivals, len(arrivals)):
                due_s = tuple(at_s + due / pace.speed for due in arrival.due_s)
                if len(planned) >= len(arrivals) and due_s[-1] > limits.seconds:
                    full = True
                    break
                planned.append(Planned(arrival, at_s, due_s))
                at_s = due_s[-1] + pace.gap_s / pace.speed
        plans.append(planned)
    return plans


def announced_s(plans: Sequence[Sequence[Planned]]) -> float:
    """Return when the last audio of all streams is there: how long it takes to stream them."""
    return max(planned[-1].due_s[-1] for planned in plans)


def until_s(plans: Sequence[Sequence[Planned]]) -> float:
    """Return when what is not played is cut, so that streams end in about the announced time."""
    announced = announced_s(plans)
    return announced + max(GRACE * announced, LEAST_GRACE_S)


def play(begin: Open, planned: Sequence[Planned], stream: int, wall: Wall) -> Iterator[Played]:
    """Stream items one after another, each in a session of its own; give each when it has ended.

    An EngineError ends its item, any other error is a fault of the engine and raised. After
    `wall.until_s` nothing more is pushed, and what is left is given as cut.
    """
    for item in planned:
        played = _played(begin, item, stream, wall)
        yield played
        if played.ending == "stopped":
            return


def _played(begin: Open, planned: Planned, stream: int, wall: Wall) -> Played:
    """Stream one item."""
    began: list[float] = []
    done: list[float] = []
    heard: list[tuple[float, Event]] = []
    finish_s = 0.0
    ending: Literal["final", "refused", "cut", "stopped"] = "final"
    message = ""
    try:
        session: Session[Any] | None = None
        for chunk, due in zip(planned.arrival.chunks, planned.due_s, strict=True):
            if session is None and wall.now() < wall.until_s and wall.reach(planned.begins_s):
                session = begin()
            if wall.now() >= wall.until_s:
                ending = "cut"
                break
            if session is None or not wall.reach(due):
                ending = "stopped"
                break
            began.append(wall.now())
            events = session.push(chunk)
            done.append(wall.now())
            heard.extend((done[-1], event) for event in events)
        if ending == "final" and session is not None:
            began_s = wall.now()
            events = session.finish()
            ended = wall.now()
            finish_s = ended - began_s
            heard.extend((ended, event) for event in events)
    except EngineError as error:
        ending, message = "refused", str(error) or type(error).__name__
    return Played(
        stream,
        planned.arrival.item,
        planned.begins_s,
        planned.due_s,
        tuple(began[: len(done)]),
        tuple(done),
        tuple(heard),
        wall.now(),
        finish_s,
        ending,
        message,
    )
