"""Percentiles of so many values that they are counted are those of the sorted row."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from asrbench.jsonlog.oracle.aggregate import Group
from suites.unit.jsonlog.both import by_file

COUNT = (1 << 16) + 1234  # from 2^16 on values are counted by their highest bits

ROWS: dict[str, Callable[[random.Random, int], float]] = {
    "both signs": lambda chance, _: chance.gauss(0, 100),
    "all negative": lambda chance, _: -chance.lognormvariate(3, 2),
    "the same": lambda _chance, _: 17.25,
    "half the same": lambda chance, i: 5.0 if i % 2 else chance.random(),
    "two far apart": lambda _chance, i: 1e-300 if i * 100 < 95 * COUNT else 1e300,
    "p50 in a gap": lambda chance, i: chance.uniform(1, 2) + (1e6 if i % 2 else 0),
    "rising": lambda _chance, i: float(i),
    "one far above": lambda chance, i: 1e308 if i == 7 else chance.uniform(-1, 1),
}


@pytest.mark.parametrize("row", ROWS)
def test_counted_values_have_the_percentiles_of_sorted_ones(row: str, tmp_path: Path) -> None:
    chance = random.Random(row)
    values = [ROWS[row](chance, i) for i in range(COUNT)]
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join(b'{"ms": %s}\n' % repr(value).encode() for value in values))
    expected = Group(values=values).percentiles()

    for threads in (1, 2):
        (group,) = by_file(path, threads, value="ms")["groups"]
        assert group[4] == COUNT
        assert group[5] == expected


def test_a_gap_between_two_ranks_is_bridged_wherever_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    for low in (COUNT // 2 - 1, COUNT // 2, COUNT // 2 + 1):  # values below the gap
        values = [1.0 + i / COUNT if i < low else 1e9 + i for i in range(COUNT)]
        path.write_bytes(b"".join(b'{"ms": %s}\n' % repr(value).encode() for value in values))

        (group,) = by_file(path, value="ms")["groups"]

        assert group[5] == Group(values=values).percentiles(), low
