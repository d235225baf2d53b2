"""A revision is laid out beside the project, which it leaves as it was."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from asrbench.errors import PolicyError
from asrbench.gate.revisions import differing, laid_out, resolve


def git(folder: Path, *words: str) -> str:
    """What git says in a folder."""
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    line = ["git", "-C", str(folder), *who, *words]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository of one commit, a stash, a staged change, a new file and an ignored one."""
    folder = tmp_path / "project"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    for name, text in (("kept", "1"), ("staged", "1"), ("changed", "1"), (".gitignore", "out\n")):
        (folder / name).write_text(text)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "one")
    (folder / "kept").write_text("stashed")
    git(folder, "stash")
    (folder / "staged").write_text("2")
    git(folder, "add", "staged")
    (folder / "changed").write_text("2")
    (folder / "new").write_text("2")
    (folder / "out").write_text("2")
    return folder


def state(folder: Path) -> list[str]:
    """All that the work on a repository may not change."""
    words = ("status --porcelain", "diff", "diff --cached", "stash list", "branch -av", "log --all")
    return [git(folder, *some.split()) for some in (*words, "worktree list")]


def test_the_working_tree_becomes_a_commit_that_nobody_sees(project: Path) -> None:
    before = state(project)
    with laid_out(project, ".") as revision:
        held = {file.name: file.read_text() for file in revision.folder.glob("[a-z]*")}

    assert held == {"kept": "1", "staged": "2", "changed": "2", "new": "2"}
    assert git(project, "rev-parse", f"{revision.commit}^") == git(project, "rev-parse", "HEAD")
    assert state(project) == before


def test_the_same_files_make_the_same_commit(project: Path) -> None:
    first = resolve(project, ".")
    time.sleep(1.1)  # git's dates are whole seconds

    assert resolve(project, ".") == first


def test_a_change_in_the_second_of_its_commit_is_seen_later(project: Path) -> None:
    for _ in range(3):  # three, so that one lies within a second
        (project / "changed").write_text("3")
        git(project, "add", "changed")
        (project / "changed").write_text("4")  # of the same size: only the index's own date tells
        time.sleep(1.1)
        with laid_out(project, ".") as revision:
            assert (revision.folder / "changed").read_text() == "4"


def test_a_working_tree_without_changes_is_its_commit(project: Path) -> None:
    git(project, "reset", "--quiet", "--hard")
    (project / "new").unlink()

    assert resolve(project, ".") == git(project, "rev-parse", "HEAD")


def test_the_worktree_is_removed_though_the_body_raises(project: Path) -> None:
    before = state(project)
    left = []

    def build() -> None:
        with laid_out(project, "main") as revision:
            assert (revision.folder / "changed").read_text() == "1"
            (revision.folder / "left").write_text("by a build")
            left.append(revision.folder)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        build()

    assert not left[0].exists()
    assert state(project) == before


def test_a_project_below_its_repository_is_that_folder_of_the_worktree(project: Path) -> None:
    (project / "below").mkdir()
    (project / "below" / "file").write_text("3")
    with laid_out(project / "below", ".") as revision:
        assert (revision.folder / "file").read_text() == "3"


@pytest.mark.parametrize("name", ["no-such", "--help", "", "main:kept"])
def test_what_is_no_commit_is_refused(name: str, project: Path) -> None:
    with pytest.raises(PolicyError, match="expected a revision"), laid_out(project, name):
        pass


def test_a_folder_without_a_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="not a git repository"):
        resolve(tmp_path, ".")


def test_the_files_that_differ_are_called_as_from_the_project(project: Path) -> None:
    git(project, "reset", "--quiet", "--hard")
    first = git(project, "rev-parse", "HEAD")
    (project / "below" / "deeper").mkdir(parents=True)
    (project / "below" / "deeper" / "new é").write_text("5")
    git(project, "mv", "kept", "moved")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "-m", "two")
    second = git(project, "rev-parse", "HEAD")

    assert set(differing(project, first, second)) == {
        "kept", "moved", "new", "below/deeper/new é",
    }  # fmt: skip
    assert set(differing(project / "below", second, first)) == {
        "../kept", "../moved", "../new", "deeper/new é",
    }  # fmt: skip
    assert differing(project, first, first) == []


@pytest.mark.parametrize("stage", ["checkout", "hook"])
def test_a_worktree_is_removed_though_git_was_stopped_while_it_added_it(
    project: Path, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(project)
    stop = project / ".git" / "hooks" / "post-checkout"  # git runs it when all files are there
    if stage == "checkout":
        stop = project / ".git" / "stop"
        git(project, "config", "filter.stop.smudge", str(stop))
        (project / ".git" / "info" / "attributes").write_text("changed filter=stop\n")
    stop.write_text("#!/bin/sh\nkill -INT $ASRBENCH_TEST_PID\nexec sleep 60\n")
    stop.chmod(0o755)
    monkeypatch.setenv("ASRBENCH_TEST_PID", str(os.getpid()))
    with pytest.raises(KeyboardInterrupt), laid_out(project, "main"):
        pass
    (project / ".git" / "info" / "attributes").unlink(missing_ok=True)

    assert state(project) == before
