"""The one list of what is measured in kernels: each product, and each limit of one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from asrbench.engine import Engine
from asrbench.kernels import limits
from asrbench.kernels.answer import Answer, agree
from asrbench.kernels.corpus import Corpus
from asrbench.kernels.work import Work
from asrbench.measure.checked import Checked
from asrbench.workload import Case, Check

Output: TypeAlias = Answer | float  # a product's, a limit's
Multiplying = Engine[Work, Output]


def kernels(
    engine: Multiplying, corpus: Corpus, oracle: Callable[[], Multiplying]
) -> Sequence[Case[Output]]:
    """Return an engine's case of every product and limit of a corpus.

    A product is compared with the oracle's, a limit with the work that it is.
    """

    def right(work: Work, output: Output) -> Check:
        if isinstance(output, Answer):
            expected = oracle().run(work)
            assert isinstance(expected, Answer)
            return agree(expected, output)
        assert not hasattr(work, "limit"), f"{work.id} is no limit; expected an Answer"
        return limits.check(work, output)

    name = f"kernels/{engine.name}/kernel"
    return [Checked(name, engine, work, right) for work in corpus.work]
