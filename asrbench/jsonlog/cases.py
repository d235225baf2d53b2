"""The one list of what is measured in jsonlog: a log answered, and answered with --strict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from asrbench.engine import Engine
from asrbench.errors import EngineError
from asrbench.jsonlog.answer import Answer, agree
from asrbench.jsonlog.corpus import Corpus, Log
from asrbench.jsonlog.query import Query
from asrbench.measure.worker import Worker
from asrbench.workload import Amount, Case, Check

QUERY = Query(by="model", value="latency_ms", sum="audio_s", status="status")


@dataclass(frozen=True, slots=True)
class Work:
    """A query over a log."""

    log: Log
    query: Query = QUERY

    @property
    def head(self) -> Work:
        """The same over the first lines of the log."""
        return replace(self, log=replace(self.log, path=self.log.head))


Answering: TypeAlias = Engine[Work, Answer]


@dataclass(slots=True)
class Ask:
    """One engine answers one log; who is wrong on its first lines is not timed."""

    engine: Answering
    work: Work
    oracle: Callable[[], Answering]
    _refusal: str = field(default="", init=False)

    @property
    def name(self) -> str:
        """jsonlog/<engine>/ask."""
        return f"jsonlog/{self.engine.name}/ask"

    @property
    def item(self) -> str:
        """The log's name."""
        return self.work.log.id

    @property
    def group(self) -> str:
        """All logs are asked alike."""
        return "log"

    @property
    def amount(self) -> Amount:
        """Bytes of the log, in 10^9."""
        return Amount(self.work.log.size_bytes / 1e9, "GB")

    def prepare(self) -> None:
        """Answer the first lines and compare with the oracle; `run` will refuse what is wrong.

        Where the engine is in another process, that one prepares its own case.
        """
        if isinstance(self.engine, Worker):
            return
        head = self.work.head
        try:
            check = agree(self.oracle().run(head), self.engine.run(head))
        except EngineError as error:
            self._refusal = str(error) or type(error).__name__
        else:
            self._refusal = "" if check.passed else check.detail

    def run(self) -> Answer:
        """Answer. Raises EngineError where the answer to the first lines was wrong."""
        if self._refusal:
            raise EngineError(self._refusal)
        return self.engine.run(self.work)

    def check(self, output: Answer) -> Check:
        """Compare with the oracle's answer to all of the log, which takes some minutes a GB."""
        return agree(self.oracle().run(self.work), output)


def asks(
    engine: Answering, corpus: Corpus, oracle: Callable[[], Answering]
) -> Sequence[Case[Answer]]:
    """Return an engine's case of every log of a corpus."""
    return [Ask(engine, Work(log), oracle) for log in corpus.logs]
