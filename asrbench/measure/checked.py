"""A case whose first answer is compared with the oracle's before anything is timed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from asrbench.engine import Engine
from asrbench.errors import EngineError
from asrbench.measure.worker import Worker
from asrbench.workload import Amount, Check


class Work(Protocol):
    """What an engine is given, with what a case says of it."""

    @property
    def id(self) -> str:
        """The name of the item."""
        ...

    @property
    def group(self) -> str:
        """The kind of item that results are shown apart for."""
        ...

    @property
    def amount(self) -> Amount:
        """How much work it is."""
        ...


Item = TypeVar("Item", bound=Work)
Output = TypeVar("Output")


@dataclass(slots=True)
class Checked(Generic[Item, Output]):
    """One engine on one piece of work; what is wrong is refused before it is timed.

    name    workload, engine and work: "frames/native/filter"
    right   whether an answer to some work is right
    trial   what is asked first; None: the work itself
    """

    name: str
    engine: Engine[Item, Output]
    work: Item
    right: Callable[[Item, Output], Check]
    trial: Item | None = None
    _refusal: str = field(default="", init=False)

    @property
    def item(self) -> str:
        """The id of the work."""
        return self.work.id

    @property
    def group(self) -> str:
        """The group of the work."""
        return self.work.group

    @property
    def amount(self) -> Amount:
        """The amount of the work."""
        return self.work.amount

    def prepare(self) -> None:
        """Ask the trial and compare with the oracle; `run` will refuse what is wrong.

        Where the engine is in another process, that one prepares its own case.
        """
        if isinstance(self.engine, Worker):
            return
        trial = self.work if self.trial is None else self.trial
        try:
            check = self.right(trial, self.engine.run(trial))
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
        """Compare an answer with the oracle's."""
        return self.right(self.work, output)
