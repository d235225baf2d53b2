"""The one list of what is measured in jsonlog: a log answered, and answered with --strict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from asrbench.engine import Engine
from asrbench.jsonlog.answer import Answer, agree
from asrbench.jsonlog.corpus import Corpus, Log
from asrbench.jsonlog.query import Query
from asrbench.measure.checked import Checked
from asrbench.workload import Amount, Case, Check

QUERY = Query(by="model", value="latency_ms", sum="audio_s", status="status")


@dataclass(frozen=True, slots=True)
class Work:
    """A query over a log."""

    log: Log
    query: Query = QUERY

    @property
    def id(self) -> str:
        """The log's name."""
        return self.log.id

    @property
    def group(self) -> str:
        """All logs are asked alike."""
        return "log"

    @property
    def amount(self) -> Amount:
        """Bytes of the log, in 10^9."""
        return Amount(self.log.size_bytes / 1e9, "GB")

    @property
    def head(self) -> Work:
        """The same over the first lines of the log."""
        return replace(self, log=replace(self.log, path=self.log.head))


Answering: TypeAlias = Engine[Work, Answer]


def asks(
    engine: Answering, corpus: Corpus, oracle: Callable[[], Answering]
) -> Sequence[Case[Answer]]:
    """Return an engine's case of every log; who is wrong on its first lines is not timed.

    The oracle takes some minutes a GB for all of a log.
    """

    def right(work: Work, output: Answer) -> Check:
        return agree(oracle().run(work), output)

    name = f"jsonlog/{engine.name}/ask"
    return [Checked(name, engine, work, right, work.head) for work in map(Work, corpus.logs)]
