"""What a query asks of a log, in the form that peers are asked it in: plain groups of values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from asrbench.engine import EngineOptions
from asrbench.errors import EngineError
from asrbench.jsonlog.answer import PERCENTILES, Answer, Group, triple
from asrbench.jsonlog.query import Query


@dataclass(slots=True)
class Gathered:
    """A group as a loop in Python gathers it."""

    count: int = 0
    errors: int = 0
    sum: float = 0.0
    values: list[float] = field(default_factory=list)

    def take(self, value: float | None, amount: float | None, failed: bool) -> None:
        """Take a line: the value for percentiles, the one to add, whether it is an error."""
        self.count += 1
        self.errors += failed
        if amount is not None:
            self.sum += amount
        if value is not None:
            self.values.append(value)


class Getting(Protocol):
    """A parsed line that is asked for a field by its name."""

    def get(self, name: str, /) -> object:
        """Return the field, None where it is not there."""
        ...


def gather(lines: Iterable[Getting], query: Query) -> Answer:
    """Answer a query over parsed lines of the expected types; plain refuses any other."""
    by, value, amount, status, ok = plain(query)
    groups: dict[str | None, Gathered] = {}
    for line in lines:
        key = line.get(by)
        group = groups.get(key)  # type: ignore[call-overload]  # as a loop is written that trusts
        if group is None:
            group = groups[key] = Gathered()  # type: ignore[index]
        state = line.get(status)
        group.take(line.get(value), line.get(amount), state is not None and state != ok)
    return answer(groups)


def plain(query: Query) -> tuple[str, str, str, str, str]:
    """Return by, value, sum, status and ok. Raises EngineError for more than peers are asked."""
    fields = (query.by, query.value, query.sum, query.status)
    if query.where or query.strict or None in fields:
        raise EngineError(f"query is {query}; expected all four fields, and no conditions")
    by, value, amount, status = (str(name) for name in fields)
    return by, value, amount, status, query.ok


def answer(groups: dict[str | None, Gathered]) -> Answer:
    """Return the groups as an Answer."""
    import numpy as np

    found = []
    for key in sorted(groups, key=lambda key: (key is not None, (key or "").encode())):
        group = groups[key]
        cuts = map(float, np.quantile(group.values, PERCENTILES)) if group.values else ()
        found.append(row(key, group.count, group.errors, group.sum, len(group.values), *cuts))
    return Answer(tuple(found))


def row(
    key: str | None,
    count: int,
    errors: int,
    amount: float,
    values: int,
    *cuts: float | None,
) -> Group:
    """Return a group of what a peer found: of no values it may have said any percentiles."""
    return Group(key, count, errors, amount, values, triple(cuts) if values else None)


def one_thread(options: EngineOptions, name: str) -> None:
    """Refuse more threads than a loop in Python has with EngineError."""
    if options.threads != 1:
        raise EngineError(f"threads is {options.threads}; expected 1, which {name} runs in")
