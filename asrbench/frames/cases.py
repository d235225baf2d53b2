"""The one list of what is measured in frames: each filter on its frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from asrbench.engine import Engine
from asrbench.frames.agreement import Filtered, agree
from asrbench.frames.corpus import Corpus
from asrbench.frames.work import Work
from asrbench.measure.checked import Checked
from asrbench.workload import Case, Check

Output = Filtered
Filtering = Engine[Work, Output]


def filters(
    engine: Filtering, corpus: Corpus, oracle: Callable[[], Filtering]
) -> Sequence[Case[Output]]:
    """Return an engine's case of every piece of work of a corpus.

    A result may be overwritten by the next call on the same item.
    """

    def right(work: Work, output: Output) -> Check:
        return agree(oracle().run(work), output)

    name = f"frames/{engine.name}/filter"
    return [Checked(name, engine, work, right) for work in corpus.work]
