"""The oracle as an engine: what is right, at the speed of regular expressions."""

from __future__ import annotations

from collections import Counter

from asrbench.engine import EngineOptions
from asrbench.jsonlog.answer import Answer, BadLine, Census, Group, triple
from asrbench.jsonlog.cases import Work
from asrbench.jsonlog.oracle.aggregate import aggregate

_KEPT = 100  # bad lines that are kept one by one


class Oracle:
    """Answers exactly, in one thread."""

    name = "oracle"

    def __init__(self, options: EngineOptions) -> None:
        """There is nothing to choose."""

    def run(self, item: Work) -> Answer:
        """Read the log's file and answer."""
        query = item.query
        with item.log.path.open("rb") as file:
            found = aggregate(
                file,
                by=query.by,
                value=query.value,
                sum=query.sum,
                status=query.status,
                ok=query.ok,
                where=[(one.field, one.comparison, one.text) for one in query.where],
                strict=query.strict,
                cap=query.cap,
            )
        groups = [
            Group(
                key,
                group.count,
                group.errors,
                group.sum,
                len(group.values),
                triple(group.percentiles() or ()),
            )
            for key, group in sorted(found.groups.items(), key=lambda pair: _place(pair[0]))
        ]
        bad = tuple(BadLine(line, reason) for line, reason in found.bad[:_KEPT])
        reasons = dict(Counter(reason for _, reason in found.bad))
        return Answer(tuple(groups), Census(found.lines, found.blank, reasons, bad), exact=True)

    def close(self) -> None:
        """Nothing is held."""


def _place(key: str | None) -> tuple[bool, bytes]:
    """Order keys by their bytes as UTF-8, None first."""
    return key is not None, (key or "").encode()
