"""A gate's answer as annotations of GitHub: lines that its runner reads from a job's output.

A line is a command, "::error title=...::message"; what a text brings along is escaped as the
runner's own toolkit does (actions/toolkit, packages/core/src/command.ts), so it ends nothing.
"""

from __future__ import annotations

import re

from asrbench.gate.verdict import Gated
from asrbench.report.gate import functions, wording
from asrbench.report.gate.wording import printable

_ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY_ESCAPES = {**_ESCAPES, ":": "%3A", ",": "%2C"}


def commands(gated: Gated) -> list[str]:
    """Return a command a line: errors, warnings, then notices, the largest changes first.

    Regressions, what could not be measured and what is required are errors, other inconclusive
    verdicts warnings, improvements and notes notices. GitHub shows the first ten of each kind on
    its pages, all of them in the log.
    """
    errors: list[str] = []
    warnings: list[str] = []
    notices: list[str] = []
    for verdict in wording.of(gated, "regression"):
        said = [wording.sentence(verdict), functions.place(gated, verdict.case)]
        name = f"regression: {verdict.case} {verdict.metric}"
        errors.append(_command("error", name, "\n".join(filter(None, said))))
    for unmeasured in gated.unmeasured:
        case, side, kind, message = wording.unmeasured_row(unmeasured)
        errors.append(_command("error", f"not measured: {case}", f"{kind} ({side}): {message}"))
    for verdict in wording.of(gated, "inconclusive"):
        name = f"inconclusive: {verdict.case} {verdict.metric}"
        kind, lines = ("error", errors) if verdict.required else ("warning", warnings)
        lines.append(_command(kind, name, wording.sentence(verdict)))
    if gated.verdicts or gated.unmeasured:
        notices.append(_command("notice", "gate", wording.conclusion(gated)))
    else:
        errors.append(_command("error", "gate", wording.conclusion(gated)))
    for verdict in wording.of(gated, "improvement"):
        name = f"improvement: {verdict.case} {verdict.metric}"
        notices.append(_command("notice", name, wording.sentence(verdict)))
    notices += [_command("notice", "note", note) for note in gated.notes]
    return [*errors, *warnings, *notices]


def _command(kind: str, title: str, message: str) -> str:
    """Return a command of the runner; line breaks of the message stay, as the escapes for them."""
    shown = re.sub(r"[^\r\n]+", lambda line: printable(line[0]), message)
    name = _escaped(printable(title), _PROPERTY_ESCAPES)
    return f"::{kind} title={name}::{_escaped(shown, _ESCAPES)}"


def _escaped(words: str, escapes: dict[str, str]) -> str:
    """Return a text with some characters as their escapes."""
    return "".join(escapes.get(character, character) for character in words)
