"""A gate's answer as JUnit XML: a test case a verdict, for a CI server's list of tests."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from asrbench.gate.verdict import Gated, Unmeasured, Verdict
from asrbench.measure.run_file import write_whole
from asrbench.report.gate import functions, wording
from asrbench.report.gate.wording import printable

_PROBLEMS = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def junit(gated: Gated) -> str:
    """Return JUnit XML: a failure is a regression, an error could not be judged.

    Inconclusive is skipped, and an error where the policy requires an answer. A gate that judged
    nothing is an error, since servers take an empty suite for a good one. Characters that XML 1.0
    forbids (section 2.2) are written as their escapes.
    """
    suite = Element("testsuite", name=printable(wording.title(gated)))
    for verdict in gated.verdicts:
        _verdict(suite, gated, verdict)
    for unmeasured in gated.unmeasured:
        _unmeasured(suite, unmeasured)
    if not gated.verdicts and not gated.unmeasured:
        case = SubElement(suite, "testcase", classname="gate", name="verdicts")
        _problem(case, "error", "empty", "nothing was judged; expected a verdict")
    suite.set("tests", str(len(suite.findall("testcase"))))
    for problem, total in _PROBLEMS.items():
        suite.set(total, str(len(suite.findall(f"testcase/{problem}"))))
    lines = [*gated.notes, wording.conclusion(gated)]
    SubElement(suite, "system-out").text = "\n".join(map(printable, lines))
    indent(suite, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(suite, encoding="unicode")}\n'


def write(gated: Gated, path: Path) -> None:
    """Write JUnit XML, whole or not at all."""
    write_whole(path, junit(gated))


def _verdict(suite: Element, gated: Gated, verdict: Verdict) -> None:
    """Add a verdict to the suite."""
    case = SubElement(
        suite, "testcase", classname=printable(verdict.case), name=printable(verdict.metric)
    )
    said = wording.sentence(verdict)
    if verdict.outcome == "regression":
        where = functions.place(gated, verdict.case)
        _problem(case, "failure", "regression", f"{said}; {where}" if where else said)
    elif verdict.outcome == "inconclusive":
        _problem(case, "error" if verdict.required else "skipped", "inconclusive", said)
    SubElement(case, "system-out").text = printable(f"{verdict.outcome}: {said}")


def _unmeasured(suite: Element, unmeasured: Unmeasured) -> None:
    """Add what could not be judged to the suite."""
    name, side, kind, message = wording.unmeasured_row(unmeasured)
    case = SubElement(suite, "testcase", classname=printable(name), name=f"{side} {kind}")
    _problem(case, "error", kind, message)


def _problem(case: Element, tag: str, kind: str, message: str) -> None:
    """Add to a test case what is wrong with it."""
    SubElement(case, tag, type=kind, message=printable(message))
