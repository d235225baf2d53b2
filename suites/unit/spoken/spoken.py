"""A workload whose items arrive piece by piece, as a plug-in: texts said at ten words a second."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from asrbench import engine
from asrbench.engine import Commit, Engine, EngineOptions, Event, Final
from asrbench.errors import CorpusError
from asrbench.workload import Amount, Arrival, Check, Streams, Timing, Workload

TEXTS = {"one": "a b c d e f g h i j", "two": "k l m n o p q r s t"}
WORD_S = 0.1


class Whole:
    name = "oracle"

    def __init__(self, options: EngineOptions) -> None:
        pass

    def run(self, item: str) -> str:
        return item

    def close(self) -> None:
        pass


@dataclass
class Hearing:
    """Commits each word as soon as it was said, or says all at the end."""

    at_once: bool
    heard: list[str] = field(default_factory=list)

    def push(self, pcm: str) -> Sequence[Event]:
        self.heard.append(pcm)
        return [Commit(pcm, WORD_S * len(self.heard))] if self.at_once else []

    def finish(self) -> Sequence[Event]:
        return [Final(" ".join(self.heard), WORD_S * len(self.heard))]


class Quick(Whole):
    name = "quick"

    def open(self) -> Hearing:
        return Hearing(at_once=True)


class AtTheEnd:
    def __init__(self, whole: Whole) -> None:
        pass

    def open(self) -> Hearing:
        return Hearing(at_once=False)


@dataclass
class Say:
    engine: Engine[str, str]
    item: str
    amount: Amount
    group: str = "short"

    @property
    def name(self) -> str:
        return f"spoken/{self.engine.name}/say"

    def prepare(self) -> None:
        pass

    def run(self) -> str:
        return self.engine.run(TEXTS[self.item])

    def check(self, output: str) -> Check:
        return Check(output == TEXTS[self.item], "another text")


@dataclass(frozen=True)
class Texts:
    name: str
    ids: tuple[str, ...]
    licence: str = "none needed"


def find(name: str, limit: int | None) -> Texts:
    if name != "texts":
        raise CorpusError(f"no corpus {name!r}; expected 'texts'")
    return Texts(name, tuple(TEXTS)[:limit])


def cases(built: Engine[str, str], corpus: Texts, oracle: Callable[[], Any]) -> list[Say]:
    return [Say(built, item, Amount(1.0, "audio_s")) for item in corpus.ids]


def arrivals(corpus: Texts, chunk_s: float) -> list[Arrival]:
    ends = tuple(WORD_S * (number + 1) for number in range(10))
    return [Arrival(item, tuple(TEXTS[item].split()), ends) for item in corpus.ids]


def timing(corpus: Texts, item: str, output: str) -> Timing:
    (arrival,) = (one for one in arrivals(corpus, 0.1) if one.item == item)
    return Timing(arrival.chunks, arrival.due_s, "known")


workload: Workload[Texts, Any, str] = Workload(
    name="spoken",
    oracle="oracle",
    engines=lambda: engine.installed("spoken"),
    corpus=find,
    cases=cases,
    agree=lambda expected, output: Check(expected == output, "another text"),
    streams=Streams(arrivals, AtTheEnd, timing, str),
)
