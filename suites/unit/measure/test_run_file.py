"""A Run file is valid by its schema, whole, and read again as it was written."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from asrbench.errors import RunError
from asrbench.measure.environment import describe
from asrbench.measure.run import CaseResult, Failure, Item, Run
from asrbench.measure.run_file import SCHEMA_FILE, read, to_json, write
from asrbench.measure.samples import Samples
from asrbench.workload import Amount, Check

LATENCY = Samples(
    "latency", "s", "lower", (0.5, 0.4), item=("a", "b"), block=(0, 0), at_s=(0.0, 0.5)
)
WER = Samples("wer", "fraction", "lower", (0.25,), counts={"errors": 1, "words": 4})
CASE = CaseResult(
    "speech/echo/transcribe",
    "speech",
    "echo",
    "single-stream",
    Amount(5.0, "audio_s"),
    Check(False, "words differ"),
    (LATENCY, WER),
)
RUN = Run(
    partial=False,
    environment=describe(1),
    items=(
        Item("a", Amount(2.0, "audio_s"), {"reference": "one", "hypothesis": "won"}),
        Item("b", Amount(3.0, "audio_s"), {"reference": None, "hypothesis": "two"}),
    ),
    errors=(Failure("speech/echo/transcribe", None, "died", "killed by SIGSEGV"),),
    cases=(CASE,),
    settings={"corpus": "embedded"},
)


def validate(run: Run) -> None:
    jsonschema.validate(to_json(run), json.loads(SCHEMA_FILE.read_text()))


def test_a_run_is_valid_by_the_schema_that_ships() -> None:
    validate(RUN)
    validate(replace(RUN, partial=True, items=(), errors=(), cases=()))


def test_the_schema_refuses_what_is_no_run() -> None:
    spoils: list[Callable[[dict[str, Any]], object]] = [
        lambda value: value.pop("environment"),
        lambda value: value["environment"].pop("cpu"),
        lambda value: value.update(schema="asrbench.run/2"),
        lambda value: value["cases"][0]["samples"][0].update(better="up"),
        lambda value: value["cases"][0]["samples"][0].update(values=["fast"]),
        lambda value: value["items"][0]["amount"].update(value=0),
    ]
    for spoil in spoils:
        value = json.loads(json.dumps(to_json(RUN)))
        spoil(value)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(value, json.loads(SCHEMA_FILE.read_text()))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "run.json"
    write(RUN, path)

    assert read(path) == RUN
    assert list(path.parent.iterdir()) == [path]


def test_unknown_fields_are_kept(tmp_path: Path) -> None:
    value = to_json(RUN)
    value["new"] = {"field": 1}
    value["cases"][0]["new"] = 2
    value["cases"][0]["samples"][0]["new"] = 3
    value["items"][0]["new"] = 4
    value["errors"][0]["new"] = 5
    path = tmp_path / "run.json"
    path.write_text(json.dumps(value))

    assert to_json(read(path)) == value


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda value: value.update(schema="asrbench.run/2"), "'asrbench.run/2'; expected"),
        (lambda value: value.update(schema="other/1"), "schema is 'other/1'"),
        (lambda value: value.pop("schema"), 'no "schema" field'),
        (lambda value: value.pop("items"), "no field 'items'"),
        (lambda value: value["cases"][0]["samples"][0].update(values=[]), "latency: no values"),
        (lambda value: value["cases"][0]["samples"][0].update(values=["x", 1]), "asrbench.run/1"),
        (lambda value: value["items"][1].update(id="a"), "item 'a' comes twice"),
        (lambda value: value.update(cases=[7]), "asrbench.run/1"),
    ],
)
def test_a_file_that_is_no_run_is_refused_with_the_reason(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], object], reason: str
) -> None:
    value = to_json(RUN)
    spoil(value)
    path = tmp_path / "run.json"
    path.write_text(json.dumps(value))

    with pytest.raises(RunError, match=reason):
        read(path)


def test_a_later_minor_version_is_read(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(json.dumps({**to_json(RUN), "schema": "asrbench.run/1.3"}))

    assert read(path).cases == RUN.cases


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"null", b'{"schema": 3}'])
def test_junk_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(content)

    with pytest.raises(RunError, match=r"run\.json"):
        read(path)


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    write(RUN, path)
    with pytest.raises(TypeError):
        write(replace(RUN, settings={"odd": object()}), path)
    with pytest.raises(UnicodeEncodeError):
        write(replace(RUN, settings={"odd": "\ud800"}), path)

    assert read(path) == RUN
    assert list(tmp_path.iterdir()) == [path]


def test_a_metric_comes_once_and_passed_means_all() -> None:
    with pytest.raises(ValueError, match="'wer' comes twice"):
        replace(CASE, samples=(WER, WER))

    right = replace(CASE, check=Check(True))
    assert not RUN.passed
    assert not replace(RUN, errors=()).passed
    assert replace(RUN, errors=(), cases=(right,)).passed


def test_a_file_nested_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "deep.json").write_text("[" * 100_000)

    with pytest.raises(RunError, match="expected a Run file"):
        read(tmp_path / "deep.json")
