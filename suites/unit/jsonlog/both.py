"""A log given to the core and to the oracle, whose answers must be the same to the last bit."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import Any

from asrbench import _native
from asrbench.jsonlog.oracle.aggregate import aggregate

J = _native.jsonlog
KEPT = 100  # bad lines that the core keeps one by one

Said = dict[str, Any]


def by_oracle(log: bytes, **query: Any) -> Said:
    """The oracle's answer in the core's words."""
    answer = aggregate(io.BytesIO(log), **query)
    groups = [
        (key, group.count, group.errors, group.sum, len(group.values), group.percentiles())
        for key, group in answer.groups.items()
    ]
    return {
        "lines": answer.lines,
        "blank": answer.blank,
        "bad": dict(Counter(reason for _, reason in answer.bad)),
        "first_bad": answer.bad[:KEPT],
        "groups": sorted(
            groups, key=lambda group: (group[0] is not None, (group[0] or "").encode())
        ),
    }


def by_file(
    path: Path, threads: int = 1, buffer: int = 1 << 18, part: int = 1 << 23, **query: Any
) -> Said:
    """The core's answer to a file."""
    log = J.Log(J.Query(**query))
    return _said(log.scan(str(path), threads, buffer, part), log)


def by_feeding(pieces: list[bytes], buffer: int = 1 << 18, **query: Any) -> Said:
    """The core's answer to what comes piece by piece."""
    log = J.Log(J.Query(**query), buffer)
    for piece in pieces:
        log.feed(piece)
    return _said(log.finish(), log)


def _said(counted: Any, log: Any) -> Said:
    first = [(line, reason) for line, reason, _ in counted["first_bad"]]
    groups = [(*group[:5], None if group[5] is None else tuple(group[5])) for group in log.groups()]
    return {**counted, "first_bad": first, "groups": groups}
