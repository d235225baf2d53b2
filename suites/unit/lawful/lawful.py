"""Counterfeit engines whose latency follows a known law, as a plug-in for tests of load."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from asrbench import engine
from asrbench.engine import Engine, EngineOptions
from asrbench.errors import CorpusError, EngineError
from asrbench.workload import Amount, Check, Workload

ITEMS = "abcde"  # each 1 s of audio; the warm-up of a short load calls each once
FIXED_S = 0.010
TWO_S = (0.040, 0.010)  # bimodal: item "a", one in five, takes the first
STALL_S = 2.0  # stalling: one call, the first that comes LATER_S after the first of all
LATER_S = 0.5  # when bad engines go bad: after the warm-up of a load of a few seconds


class Instant:
    """Answers at once; laws and bad habits are put on top."""

    name = "oracle"

    def __init__(self, options: EngineOptions) -> None:
        self.calls = 0
        self.first_s: float | None = None
        self.bad = False
        self.lock = threading.Lock()

    def law(self, item: str, call: int) -> float:
        return 0.0

    def run(self, item: str) -> str:
        with self.lock:
            self.calls += 1
            call = self.calls
        if self.first_s is None:
            self.first_s = time.monotonic()
        time.sleep(self.law(item, call))
        return self.answer(item, call)

    def answer(self, item: str, call: int) -> str:
        return item.upper()

    def turns_bad(self) -> bool:
        """Whether this is the first call that comes LATER_S after the first of all."""
        turns = not self.bad and time.monotonic() - (self.first_s or 0.0) > LATER_S
        self.bad = self.bad or turns
        return turns

    def close(self) -> None:
        pass


class Fixed(Instant):
    name = "fixed"

    def law(self, item: str, call: int) -> float:
        return FIXED_S


class Quick(Instant):
    """Makes a search short."""

    name = "quick"

    def law(self, item: str, call: int) -> float:
        return 0.004


class Bimodal(Instant):
    name = "bimodal"

    def law(self, item: str, call: int) -> float:
        return TWO_S[0] if item == "a" else TWO_S[1]


class Stalling(Instant):
    name = "stalling"

    def law(self, item: str, call: int) -> float:
        return STALL_S if self.turns_bad() else FIXED_S


class Slow(Instant):
    """Takes 50 ms, and writes the id of its process into a file where it is asked to."""

    name = "slow"

    def law(self, item: str, call: int) -> float:
        if call == 1 and "LAWFUL_BEGUN" in os.environ:
            part = Path(os.environ["LAWFUL_BEGUN"] + ".part")
            part.write_text(str(os.getpid()))
            part.rename(os.environ["LAWFUL_BEGUN"])
        return 0.05


class Picky(Fixed):
    """Refuses one item always."""

    name = "picky"

    def answer(self, item: str, call: int) -> str:
        if item == "c":
            raise EngineError("item is 'c'; expected anything else")
        return item.upper()


class Moody(Fixed):
    """Refuses every tenth call."""

    name = "moody"

    def answer(self, item: str, call: int) -> str:
        if call % 10 == 0:
            raise EngineError("not now")
        return item.upper()


class Forgetful(Fixed):
    """Is wrong once the warm-up has called one item, then each."""

    name = "forgetful"

    def answer(self, item: str, call: int) -> str:
        return item.upper() if call <= 1 + len(ITEMS) else "?"


class Faulty(Fixed):
    name = "faulty"

    def answer(self, item: str, call: int) -> str:
        if self.turns_bad():
            raise RuntimeError("a fault of the engine")
        return item.upper()


class Dying(Fixed):
    name = "dying"

    def answer(self, item: str, call: int) -> str:
        if self.turns_bad():
            os.abort()
        return item.upper()


class Hanging(Fixed):
    name = "hanging"

    def law(self, item: str, call: int) -> float:
        return 3600.0 if self.turns_bad() else FIXED_S


@dataclass
class Capital:
    """One letter made a capital by one engine."""

    engine: Engine[str, str]
    item: str
    oracle: Callable[[], Engine[str, str]]
    group: str = "short"

    @property
    def name(self) -> str:
        return f"lawful/{self.engine.name}/capital"

    @property
    def amount(self) -> Amount:
        return Amount(1.0, "audio_s")

    def prepare(self) -> None:
        pass

    def run(self) -> str:
        return self.engine.run(self.item)

    def check(self, output: str) -> Check:
        return agree(self.oracle().run(self.item), output)


@dataclass(frozen=True)
class Corpus:
    items: str
    licence: str = "none needed"


def find(name: str, limit: int | None) -> Corpus:
    if name != ITEMS:
        raise CorpusError(f"no corpus {name!r}; expected {ITEMS!r}")
    return Corpus(ITEMS[:limit])


def cases(
    built: Engine[str, str], corpus: Corpus, oracle: Callable[[], Engine[str, str]]
) -> list[Capital]:
    return [Capital(built, item, oracle) for item in corpus.items]


def agree(expected: str, output: str) -> Check:
    return Check(expected == output, f"{output!r}; expected {expected!r}")


workload: Workload[Corpus, Engine[str, str], str] = Workload(
    name="lawful",
    oracle="oracle",
    engines=lambda: engine.installed("lawful"),
    corpus=find,
    cases=cases,
    agree=agree,
)
