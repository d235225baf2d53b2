"""A revision is a commit with its sources laid out; the working tree becomes one, unseen."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from asrbench.errors import PolicyError

HERE = "."  # the working tree, with what is not committed
_NOBODY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (
        ("NAME", "asrbench"),
        ("EMAIL", "asrbench@localhost"),
        ("DATE", "2000-01-01T00:00:00Z"),  # the same files make the same commit, and are built once
    )
}


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit of a project: its full hash, what it was called, and the folder of its sources."""

    commit: str
    name: str
    folder: Path


def resolve(project: Path, name: str) -> str:
    """Return the hash of a commit; of "." that of one made of the working tree, which nobody sees.

    New files count unless git ignores them; index and branches stay as they are. Raises PolicyError
    where there is no such commit, or no repository.
    """
    if name != HERE:
        return _git(project, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}")
    with tempfile.TemporaryDirectory(prefix="asrbench-") as folder:
        index = Path(folder, "index")
        own = Path(_git(project, "rev-parse", "--absolute-git-dir"), "index")
        if own.exists():
            shutil.copy2(own, index)  # with its date: git looks at what is as young as that
        variables = {"GIT_INDEX_FILE": str(index)}
        _git(project, "add", "--all", ":/", variables=variables)
        tree = _git(project, "write-tree", variables=variables)
    head = _git(project, "rev-parse", "HEAD")
    if tree == _git(project, "rev-parse", f"{head}^{{tree}}"):
        return head
    return _git(
        project, "commit-tree", tree, "-p", head, "-m", "the working tree", variables=_NOBODY
    )


@contextmanager
def laid_out(project: Path, name: str) -> Iterator[Revision]:
    """Return a revision whose sources are laid out, in a worktree, while the context lasts.

    A project that is a folder of a larger repository is that folder of the worktree.
    """
    commit = resolve(project, name)
    below = _git(project, "rev-parse", "--show-prefix")
    with tempfile.TemporaryDirectory(prefix="asrbench-gate-") as folder:
        tree = Path(folder, commit[:12])
        try:
            _git(project, "worktree", "add", "--quiet", "--force", "--detach", str(tree), commit)
            yield Revision(commit, name, tree / below if below else tree)
        finally:
            known = _git(project, "worktree", "list", "--porcelain").splitlines()
            if f"worktree {tree.resolve()}" in known:
                _git(project, "worktree", "remove", "--force", str(tree))


def differing(project: Path, base: str, head: str) -> list[str]:
    """Return the files that differ between two commits, as they are called from the project.

    A file that was renamed counts under both names; one of a larger repository, outside of the
    project's own folder, begins with "..".
    """
    top = _git(project, "rev-parse", "--show-toplevel")
    told = _git(project, "diff", "--name-only", "-z", "--no-renames", base, head)
    below = Path(top, _git(project, "rev-parse", "--show-prefix"))
    return [os.path.relpath(Path(top, name), below) for name in told.split("\0") if name]


def _git(folder: Path, *words: str, variables: Mapping[str, str] | None = None) -> str:
    """Return what git says. Raises PolicyError with its words where it refuses."""
    with subprocess.Popen(
        ["git", "-C", str(folder), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="surrogateescape",  # of names that are not UTF-8
        env={**os.environ, **(variables or {})},
    ) as process:
        try:
            out, errors = process.communicate()
        except BaseException:
            process.terminate()  # git clears what it had begun
            process.wait()
            raise
    if process.returncode != 0:
        said = errors.strip() or out.strip()
        raise PolicyError(f"git {' '.join(words)} in {folder}: {said}; expected a revision")
    return out.strip()
