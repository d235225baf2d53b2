"""A foreign project as two folders of plain Python, one a side, run where this process runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from asrbench.gate import sides
from asrbench.gate.calibration import Calibration
from asrbench.gate.judge import judge
from asrbench.gate.judging import Choices
from asrbench.gate.policy import Policy, Rule
from asrbench.gate.project import Project
from asrbench.gate.sides import Name, Place
from asrbench.gate.verdict import Gated
from asrbench.measure.bounds import Bounds
from asrbench.measure.watch import Unwatched

SHORT = Bounds(60.0)
BEGIN = """
import os, pathlib, signal, sys, time
from types import SimpleNamespace as Is

def case(name, run=lambda: 1, **more):
    return Is(name=name, run=run, **more)

def spin(seconds):
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass

def verdict(passed):
    return Is(passed=passed, detail="" if passed else "it is not right")

def cases():
    return [
"""
ONLY_TIME = Policy((Rule(ignore=True), Rule(metric="time", effect=0.3, ignore=False)))


def place(folder: Path, listed: str = "", side: Name = "head", **told: Any) -> Place:
    """A side whose cases are `listed`, expressions by BEGIN's words; `told` as a project says."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "foreign.py").write_text(f"{BEGIN}{listed}\n    ]\n")
    cases = ["foreign:cases"] if listed else []
    known = {"cases": cases, "tests": [], "figures": [], "allocations": None}
    return sides.here(side, {**known, **told}, folder)


def places(folder: Path, base: str, head: str, **told: Any) -> Mapping[Name, Place]:
    """Both sides."""
    return {
        "base": place(folder / "base", base, "base", **told),
        "head": place(folder / "head", head, "head", **told),
    }


def in_tests(folder: Path, base: str, head: str) -> Mapping[Name, Place]:
    """Both sides of a project whose cases are tests, in a file each."""
    both = places(folder, "", "", tests=["test_it.py"])
    (folder / "base" / "test_it.py").write_text(base)
    (folder / "head" / "test_it.py").write_text(head)
    return both


def judged(
    both: Mapping[Name, Place],
    policy: Policy = ONLY_TIME,
    bounds: Bounds = SHORT,
    spin: float = 0.0,
    **more: Any,
) -> Gated:
    """What the gate says of both sides."""
    project = Project(Path(), cases=("foreign:cases",), policy=policy, **more)
    choices = Choices(spin=spin, bounds=bounds)
    answer, _ = judge(project, both, Calibration(), choices, Unwatched())
    return answer


def said(answer: Gated) -> dict[tuple[str, str], str]:
    """The outcomes of an answer by case and metric."""
    return {(one.case, one.metric): one.outcome for one in answer.verdicts}


def lost(answer: Gated) -> set[tuple[str | None, str, str]]:
    """What an answer could not judge: case, side and kind."""
    return {(one.case, one.side, one.kind) for one in answer.unmeasured}


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
