"""The project that is judged, as a repository of three commits, each built once for every tool.

`same` differs from `base` by a README, `slow` by a share of its time that every call spins. The
environments are the gate's own, so that all tools call the same wheels.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from asrbench.gate import building, project, revisions
from asrbench.gate.building import Built

Kind = Literal["same", "slow"]
BASE = "base"
SPIN = 0.05
KERNELS = ("log_mel", "product", "beam", "walk")
_SOURCE = Path(__file__).parent / "project"
_DATE = "2000-01-01T00:00:00Z"  # the same commits each time, so that what is built stays known


@dataclass(frozen=True, slots=True)
class Scratch:
    """Where the project lies, and what its commits were built to, by tag."""

    folder: Path
    built: Mapping[str, Built]

    @property
    def project(self) -> Path:
        """The repository."""
        return self.folder / "project"

    def wheel(self, tag: str) -> Path:
        """Return a commit's wheel."""
        return next((self.built[tag].python.parents[2] / "wheel").glob("*.whl"))

    def variables(self) -> dict[str, str]:
        """Return the environment in which the gate finds what was built."""
        return {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache")}


def ready(folder: Path) -> Scratch:
    """Return the project in a folder, laid out and built where it was not. Raises BuildError."""
    folder = folder.resolve()
    if not (folder / "project" / ".git").exists():
        _commits(folder / "project")
    built = {}
    for tag in (BASE, "same", "slow"):
        with revisions.laid_out(folder / "project", tag) as revision:
            told = project.read(revision.folder)
            made = building.build(told, revision, folder / "cache" / "asrbench" / "gate")
        see_ours(made.python.parents[1])
        built[tag] = made
    return Scratch(folder, built)


def see_ours(environment: Path) -> None:
    """Have an environment find what is installed here, asrbench among it, behind its own."""
    ours = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    text = "".join(f"import site; site.addsitedir({path!r})\n" for path in ours)
    for packages in environment.glob("lib/python3*/site-packages"):
        (packages / "ours.pth").write_text(text)


def _commits(folder: Path) -> None:
    """Lay out the repository."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(_SOURCE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    package = folder / "four" / "__init__.py"
    spun = package.read_text().replace("SPIN = 0.0 ", f"SPIN = {SPIN} ")
    if spun == package.read_text():
        raise ValueError(f"{package} has no line SPIN = 0.0; expected one")
    _git(folder, "init", "--quiet", "--initial-branch=main")
    for tag, path, text in (
        (BASE, folder / "README.md", "# Four kernels\n"),
        ("same", folder / "README.md", "# Four kernels, and a change of words\n"),
        ("slow", package, spun),
    ):
        path.write_text(text)
        _git(folder, "add", ".")
        _git(folder, "commit", "--quiet", "-m", tag)
        _git(folder, "tag", tag)


def _git(folder: Path, *words: str) -> None:
    who = {
        f"GIT_{w}_{k}": v
        for w in ("AUTHOR", "COMMITTER")
        for k, v in (("NAME", "asrbench"), ("EMAIL", "asrbench@localhost"), ("DATE", _DATE))
    }
    line = ["git", "-C", str(folder), *words]
    subprocess.run(line, check=True, env={**os.environ, **who})
