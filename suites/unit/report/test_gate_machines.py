"""What machines read of a gate, JUnit XML and GitHub's commands, no name can break."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given, settings

from asrbench.gate.verdict import Gated
from asrbench.report.gate.github import commands
from asrbench.report.gate.junit import junit, write
from asrbench.report.gate.wording import printable
from suites.unit.report.gates import HOSTILE, answers, gated, renamed, verdict

COMMAND = re.compile(r"::(error|warning|notice) title=([^:,\r\n]*)::([^\r\n]*)")


def parsed(answer: Gated) -> Element:
    return fromstring(junit(answer))


def undone(words: str) -> str:
    """A text as the runner reads it."""
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")):
        words = words.replace(escape, character)
    return words.replace("%25", "%")


@settings(deadline=None)
@given(answers())
def test_junit_is_green_just_where_the_gate_is(answer: Gated) -> None:
    suite = parsed(answer)

    red = suite.findall("testcase/failure") + suite.findall("testcase/error")
    assert (not red) is (answer.code == 0 or answer.warns_only)
    assert len(suite.findall("testcase/failure")) == sum(
        v.outcome == "regression" for v in answer.verdicts
    )


@settings(deadline=None)
@given(answers())
def test_junit_counts_what_it_holds_and_holds_every_verdict(answer: Gated) -> None:
    suite = parsed(answer)
    cases = suite.findall("testcase")

    assert int(suite.get("tests", "")) == len(cases)
    for tag, total in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert int(suite.get(total, "")) == len(suite.findall(f"testcase/{tag}"))
    named = [(case.get("classname"), case.get("name")) for case in cases]
    for one in answer.verdicts:
        assert (printable(one.case), printable(one.metric)) in named
    assert len(cases) == max(1, len(answer.verdicts) + len(answer.unmeasured))


def test_junit_says_what_is_wrong() -> None:
    suite = parsed(gated())
    (slow, more) = suite.findall("testcase/failure")

    assert "+5.1 % (4.2 to 6.0), 1.200 -> 1.261 ms; launches 6 + 10" in slow.get("message", "")
    assert "in copy: +9,500 instructions" in more.get("message", "")
    assert suite.findall("testcase/skipped")[0].get("type") == "inconclusive"
    assert suite.findall("testcase/error")[0].get("message") == "only the base has it"


def test_junit_has_an_error_for_what_is_required_and_inconclusive() -> None:
    suite = parsed(Gated((verdict("inconclusive", required=True),)))

    assert suite.get("errors") == "1"
    assert suite.get("skipped") == "0"


def test_a_gate_that_judged_nothing_is_no_green_suite() -> None:
    assert parsed(Gated(())).get("errors") == "1"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_in_the_xml_as_text(tmp_path: Path, name: str) -> None:
    answer = renamed(gated(), name)
    write(answer, tmp_path / "gate.xml")
    suite = fromstring((tmp_path / "gate.xml").read_text(encoding="utf-8"))

    assert [e.tag for e in suite.iter()] == [e.tag for e in parsed(gated()).iter()]
    assert suite[0].get("classname") == printable(f"{name}0")


@settings(deadline=None)
@given(answers())
def test_every_annotation_is_one_command_on_one_line(answer: Gated) -> None:
    for line in commands(answer):
        assert COMMAND.fullmatch(line), line
        assert not re.search("%(?!25|0D|0A|3A|2C)", line)
        line.encode("utf-8")
        assert len(line.splitlines()) == 1


@settings(deadline=None)
@given(answers())
def test_there_is_an_error_just_where_the_gate_is_red(answer: Gated) -> None:
    errors = [line for line in commands(answer) if line.startswith("::error ")]

    assert bool(errors) is (answer.code in (1, 3) or (answer.code == 2 and not answer.warns_only))
    assert len(errors) >= sum(v.outcome == "regression" for v in answer.verdicts)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_read_by_the_runner_as_it_is(name: str) -> None:
    said = [COMMAND.fullmatch(line) for line in commands(renamed(gated(), name))]
    (note,) = [m for m in said if m is not None and m[2] == "note"]
    shown = re.sub(r"[^\r\n]+", lambda line: printable(line[0]), name)

    assert undone(note[3]) == shown
    assert len(said) == len(commands(gated()))


def test_annotations_come_by_weight() -> None:
    kinds = [line.split()[0] for line in commands(gated())]
    assert kinds == ["::error"] * 3 + ["::warning"] + ["::notice"] * 3
    first, second, *_ = commands(gated())

    assert first.startswith("::error title=regression%3A echo/log_mel time::+5.1 %25 (4.2 to 6.0)")
    assert "instructions" in second
    required = replace(verdict("inconclusive"), required=True)
    assert commands(Gated((required,)))[0].startswith("::error title=inconclusive%3A")


def test_what_passes_is_told_in_one_notice() -> None:
    (line,) = commands(Gated((verdict("pass"), verdict("pass", "other"))))

    assert line == "::notice title=gate::pass: 2 passes; exit code 0"
