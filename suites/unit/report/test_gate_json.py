"""A gate's file is valid by its schema, whole, and read again as it was written."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from asrbench.errors import RunError
from asrbench.gate.verdict import Gated
from asrbench.report.gate.json_file import SCHEMA_FILE, from_json, read, to_json, write
from suites.unit.report.gates import answers, gated, launches, verdict

SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


@settings(deadline=None)
@given(answers())
def test_whatever_a_gate_says_is_valid_and_read_again(answer: Gated) -> None:
    value = json.loads(json.dumps(to_json(answer), allow_nan=False))
    jsonschema.validate(value, SCHEMA)

    assert from_json(value) == answer


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "gate.json"
    answer = replace(gated(), notes=("half a surrogate: \udc80",))
    write(answer, path)

    assert read(path) == answer
    assert list(path.parent.iterdir()) == [path]


def test_the_code_is_in_the_file_for_who_reads_no_verdicts() -> None:
    for outcome, code in (("pass", 0), ("regression", 1), ("inconclusive", 2)):
        value = to_json(Gated((verdict(outcome),)))
        assert value["code"] == code
        assert value["warns_only"] is (code == 2)
    assert to_json(Gated(()))["code"] == 3


@pytest.mark.parametrize(
    "spoil",
    [
        lambda value: value.pop("notes"),
        lambda value: value.update(schema="asrbench.gate/2"),
        lambda value: value.update(code=4),
        lambda value: value["verdicts"][0].update(outcome="slow"),
        lambda value: value["verdicts"][0].update(base="fast"),
        lambda value: value["verdicts"][0]["change"].pop("low"),
        lambda value: value["verdicts"][2]["trust"].update(false_alarms=2),
        lambda value: value["unmeasured"][0].update(kind="odd"),
        lambda value: value["launches"][0].update(base=[None]),
        lambda value: value["functions"][0].update(head=[0.5]),
    ],
)
def test_the_schema_refuses_what_is_no_answer(spoil: Callable[[dict[str, Any]], object]) -> None:
    value = to_json(gated())
    spoil(value)

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(value, SCHEMA)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda value: value.update(schema="asrbench.gate/2"), "'asrbench.gate/2'; expected"),
        (lambda value: value.update(schema="asrbench.run/1"), "schema is 'asrbench.run/1'"),
        (lambda value: value.pop("schema"), 'no "schema" field'),
        (lambda value: value.pop("verdicts"), "no field 'verdicts'"),
        (lambda value: value.update(code=0), "code is 0; expected 3 from the verdicts"),
        (lambda value: value["verdicts"][0].update(outcome="slow"), "outcome is 'slow'"),
        (lambda value: value["verdicts"][0].update(base=None), "a value is None; expected"),
        (lambda value: value["verdicts"][0].update(base=True), "a value is True; expected"),
        (lambda value: value["verdicts"][0].update(change=3), "asrbench.gate/1"),
        (lambda value: value["launches"][0]["base"].pop(), "asrbench.gate/1"),
        (lambda value: value.update(verdicts=7), "asrbench.gate/1"),
    ],
)
def test_a_file_that_is_no_answer_is_refused_with_the_reason(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], object], reason: str
) -> None:
    value = to_json(gated())
    spoil(value)
    path = tmp_path / "gate.json"
    path.write_text(json.dumps(value), encoding="utf-8")

    with pytest.raises(RunError, match=reason):
        read(path)


def test_a_later_minor_version_is_read_and_what_it_adds_is_kept(tmp_path: Path) -> None:
    value = {**to_json(gated()), "new": {"a": [1]}}
    value["verdicts"][0]["new"] = None
    value["verdicts"][2]["trust"]["new"] = 2
    value["unmeasured"][0]["new"] = 3
    value["launches"][1]["new"] = [4]
    value["settings"]["new"] = 5  # settings are anything: this is one of them
    path = tmp_path / "gate.json"
    path.write_text(json.dumps({**value, "schema": "asrbench.gate/1.3"}), encoding="utf-8")
    answer = read(path)

    assert replace(answer, other={}, settings=gated().settings) == gated()
    assert to_json(answer) == value
    assert len(answer.other) == 5


def test_fields_of_a_verdict_that_is_gone_are_gone_with_it() -> None:
    value = to_json(gated())
    value["new"] = 1
    value["verdicts"][5]["new"] = 2
    answer = replace(from_json(value), verdicts=gated().verdicts[:5])

    assert to_json(answer) == {**to_json(replace(gated(), verdicts=answer.verdicts)), "new": 1}


def test_a_file_of_before_without_the_seconds_of_audio_is_read() -> None:
    value = to_json(gated())
    for one in value["verdicts"]:
        del one["audio_s"]

    assert from_json(value) == gated()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"schema": 3}', b"[" * 99999])
def test_junk_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "gate.json"
    path.write_bytes(content)

    with pytest.raises(RunError, match=r"gate\.json"):
        read(path)


def test_what_is_no_number_is_not_written_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "gate.json"
    write(gated(), path)
    with pytest.raises(ValueError, match="not JSON compliant"):
        write(replace(gated(), verdicts=(verdict("pass", base=math.nan),)), path)

    assert read(path) == gated()
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_no_number_is_not_read() -> None:
    value = to_json(Gated((verdict("pass"),), launches={("a", "time"): launches(2, 0.0)}))
    value["launches"][0]["head"][1] = math.nan

    with pytest.raises(RunError, match="a value is nan"):
        from_json(value)
