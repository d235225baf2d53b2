"""`asrbench doctor`: what this machine can measure, and what installs the rest."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from asrbench.cli.checkup import Finding, checkup
from asrbench.cli.columns import columns
from asrbench.cli.exits import Exit


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="A JSON array instead of lines.")] = False,
) -> int:
    """Say what this machine can measure, and which command installs what is missing.

    Example: asrbench doctor

    Ends with 1 when the main job cannot run here.
    """
    findings = checkup()
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        print(columns([_row(finding) for finding in findings]))
    lacking = any(finding.needed and not finding.well for finding in findings)
    return Exit.NO if lacking else Exit.WELL


def _row(finding: Finding) -> tuple[str, str, str, str]:
    remedy = f"  ->  {finding.remedy}" if finding.remedy else ""
    mark = "ok" if finding.well else "MISSING" if finding.needed else "-"
    return mark, finding.topic, finding.name, finding.detail + remedy
