"""Streaming engines with laws known beforehand, on a clock that only moves when it is told to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from asrbench.engine import Commit, Event, Final, Partial
from asrbench.measure.scenario import Limits
from asrbench.measure.streaming.play import Pace, Played, Wall, announced_s, plan, play
from asrbench.measure.streaming.threads import Streamed
from asrbench.workload import Arrival, Timing


@dataclass
class Clockwork:
    """A clock that stands still but where someone waits or works."""

    now_s: float = 0.0
    stop_at_s: float = float("inf")

    def __call__(self) -> float:
        return self.now_s

    def wait(self, seconds: float) -> bool:
        if self.now_s + seconds >= self.stop_at_s:
            return True
        self.now_s += seconds
        return False

    def work(self, seconds: float) -> None:
        self.now_s += seconds


@dataclass
class Law:
    """A session that hears a word a chunk: how long each push takes, when it shows and commits.

    `delay` gives the seconds of the n-th push; words are committed at every `every`-th chunk, and
    shown at each; at every `wrong`-th chunk a wrong word is shown behind them.
    """

    work: Callable[[float], None]
    delay: Callable[[int], float] = lambda n: 0.0
    finish_s: float = 0.0
    every: int = 1
    wrong: int = 0
    heard: list[str] = field(default_factory=list)
    committed: int = 0

    def push(self, pcm: str) -> Sequence[Event]:
        self.work(self.delay(len(self.heard)))
        self.heard.append(pcm)
        count = len(self.heard)
        events: list[Event] = []
        if count % self.every == 0:
            events.append(Commit(" ".join(self.heard[self.committed :]), float(count)))
            self.committed = count
        shown = self.heard[self.committed :]
        if self.wrong and count % self.wrong == 0:
            shown = [*shown, "wrong"]
        return [*events, Partial(" ".join(shown), float(count))]

    def finish(self) -> Sequence[Event]:
        self.work(self.finish_s)
        return [Final(" ".join(self.heard), float(len(self.heard)))]


def words(count: int, item: str = "item", chunk_s: float = 0.1) -> Arrival:
    """An item of so many chunks, a word each, which ends where its chunk does."""
    names = tuple(f"{item}w{number}" for number in range(count))
    return Arrival(item, names, tuple(chunk_s * (number + 1) for number in range(count)))


def timed(arrival: Arrival) -> Timing:
    return Timing(arrival.chunks, arrival.due_s, "known")


def played(
    arrivals: Sequence[Arrival],
    law: Callable[[Clockwork], Callable[[], Law]],
    pace: Pace | None = None,
    stop_at_s: float = float("inf"),
    until_s: float | None = None,
) -> list[Played]:
    """Play one pass in one stream, in the arrivals' order where there is one only."""
    clock = Clockwork(stop_at_s=stop_at_s)
    plans = plan(arrivals, pace or Pace(gap_s=0), Limits(seconds=1e-6))
    until = 1.1 * announced_s(plans) if until_s is None else until_s
    wall = Wall(clock, clock.wait, 0.0, until)
    return list(play(law(clock), plans[0], 0, wall))


def streamed(items: Sequence[Played], cpu_s: float = 0.0) -> Streamed:
    return Streamed(tuple(items), max(one.ended_s for one in items), cpu_s, False, None)
