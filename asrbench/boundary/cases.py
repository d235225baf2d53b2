"""The one list of what is measured at the boundary: each of five functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from asrbench.boundary.answer import agree
from asrbench.boundary.calls import Answer, Calls
from asrbench.boundary.corpus import Corpus
from asrbench.engine import Engine
from asrbench.workload import Amount, Case, Check

Calling = Engine[Calls, Answer]


@dataclass(frozen=True, slots=True)
class Crossing:
    """One engine and one function."""

    engine: Calling
    calls: Calls
    oracle: Callable[[], Calling]

    @property
    def name(self) -> str:
        """boundary/<engine>/call."""
        return f"boundary/{self.engine.name}/call"

    @property
    def item(self) -> str:
        """The function's name."""
        return self.calls.function

    @property
    def group(self) -> str:
        """The function's name: what one costs says nothing of another."""
        return self.calls.function

    @property
    def amount(self) -> Amount:
        """The calls."""
        return self.calls.amount

    def prepare(self) -> None:
        """Call once as often as is timed: the interpreter adapts to what it runs."""
        self.engine.run(self.calls)

    def run(self) -> Answer:
        """Call."""
        return self.engine.run(self.calls)

    def check(self, output: Answer) -> Check:
        """Compare the last answer with the oracle's."""
        return agree(self.oracle().run(Calls(self.item, 1)), output)


def boundary(
    engine: Calling, corpus: Corpus, oracle: Callable[[], Calling]
) -> Sequence[Case[Answer]]:
    """Return an engine's case of every function of a corpus."""
    return [Crossing(engine, calls, oracle) for calls in corpus.calls]
