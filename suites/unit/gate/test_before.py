"""What needs no measuring is not built, and what is not there is refused before it is measured."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from asrbench.cli import main
from suites.unit.gate.built import committed, git, project
from suites.unit.gate.foreign import is_alive

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.slow


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose last commit changed its documents alone, and the one before its code."""
    monkeypatch.setenv("BUILDS", str(tmp_path / "builds"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = project(tmp_path / "tiny")
    (folder / "tiny" / "other.py").touch()
    committed(folder, "code")
    (folder / "README.md").write_text("# Tiny\n")
    (folder / "docs").mkdir()
    (folder / "docs" / "more.rst").write_text("more\n")
    committed(folder, "docs")
    return folder


def gate(tiny: Path, *words: str) -> tuple[int, Any]:
    """The gate's code, and what it wrote; None where it wrote nothing."""
    out = tiny.parent / "out"
    code = main(["gate", "--project", str(tiny), "--out", str(out), *words])
    files = sorted(out.glob("*/verdicts.json"), key=lambda file: file.stat().st_mtime)
    return code, json.loads(files[-1].read_text()) if files else None


def builds(tiny: Path) -> int:
    path = tiny.parent / "builds"
    return len(path.read_text().splitlines()) if path.exists() else 0


def times(told: Any) -> Sequence[str]:
    return [v["outcome"] for v in told["verdicts"] if v["metric"] == "time"]


def test_a_commit_of_docs_passes_and_nothing_is_built(tiny: Path) -> None:
    code, told = gate(tiny, "--base", "main~1")

    assert code == 0
    assert builds(tiny) == 0
    (verdict,) = told["verdicts"]
    assert (verdict["outcome"], verdict["launches"]) == ("pass", 0)
    assert verdict["reason"].endswith("by the project's word: README.md, docs/more.rst")


@pytest.mark.parametrize("words", [(), ("--spin", "2.0"), ("--keep", "KEPT")])
def test_what_the_project_did_not_say_or_the_user_asks_for_is_measured(
    tiny: Path, words: tuple[str, ...]
) -> None:
    base = "main~1" if words else "main~2"
    given = [str(tiny.parent / "kept") if word == "KEPT" else word for word in words]
    code, told = gate(tiny, "--base", base, *given)

    assert code == (1 if "--spin" in words else 0)
    assert builds(tiny) == 2
    assert times(told) == ["regression" if "--spin" in words else "pass"]


def test_one_commit_against_itself_is_measured(tiny: Path) -> None:
    code, told = gate(tiny, "--base", "main", "--head", "main")

    assert (code, times(told)) == (0, ["pass"])


def test_a_case_to_explain_that_is_not_there_is_refused_before_it_is_measured(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = gate(tiny, "--base", "main~2", "--explain", "b")

    assert code == 64
    assert "case is 'b'; expected one of ['a', 'project']" in capsys.readouterr().err
    assert told is None
    assert builds(tiny) == 1  # the head's, which knows its cases; the base is not built


def test_a_case_to_explain_has_to_be_one_that_is_judged(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = gate(tiny, "--base", "main~2", "--explain", "a", "--case", "b*")

    assert code == 64
    assert "case is 'a'" in capsys.readouterr().err


def test_a_case_that_is_there_is_explained(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = gate(tiny, "--base", "main~1", "--explain", "a")

    assert (code, times(told)) == (0, ["pass"])
    assert "case a" in capsys.readouterr().out


def test_cases_that_cannot_be_listed_are_no_wrong_usage(tiny: Path) -> None:
    (tiny / "tiny" / "__init__.py").write_text("import no_such_module\n")
    code, told = gate(tiny, "--base", "main~1", "--explain", "b")

    assert code == 3
    assert "no_such_module" in told["unmeasured"][0]["message"]


@pytest.mark.parametrize("terminations", [1, 2])
def test_sigterm_leaves_no_worktree_and_ends_the_build(tiny: Path, terminations: int) -> None:
    before = git(tiny, "worktree", "list")
    at = tiny.parent / "at"
    body = f"pathlib.Path({str(at)!r}).write_text(str(os.getpid())); time.sleep(60)"
    process = subprocess.Popen(
        [sys.executable, "-m", "asrbench", "gate", "--base", "main~2", "--head", "main",
         "--project", str(tiny), "--out", str(tiny.parent / "out")],
        env={**os.environ, "PYTHONPATH": str(ROOT), "BUILD": body},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    end = time.monotonic() + 60
    while not (at.exists() and at.read_text()) and time.monotonic() < end:
        time.sleep(0.02)
    assert git(tiny, "worktree", "list") != before
    for _ in range(terminations):
        process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)

    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert git(tiny, "worktree", "list") == before
    assert not is_alive(int(at.read_text()))
