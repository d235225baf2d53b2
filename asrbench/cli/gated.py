"""What a gate said is written in every form, and shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console

from asrbench.gate.calibration import Calibration
from asrbench.gate.launched import SIDES, Launched
from asrbench.gate.records import run_of
from asrbench.gate.verdict import Gated
from asrbench.measure.run_file import write as write_run
from asrbench.measure.run_file import write_whole
from asrbench.report.gate import explain, github, json_file, junit, markdown, page, terminal
from asrbench.report.place import stem


def place(out: Path, word: str) -> Path:
    """Return a new folder's path; an error of the folder above is known at once."""
    out.mkdir(parents=True, exist_ok=True)
    return stem(out, datetime.now(), [word])


def save(
    gated: Gated, record: Sequence[Launched], calibration: Calibration, folder: Path
) -> dict[str, Path]:
    """Write the answer, its page and reports, and the Runs of both sides; return paths by name."""
    files = {
        "verdicts": folder / "verdicts.json",
        "page": folder / "gate.html",
        "junit": folder / "junit.xml",
        "comment": folder / "comment.md",
    }
    json_file.write(gated, files["verdicts"])
    page.write(gated, files["page"], _curves(gated, calibration))
    junit.write(gated, files["junit"])
    write_whole(files["comment"], markdown.markdown(gated))
    if record:
        for side in SIDES:
            files[side] = folder / f"{side}.json"
            write_run(run_of(side, record, gated.settings, gated.environment), files[side])
    return files


def show(
    gated: Gated,
    files: Mapping[str, Path],
    case: str | None,
    *,
    annotate: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Print the answer to the standard output, and where it was written."""
    if as_json:
        told = {"files": {name: str(path) for name, path in files.items()}}
        print(json.dumps({**json_file.to_json(gated), **told}, ensure_ascii=False, indent=1))
        return
    if annotate:
        for line in github.commands(gated):
            print(line)
    console = Console()
    terminal.show(gated, console, verbose)
    if case is not None:
        for line in explain.explain(gated, case):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    for name, path in files.items():
        print(f"{name:9} {path}")


def _curves(gated: Gated, calibration: Calibration) -> dict[str, Sequence[tuple[float, float]]]:
    """Return the detection curves of the cases whose time was judged and calibrated."""
    cases = [verdict.case for verdict in gated.verdicts if verdict.metric == "time"]
    found = {case: calibration.curve(case, "time") for case in cases}
    return {case: curve for case, curve in found.items() if curve}
