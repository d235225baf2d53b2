"""Logs of any bytes: the core answers what the oracle answers, from a file, in pieces, in a buffer.

The first bytes choose strictness, cap, threads, buffer and part; the rest is the log.
"""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from asrbench import _native
from asrbench.fuzz.chooser import Chooser
from asrbench.jsonlog import synthetic
from asrbench.jsonlog.oracle.aggregate import aggregate

J = _native.jsonlog
FOLDER = tempfile.TemporaryDirectory(prefix="asrbench-fuzz-")
FILE = Path(FOLDER.name, "log.jsonl")
QUERY: dict[str, Any] = {
    "by": "model",
    "value": "latency_ms",
    "sum": "audio_s",
    "status": "status",
    "where": [("n", "!=", "7")],
}


def one_input(data: bytes) -> None:
    """Compare one log, read in three ways."""
    chooser = Chooser(data)
    strict = chooser.pick([False, True])
    cap = chooser.pick([1 << 20, 64, 700])
    threads = chooser.number(1, 3)
    buffer, part = chooser.number(1, 256), chooser.number(1, 256)
    text = chooser.rest()
    query = {**QUERY, "strict": strict, "cap": cap}
    expected = aggregate(io.BytesIO(text), **query)
    wanted = (expected.lines, expected.blank, dict(Counter(r for _, r in expected.bad)))
    groups = {
        key: (group.count, group.errors, group.sum, len(group.values), group.percentiles())
        for key, group in expected.groups.items()
    }
    FILE.write_bytes(text)
    by_file = J.Log(J.Query(**query))
    counted = by_file.scan(str(FILE), threads, buffer, part)
    by_feeding = J.Log(J.Query(**query), buffer)
    for at in range(0, len(text), part):
        by_feeding.feed(text[at : at + part])
    for log, census in ((by_file, counted), (by_feeding, by_feeding.finish())):
        assert (census["lines"], census["blank"], census["bad"]) == wanted
        assert [(line, reason) for line, reason, _ in census["first_bad"]] == expected.bad[:100]
        assert {g[0]: (*g[1:5], g[5] and tuple(g[5])) for g in log.groups()} == groups
    held = J.validate(text, [(name, "any", False, None, None, []) for name in ("model", "n")])
    assert held["lines"] == expected.lines


def seeds() -> Iterator[bytes]:
    """Yield events, lenient and strict, and lines that are bad each in its way."""
    events = b"".join(islice(synthetic.events(), 3))
    bad = [
        b'\xef\xbb\xbf{"model": "a", "latency_ms": 1.5e3}\r\n\n{"model": null}',
        b'{"audio_s": 1e400}\n{"audio_s": 01}\n{"audio_s": 9007199254740993}\n[1]\n3\n{"n": 7}',
        b'{"mod\\u0065l": "\\ud83d\\ude00", "model": "\\ud800"}\n{"x": [1, {2]}}\n{"x": 1,}',
        b'{"x": '
        + b"[" * 260
        + b'}\n{"status": "error", "audio_s": -0.0}\n{"model": "\xff"}\n{"mo',
        b'{"x": 1"a,b"}\n{"x": \\"}\n{"x": a"b"c}\n{"x":\x0c1}\n{"x": "\t"}',
    ]
    for log in (events, *bad):
        for head in (bytes(5), bytes([1, 0, 2, 40, 60]), bytes([0, 1, 1, 7, 13])):
            yield head + log
