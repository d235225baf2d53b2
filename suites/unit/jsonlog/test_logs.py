"""The verb `logs`: any source gives one answer; a log is followed; what is bad is told."""

from __future__ import annotations

import gzip
import io
import json
import os
import threading
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from asrbench.cli import main
from asrbench.errors import EngineError, Error, OptionError
from asrbench.jsonlog import logs, synthetic
from asrbench.jsonlog.query import Condition, Query
from asrbench.measure.call import Call
from asrbench.measure.events import events
from asrbench.workload import Amount

QUERY = Query(by="model")
TEXT = b"".join(islice(synthetic.events(5), 500))


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A log of 500 events."""
    (tmp_path / "log.jsonl").write_bytes(TEXT)
    return tmp_path / "log.jsonl"


def test_gz_zst_and_a_pipe_are_answered_as_the_plain_file_is(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zstandard = pytest.importorskip("zstandard", reason='pip install "asrbench-perf[zst]"')
    half = len(TEXT) // 2  # within a line: members and frames end anywhere
    (tmp_path / "log.gz").write_bytes(gzip.compress(TEXT[:half]) + gzip.compress(TEXT[half:]))
    (tmp_path / "odd").write_bytes(
        zstandard.compress(TEXT[:half]) + zstandard.compress(TEXT[half:])
    )
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(TEXT,))
    writer.start()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT)))
    expected = logs.ask([str(plain)], QUERY)

    for source in (tmp_path / "log.gz", tmp_path / "odd", tmp_path / "pipe", "-"):
        found = logs.ask([str(source)], QUERY)
        assert found.groups == expected.groups, source
        assert found.censuses[0][1] == expected.censuses[0][1]
    writer.join()


def test_files_add_up_and_each_has_its_own_lines(plain: Path) -> None:
    once, twice = (logs.ask([str(plain)] * count, QUERY, threads=2) for count in (1, 2))

    assert [group.count for group in twice.groups] == [2 * group.count for group in once.groups]
    assert [census.lines for _, census in twice.censuses] == [500, 500]


@pytest.mark.parametrize("damage", [lambda data: data[:-20], lambda data: data[:50] + b"x" * 50])
def test_a_damaged_archive_is_an_error_that_names_it(damage: Any, tmp_path: Path) -> None:
    path = tmp_path / "log.gz"
    path.write_bytes(damage(gzip.compress(TEXT)))

    with pytest.raises(Error, match=r"log\.gz' is damaged"):
        logs.ask([str(path)], QUERY)


def test_a_log_is_followed_as_it_grows_and_when_it_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"model": "a"}\n{"mod')

    def append() -> None:
        with path.open("ab") as file:
            file.write(b'el": "b"}\n')

    steps: Iterator[Callable[[], object]] = iter(
        [
            append,
            lambda: path.write_bytes(b'{"model": "c"}\n'),  # shorter: begun anew
            lambda: path.rename(tmp_path / "log.1"),  # no file of that name for a while
            lambda: path.write_bytes(b"bad\n"),
        ]
    )
    found = logs.follow(path, QUERY, lambda: next(steps)())
    seen = [next(found) for _ in range(5)]

    assert [[group.key for group in one.groups] for one in seen] == [
        ["a"],
        ["a", "b"],
        ["a", "b", "c"],
        ["a", "b", "c"],
        ["a", "b", "c"],
    ]
    assert [one.censuses[0][1].lines for one in seen] == [1, 2, 1, 1, 1]
    assert [one.bad for one in seen] == [0, 0, 0, 0, 1]


def test_it_reads_the_events_of_asrbench_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "calls.jsonl"
    with events(path, "native") as listen:
        for took_s in (0.25, 0.75):
            listen(Call("light", Amount(2.0, "audio_s"), 0, 0.0, took_s, output="über\n"))
        listen(Call("ship", Amount(1.0, "audio_s"), 1, 1.0, 0.1, "refused", message="no"))

    assert main(["logs", str(path), "--by", "engine", "--json"]) == 0
    (group,) = json.loads(capsys.readouterr().out)["groups"]
    assert (group["key"], group["count"], group["errors"]) == ("native", 3, 1)
    assert (group["sum"], group["values"], group["p50"]) == (5.0, 3, 250.0)


def test_conditions_leave_lines_out(plain: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["logs", str(plain), "--where", "model=tiny-en", "--where", "audio_s>=2"]) == 0
    said = capsys.readouterr().out
    expected = [
        event
        for event in map(json.loads, TEXT.splitlines())
        if event["model"] == "tiny-en" and event["audio_s"] >= 2
    ]

    assert f"(none)  {len(expected)} " in said


def test_bad_lines_are_told_by_number_and_reason_and_strict_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"model": "\\u001b[31m"}\nno\n{"x": 01}\n')

    assert main(["logs", str(path), "--by", "model"]) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert f"{path}: 1 of 3 lines are bad: 1 object" in said
    assert "  line 2: object" in said
    assert main(["logs", str(path), "--strict"]) == 1
    assert "  line 3: number" in capsys.readouterr().out


def test_percentiles_are_shown_only_where_enough_values_carry_them(
    plain: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["logs", str(plain)]) == 0

    assert " of 1000 values" in capsys.readouterr().out


def test_more_groups_than_are_kept_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join(b'{"model": %d}\n' % number for number in range(100_001)))

    for threads in (1, 2):
        with pytest.raises(EngineError, match="more than 100000 groups by 'model'"):
            logs.ask([str(path)], QUERY, threads)


@pytest.mark.parametrize("written", ["", "status", "=3", "ms<x", "ms>=1e", "ms < 01"])
def test_what_is_no_condition_is_refused(written: str) -> None:
    with pytest.raises(OptionError, match="expected"):
        Condition.parse(written)


def test_a_condition_is_read_with_or_without_spaces() -> None:
    assert Condition.parse("a<=1") == Condition("a", "<=", "1")
    assert Condition.parse(" a b != c = d ") == Condition("a b", "!=", "c = d")
