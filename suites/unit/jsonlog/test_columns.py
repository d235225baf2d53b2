"""Fields of a log as arrays, and records held to rules where they lie."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from asrbench import OptionError, _native, jsonlog
from asrbench.errors import EngineError
from asrbench.jsonlog.answer import BadLine
from asrbench.jsonlog.rules import Rule

LOG = b"""{"model": "a", "ms": 1.5, "n": 9007199254740993, "well": true}
{"model": "b", "ms": null, "well": false}
{"ms": "fast", "n": 1}

{"model": "a", "n": 1.0}
{"model": "a", "n": 9223372036854775808}
{"model": 3}
{"model": "a", "ms": 2e3, "n": -4, "well": 1}
{"model": "a", "ms": 2e3, "n": -4}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A log of four sound records."""
    (tmp_path / "log.jsonl").write_bytes(LOG)
    return tmp_path / "log.jsonl"


def test_columns_have_a_value_a_sound_line_in_their_order(path: Path) -> None:
    table = jsonlog.columns(path, {"ms": "float64", "n": "int64", "well": "bool", "model": "text"})

    assert len(table) == 3
    np.testing.assert_array_equal(table["ms"], [1.5, np.nan, 2000.0])
    assert table["n"].tolist() == [9007199254740993, 0, -4]
    assert table["n"].dtype == np.int64
    assert table["well"].dtype == np.bool_
    assert table["well"].tolist() == [True, False, False]
    assert table.valid["well"].tolist() == [True, True, False]
    assert table["model"].tolist() == [0, 1, 0]
    assert table.texts == {"model": ("a", "b")}
    assert table.census.lines == 9
    assert [(bad.line, bad.field) for bad in table.census.first_bad] == [
        (3, "ms"),
        (5, "n"),
        (6, "n"),
        (7, "model"),
        (8, "well"),
    ]


def test_no_field_and_another_type_are_refused(path: Path) -> None:
    with pytest.raises(OptionError, match="wanted has no field"):
        jsonlog.columns(path, {})
    with pytest.raises(OptionError, match="type is 'float'; expected float64, int64, bool or text"):
        jsonlog.columns(path, {"ms": "float"})  # type: ignore[dict-item]  # that is the test


def test_arrow_takes_the_columns_with_their_nulls(path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason='pip install "asrbench-perf[arrow]"')
    table = pyarrow.table(jsonlog.columns(path, {"ms": "float64", "model": "text", "n": "int64"}))

    assert table.column("ms").to_pylist() == [1.5, None, 2000.0, 2000.0]
    assert table.column("model").to_pylist() == ["a", "b", "a", "a"]
    assert table.column("n").to_pylist() == [9007199254740993, None, -4, -4]


RULES = {
    "model": Rule("text", among=("a", "b")),
    "ms": Rule("number", required=False, least=0, most=1000),
    "n": Rule("integer", required=False),
}


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_each_broken_rule_is_told_by_line_reason_and_field(kind: Any) -> None:
    report = jsonlog.validate(kind(LOG), RULES)

    assert report.records == 3
    assert report.census.first_bad == (
        BadLine(3, "missing", "model"),
        BadLine(5, "type", "n"),
        BadLine(7, "type", "model"),
        BadLine(8, "range", "ms"),
        BadLine(9, "range", "ms"),
    )
    assert not report.kept


def test_a_text_that_is_not_allowed_is_a_bad_choice_and_a_mapped_file_is_borrowed(
    path: Path,
) -> None:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        report = jsonlog.validate(mapped, {"model": Rule("text", False, among=("b",))})

    assert report.census.bad == {"choice": 5, "type": 1}


def test_a_large_buffer_is_read_where_it_lies_line_by_line() -> None:
    line = b'{"model": "a"}\n'
    count = 100_000
    report = jsonlog.validate(line * count + b'{"model": 1}', {"model": Rule("text")})

    assert (report.records, report.census.lines) == (count, count + 1)
    assert report.census.first_bad == (BadLine(count + 1, "type", "model"),)


@pytest.mark.parametrize("source", ["text", None, memoryview(b"abcd")[::2]])
def test_what_lends_no_bytes_is_refused(source: Any) -> None:
    with pytest.raises(TypeError, match=r"source is a .*; expected contiguous bytes"):
        jsonlog.validate(source, RULES)


@pytest.mark.parametrize(
    "rule",
    [
        {"must": "text", "least": 1.0},
        {"must": "number", "among": ("a",)},
        {"least": 2.0, "most": 1.0},
    ],
)
def test_a_rule_that_nothing_keeps_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match="expected"):
        Rule(**rule)


def test_a_build_without_jsonlog_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(_native, "jsonlog")

    with pytest.raises(EngineError, match=r"ASRBENCH_JSONLOG=OFF.*libsimdjson-dev"):
        jsonlog.columns(path, {"ms": "float64"})
