"""What needs no measuring is not built, and what is not there is refused before it is measured."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from asrbench.cli import main
from suites.unit.gate.built import committed, git, project
from suites.unit.gate.foreign import is_alive

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of three commits: `first`, `code` and `docs`, which changed its documents alone."""
    folder = project(tmp_path_factory.mktemp("before") / "tiny")
    git(folder, "tag", "first")
    changed(folder, "tiny/other.py")
    git(folder, "tag", "code")
    (folder / "docs").mkdir()
    (folder / "docs" / "more.rst").touch()
    changed(folder, "README.md")
    git(folder, "tag", "docs")
    return folder


@pytest.fixture
def tiny(laid: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """That project at its last commit; what was built stays from test to test."""
    monkeypatch.setenv("BUILDS", str(laid.parent / "builds"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(laid.parent / "cache"))
    yield laid
    git(laid, "checkout", "--quiet", "--force", "--detach", "docs")


def changed(tiny: Path, name: str) -> str:
    """A commit that changed a file."""
    (tiny / name).write_text(f"# {time.monotonic_ns()}\n")
    return committed(tiny, name)


def gate(tiny: Path, out: Path, *words: str) -> tuple[int, Any]:
    """The gate's code, and what it wrote; None where it wrote nothing."""
    code = main(["gate", "--project", str(tiny), "--out", str(out), *words])
    files = list(out.glob("*/verdicts.json"))
    return code, json.loads(files[0].read_text()) if files else None


def builds(tiny: Path) -> int:
    path = tiny.parent / "builds"
    return len(path.read_text().splitlines()) if path.exists() else 0


def times(told: Any) -> Sequence[str]:
    return [v["outcome"] for v in told["verdicts"] if v["metric"] == "time"]


def test_a_commit_of_docs_passes_and_nothing_is_built(tiny: Path, tmp_path: Path) -> None:
    before = builds(tiny)
    code, told = gate(tiny, tmp_path, "--base", "code")

    assert code == 0
    assert builds(tiny) == before
    (verdict,) = told["verdicts"]
    assert (verdict["outcome"], verdict["launches"]) == ("pass", 0)
    assert verdict["reason"].endswith("by the project's word: README.md, docs/more.rst")


@pytest.mark.parametrize("words", [(), ("--spin", "2.0"), ("--keep", "KEPT")])
def test_what_the_project_did_not_say_or_the_user_asks_for_is_measured(
    tiny: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    base = "code" if words else "first"
    given = [str(tmp_path / "kept") if word == "KEPT" else word for word in words]
    code, told = gate(tiny, tmp_path, "--base", base, *given)

    assert code == (1 if "--spin" in words else 0)
    assert times(told) == ["regression" if "--spin" in words else "pass"]


def test_one_commit_against_itself_is_measured(tiny: Path, tmp_path: Path) -> None:
    code, told = gate(tiny, tmp_path, "--base", "docs", "--head", "docs")

    assert (code, times(told)) == (0, ["pass"])


def test_a_case_to_explain_that_is_not_there_is_refused_before_it_is_measured(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base, head = changed(tiny, "tiny/other.py"), changed(tiny, "tiny/other.py")
    before = builds(tiny)
    code, told = gate(tiny, tmp_path, "--base", base, "--head", head, "--explain", "b")

    assert code == 64
    assert "case is 'b'; expected one of ['a', 'project']" in capsys.readouterr().err
    assert told is None
    assert builds(tiny) == before + 1  # the head, which knows its cases; the base is not built


def test_a_case_to_explain_has_to_be_one_that_is_judged(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = gate(tiny, tmp_path, "--base", "first", "--explain", "a", "--case", "b*")

    assert code == 64
    assert "case is 'a'" in capsys.readouterr().err


def test_a_case_that_is_there_is_explained(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = gate(tiny, tmp_path, "--base", "code", "--explain", "a")

    assert (code, times(told)) == (0, ["pass"])
    assert "case a" in capsys.readouterr().out


def test_cases_that_cannot_be_listed_are_no_wrong_usage(tiny: Path, tmp_path: Path) -> None:
    (tiny / "tiny" / "__init__.py").write_text("import no_such_module\n")
    code, told = gate(tiny, tmp_path, "--base", "code", "--explain", "b")

    assert code == 3
    assert "no_such_module" in told["unmeasured"][0]["message"]


@pytest.mark.parametrize("terminations", [1, 2])
def test_sigterm_leaves_no_worktree_and_ends_the_build(
    tiny: Path, tmp_path: Path, terminations: int
) -> None:
    head = changed(tiny, "tiny/other.py")
    before = git(tiny, "worktree", "list")
    at = tmp_path / "at"
    body = f"pathlib.Path({str(at)!r}).write_text(str(os.getpid())); time.sleep(60)"
    process = subprocess.Popen(
        [sys.executable, "-m", "asrbench", "gate", "--base", "first", "--head", head,
         "--project", str(tiny), "--out", str(tmp_path / "out")],
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
        time.sleep(0.01)
    _, errors = process.communicate(timeout=30)

    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert git(tiny, "worktree", "list") == before
    assert not is_alive(int(at.read_text()))
