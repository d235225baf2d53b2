"""The one list of what is measured in frames: each filter on its frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from asrbench.engine import Engine
from asrbench.errors import EngineError
from asrbench.frames.agreement import Filtered, agree
from asrbench.frames.corpus import Corpus
from asrbench.frames.work import Work
from asrbench.measure.worker import Worker
from asrbench.workload import Amount, Case, Check

Output = Filtered
Filtering = Engine[Work, Output]


@dataclass(slots=True)
class Filter:
    """One engine's filter on one frame; what is wrong is refused before it is timed."""

    engine: Filtering
    work: Work
    oracle: Callable[[], Filtering]
    _refusal: str = field(default="", init=False)

    @property
    def name(self) -> str:
        """frames/<engine>/filter."""
        return f"frames/{self.engine.name}/filter"

    @property
    def item(self) -> str:
        """The id of the work: filter and size."""
        return self.work.id

    @property
    def group(self) -> str:
        """The filter."""
        return self.work.group

    @property
    def amount(self) -> Amount:
        """One frame."""
        return self.work.amount

    def prepare(self) -> None:
        """Run once and compare with the oracle; `run` will refuse what is wrong.

        Where the engine is in another process, that one prepares its own case.
        """
        if isinstance(self.engine, Worker):
            return
        try:
            check = self.check(self.engine.run(self.work))
        except EngineError as error:
            self._refusal = str(error) or type(error).__name__
        else:
            self._refusal = "" if check.passed else check.detail

    def run(self) -> Output:
        """Filter; the result may be overwritten by the next call on the same item.

        Raises EngineError where the first answer was wrong.
        """
        if self._refusal:
            raise EngineError(self._refusal)
        return self.engine.run(self.work)

    def check(self, output: Output) -> Check:
        """Compare with the oracle's frame."""
        return agree(self.oracle().run(self.work), output)


def filters(
    engine: Filtering, corpus: Corpus, oracle: Callable[[], Filtering]
) -> Sequence[Case[Output]]:
    """Return an engine's case of every piece of work of a corpus."""
    return [Filter(engine, work, oracle) for work in corpus.work]
