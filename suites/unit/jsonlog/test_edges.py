"""Inputs at the edges of a file's parts, of a line's length, of what a log may hold."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from asrbench import _native
from asrbench.errors import EngineError
from suites.unit.jsonlog.both import by_file, by_oracle

J = _native.jsonlog
TWO = b'{"a": "x"}\n{"a": "y"}\n'
MOST_GROUPS = 100_000


@pytest.mark.parametrize("part", [1, 2**63, 2**64 - 1])
def test_a_part_of_any_size_leaves_no_line_out(tmp_path: Path, part: int) -> None:
    (tmp_path / "log").write_bytes(TWO)

    assert by_file(tmp_path / "log", part=part, by="a") == by_oracle(TWO, by="a")


@pytest.mark.parametrize("behind", [b"", b'\n{"a": 1}\n', b"\n\n"])
@pytest.mark.parametrize("cap", [1, 100, 1 << 18])
def test_many_short_lines_before_a_long_one_cost_no_more(behind: bytes, cap: int) -> None:
    log = b"\n" * 16_000 + b"x" * (16 << 20) + behind
    began = time.monotonic()
    found = J.validate(log, [], cap=cap)

    assert time.monotonic() - began < 2.0  # each of them once looked through the whole
    assert found["blank"] == 16_000 + behind.count(b"\n\n")
    assert found["bad"]["long"] == 1 + (cap == 1 and b"{" in behind)


def test_lines_that_were_taken_before_a_refusal_are_not_taken_again() -> None:
    log = J.Log(J.Query(by="a"))
    keys = b"".join(b'{"a": "%d"}\n' % number for number in range(MOST_GROUPS + 1))
    with pytest.raises(EngineError):
        log.feed(keys)
    log.feed(b"\n")

    assert {group[1] for group in log.groups()} == {1}
