"""A workload as small as they come, as a plug-in: letters made capitals by engines good and bad."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from asrbench import engine
from asrbench.engine import Engine, EngineOptions
from asrbench.errors import CorpusError, EngineError
from asrbench.workload import Amount, Check, Contrast, Score, Source, Workload


class Echo:
    name = "echo"

    def __init__(self, options: EngineOptions) -> None:
        self.options = options

    def run(self, item: str) -> str:
        return item.upper()

    def close(self) -> None:
        pass


class Slow(Echo):
    """Takes 20 ms, and shows that it has begun by a file where it is asked to."""

    name = "slow"

    def run(self, item: str) -> str:
        if "LETTERS_BEGUN" in os.environ:
            Path(os.environ["LETTERS_BEGUN"]).touch()
        time.sleep(0.02)
        return item.upper()


class Picky(Echo):
    name = "picky"

    def run(self, item: str) -> str:
        if item == "b":
            raise EngineError("item is 'b'; expected anything else")
        return item.upper()


class Broken(Echo):
    name = "broken"

    def run(self, item: str) -> str:
        raise EngineError("it is broken")


class Wrong(Echo):
    name = "wrong"

    def run(self, item: str) -> str:
        return "?" if item == "b" else item.upper()


class Faulty(Echo):
    name = "faulty"

    def run(self, item: str) -> str:
        raise RuntimeError("a fault of the engine")


class Dying(Echo):
    """Dies in a fresh process, which is where it is told to by its parent's id."""

    name = "dying"

    def run(self, item: str) -> str:
        if os.environ.get("LETTERS_PARENT") != str(os.getpid()):
            os.abort()
        return item.upper()


class Crashing(Echo):
    """Dies of `b`, with last words."""

    name = "crashing"

    def run(self, item: str) -> str:
        if item == "b":
            os.write(2, b"cannot b\n")
            os.abort()
        return item.upper()


class Hanging(Echo):
    """Never answers `b`, and lets no signal of Python's through."""

    name = "hanging"

    def run(self, item: str) -> str:
        while item == "b":
            time.sleep(1)
        return item.upper()


class Eating(Echo):
    """Takes more and more memory for `b`."""

    name = "eating"

    def run(self, item: str) -> str:
        held = []
        while item == "b":
            held.append(b"x" * 2**20)
            time.sleep(0.001)
        return item.upper()


class Raising(Echo):
    """Raises what is no refusal, for `b`."""

    name = "raising"

    def run(self, item: str) -> str:
        if item == "b":
            raise RuntimeError("b is too much")
        return item.upper()


class Mapped(Echo):
    """Answers with a mapping that cannot be written to, as a transcript has one."""

    name = "mapped"

    def run(self, item: str) -> Any:
        return MappingProxyType({"text": item})


class Counting(Echo):
    """Counts, where it is told to, 3 allocations of 100 bytes for `a`, 6 for `b`, 9 for `c`."""

    name = "counting"

    def __init__(self, options: EngineOptions) -> None:
        self.on = False
        self.count = 1000  # of before

    def run(self, item: str) -> str:
        if self.on:
            self.count += 3 * (1 + "abc".index(item))
        return item.upper()

    def count_allocations(self, on: bool) -> tuple[int, int]:
        self.on = on
        return self.count, 100 * self.count


class Unloadable(Echo):
    """Dies while it is built, where it is asked to: `asrbench engines` builds every engine."""

    name = "unloadable"

    def __init__(self, options: EngineOptions) -> None:
        if "LETTERS_UNLOADABLE" in os.environ:
            os.abort()


@dataclass
class Capital:
    """One letter made a capital by one engine."""

    engine: Engine[str, str]
    item: str
    amount: Amount
    oracle: Callable[[], Engine[str, str]]

    @property
    def name(self) -> str:
        return f"letters/{self.engine.name}/capital"

    @property
    def group(self) -> str:
        return "long" if self.amount.value > 2 else "short"

    def prepare(self) -> None:
        pass

    def run(self) -> str:
        return self.engine.run(self.item)

    def check(self, output: str) -> Check:
        return agree(self.oracle().run(self.item), output)


@dataclass(frozen=True)
class Letters:
    name: str
    letters: str
    licence: str = "none needed"


def find(name: str, limit: int | None) -> Letters:
    if name != "abc":
        raise CorpusError(f"no corpus {name!r}; expected 'abc'")
    return Letters(name, "abc"[:limit])


def cases(
    built: Engine[str, str], corpus: Letters, oracle: Callable[[], Engine[str, str]]
) -> list[Capital]:
    return [
        Capital(built, letter, Amount(float(index + 1), "audio_s"), oracle)
        for index, letter in enumerate(corpus.letters)
    ]


def agree(expected: str, output: str) -> Check:
    return Check(expected == output, f"{output!r}; the oracle says {expected!r}")


def score(corpus: Letters, outputs: Mapping[str, str]) -> Score:
    items = {
        letter: {
            "reference": letter.upper(),
            "hypothesis": output,
            "errors": int(output != letter.upper()),
            "reference_words": 1,
        }
        for letter, output in outputs.items()
    }
    errors = sum(output != letter.upper() for letter, output in outputs.items())
    rate = errors / len(items) if items else None
    return Score("wer", "fraction", "lower", rate, {"errors": errors, "words": len(items)}, items)


def contrast(
    corpus: Letters, first: Mapping[str, str], second: Mapping[str, str]
) -> Contrast | None:
    if not first:
        return None
    apart = sum(first[key] != second[key] for key in first) / len(first)
    lines = tuple(f"{key}: {first[key]}" for key in first if first[key] != second[key])
    return Contrast("wer", "fraction", apart, apart, apart, lines)


workload: Workload[Letters, Engine[str, str], str] = Workload(
    name="letters",
    oracle="oracle",
    engines=lambda: engine.installed("letters"),
    corpora=lambda: [Source("abc", "here", True)],
    corpus=find,
    cases=cases,
    agree=agree,
    stages=lambda output: {"think": 0.001},
    score=score,
    contrast=contrast,
    model=lambda path: {"source": "none", "verified": False},
    build=lambda: None,
)
