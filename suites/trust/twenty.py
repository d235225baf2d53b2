"""How long the gate takes for twenty cases of a millisecond or two when nothing changed.

    python -m suites.trust.twenty [--runs 3]

In a repository of its own, examples/gated_project with twenty cases instead of one is gated against
a commit that changed a document only. Prints what each run took, builds apart, and how it ended.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from asrbench.gate import gate
from asrbench.gate.calibration import Calibration
from asrbench.gate.judging import Choices
from asrbench.measure.watch import Unwatched

_EXAMPLE = Path(__file__).parents[2] / "examples" / "gated_project"
_LISTED = """    return [
        SimpleNamespace(name=f"edits/{n}", run=lambda n=n: distance(BEFORE[:n], AFTER), check=None)
        for n in range(500, 700, 10)
    ]
"""
_TARGET_S = 90.0


def main() -> None:
    """Parse, make the repository, gate it, print."""
    parser = argparse.ArgumentParser(prog="suites.trust.twenty", description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        project = repository(Path(folder) / "project")
        for run in range(runs + 1):
            began = time.monotonic()
            asked = gate.Gate(project, "HEAD~1", "HEAD", Choices(seed=run), Calibration())
            answer, _ = gate.run(asked, Unwatched())
            took_s = time.monotonic() - began
            cases = {v.case for v in answer.verdicts if v.metric == "time"}
            open_ = sum(v.outcome == "inconclusive" for v in answer.verdicts)
            what = (
                "with both builds" if run == 0 else f"{'within' if took_s <= _TARGET_S else 'over'}"
            )
            limit = "" if run == 0 else f" {_TARGET_S:.0f} s"
            print(
                f"run {run}: {len(cases)} cases, {took_s:.1f} s {what}{limit}, exit {answer.code}, "
                f"{open_} of {len(answer.verdicts)} verdicts inconclusive",
                flush=True,
            )


def repository(folder: Path) -> Path:
    """Make the example a repository with twenty cases and two commits, alike but for a document."""
    shutil.copytree(_EXAMPLE, folder)
    listed = folder / "edits" / "__init__.py"
    text = listed.read_text(encoding="utf-8")
    twenty = re.sub(r"    return \[SimpleNamespace.*\]\n", _LISTED, text)
    if twenty == text:
        raise ValueError(f"{listed} lists its cases in another way; expected one in a list")
    listed.write_text(twenty, encoding="utf-8")
    told = folder / "pyproject.toml"
    told.write_text(
        told.read_text(encoding="utf-8").replace('tests = ["tests/test_speed.py"]\n', "")
    )
    _git(folder, "init", "--quiet")
    _git(folder, "add", ".")
    _git(folder, "commit", "--quiet", "-m", "base")
    (folder / "README.md").write_text("# Edits\n", encoding="utf-8")
    _git(folder, "add", ".")
    _git(folder, "commit", "--quiet", "-m", "a document")
    return folder


def _git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=trust", "-c", "user.email=trust@example.invalid"]
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


if __name__ == "__main__":
    main()
