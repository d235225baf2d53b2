"""The one list of what is measured in kernels: each product, and each limit of one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from asrbench.engine import Engine
from asrbench.errors import EngineError
from asrbench.kernels import limits
from asrbench.kernels.answer import Answer, agree
from asrbench.kernels.corpus import Corpus
from asrbench.kernels.work import Work
from asrbench.measure.worker import Worker
from asrbench.workload import Amount, Case, Check

Output: TypeAlias = Answer | float  # a product's, a limit's
Multiplying = Engine[Work, Output]


@dataclass(slots=True)
class Kernel:
    """One engine on one product or limit; what is wrong is refused before it is timed."""

    engine: Multiplying
    work: Work
    oracle: Callable[[], Multiplying]
    _refusal: str = field(default="", init=False)

    @property
    def name(self) -> str:
        """kernels/<engine>/kernel."""
        return f"kernels/{self.engine.name}/kernel"

    @property
    def item(self) -> str:
        """The id of the work: part, shape and precision."""
        return self.work.id

    @property
    def group(self) -> str:
        """Part and precision, or "limit"."""
        return self.work.group

    @property
    def amount(self) -> Amount:
        """Operations, in 10^9."""
        return self.work.amount

    def prepare(self) -> None:
        """Lay out, run once, and compare with the oracle; `run` will refuse what is wrong.

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
        """Do the work. Raises EngineError where the first answer was wrong."""
        if self._refusal:
            raise EngineError(self._refusal)
        return self.engine.run(self.work)

    def check(self, output: Output) -> Check:
        """Compare a product with the oracle's, and a limit with the work that it is."""
        if isinstance(output, Answer):
            expected = self.oracle().run(self.work)
            assert isinstance(expected, Answer)
            return agree(expected, output)
        assert not hasattr(self.work, "limit"), f"{self.item} is no limit; expected an Answer"
        return limits.check(self.work, output)


def kernels(
    engine: Multiplying, corpus: Corpus, oracle: Callable[[], Multiplying]
) -> Sequence[Case[Output]]:
    """Return an engine's case of every product and limit of a corpus."""
    return [Kernel(engine, work, oracle) for work in corpus.work]
