"""A revision is built once: its wheel, and an environment of its own with the wheel in it.

Both stay in the cache, by commit, Python and what the project says about building. ccache, where a
project builds by it, finds what it compiled of other revisions: sources lie elsewhere each time, so
it is told to look at paths relative to them.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from asrbench.errors import Error
from asrbench.gate.project import Project
from asrbench.gate.revisions import Revision
from asrbench.measure.bounds import Bounds
from asrbench.measure.command import run
from asrbench.measure.run_file import write_whole

_LIMIT_S = 3600.0
_MODULES = (".so", ".pyd", ".dylib")
_DONE = "built.json"


class BuildError(Error, RuntimeError):
    """A revision cannot be built, or not be installed; `kind` says which."""

    def __init__(self, kind: Literal["build", "install"], message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Built:
    """A revision that can run: its environment's Python, its wheel's sizes, what is installed.

    `packages` are versions by name, the project's own left out.
    """

    python: Path
    wheel_bytes: int
    extension_bytes: int
    packages: Mapping[str, str]


def cache() -> Path:
    """Return the folder that keeps what was built."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "asrbench" / "gate"


def build(project: Project, revision: Revision, folder: Path | None = None) -> Built:
    """Build and install a revision, or find it in the cache. Raises BuildError.

    Who comes while another process builds it waits, and finds it.
    """
    made = (folder or cache()) / _key(project, revision)
    made.parent.mkdir(parents=True, exist_ok=True)
    with _locked(made.with_name(f"{made.name}.lock")):
        if not _is_whole(made):
            shutil.rmtree(made, ignore_errors=True)  # a build that was cut short
            wheel = _wheel(project, revision, made / "wheel")
            python = _environment(project, revision, wheel, made / "venv")
            wheel_bytes, extension_bytes = _sizes(wheel)
            packages = _packages(python, wheel.name.split("-")[0])
            sizes = {"wheel": wheel_bytes, "extension": extension_bytes}
            # last: an entry that has it is whole
            write_whole(made / _DONE, json.dumps({**sizes, "packages": packages}))
        told = json.loads((made / _DONE).read_text(encoding="utf-8"))
    return Built(_python(made / "venv"), told["wheel"], told["extension"], told["packages"])


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a file's lock, which the kernel gives back however this process ends."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_whole(made: Path) -> bool:
    return (made / _DONE).exists() and _python(made / "venv").exists()


def _key(project: Project, revision: Revision) -> str:
    """Return a name for what is built: another commit, Python or way to build is another one."""
    told = [
        revision.commit,
        str(revision.folder.name),
        sys.version,
        sys.base_prefix,
        project.build,
        project.install,
        project.extras,
    ]
    return f"{revision.commit[:12]}-{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]}"


def _wheel(project: Project, revision: Revision, folder: Path) -> Path:
    """Return the wheel of a revision. The sources are copied: what a build leaves is not theirs."""
    words = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder)]
    with tempfile.TemporaryDirectory(prefix="asrbench-build-") as scratch:
        sources = Path(scratch, "sources")
        shutil.copytree(revision.folder, sources, ignore=shutil.ignore_patterns(".git"))
        own = {"CCACHE_BASEDIR": scratch, "CCACHE_NOHASHDIR": "1"}
        _run("build", [sys.executable, *words, *project.build, str(sources)], revision, own)
    wheels = sorted(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise BuildError("build", f"{revision.name}: pip made {len(wheels)} wheels; expected one")
    return wheels[0]


def _environment(project: Project, revision: Revision, wheel: Path, venv: Path) -> Path:
    """Return the Python of an environment with the wheel and what the project asks for."""
    _run("install", [sys.executable, "-m", "venv", str(venv)], revision)
    extras = f"[{','.join(project.extras)}]" if project.extras else ""
    python = _python(venv)
    words = ["-m", "pip", "install", "--quiet", f"{wheel}{extras}", *project.install]
    _run("install", [str(python), *words], revision)
    return python


def _python(venv: Path) -> Path:
    return venv / "bin" / "python"


def _run(
    kind: Literal["build", "install"],
    words: Sequence[str],
    revision: Revision,
    own: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Run a command in our environment, and in what of `own` is not set in it."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    kept = {**own, **kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = run(words, Bounds(_LIMIT_S), variables=kept)
    if done.broke is not None or done.code != 0:
        raise BuildError(kind, f"{revision.name} ({revision.commit[:12]}): {done.death.message}")


def _sizes(wheel: Path) -> tuple[int, int]:
    """Return the bytes of a wheel, and of the compiled modules in it."""
    with zipfile.ZipFile(wheel) as archive:
        inside = sum(i.file_size for i in archive.infolist() if i.filename.endswith(_MODULES))
    return wheel.stat().st_size, inside


def _packages(python: Path, own: str) -> dict[str, str]:
    """Return the versions of what is installed beside the project."""
    done = subprocess.run(
        [str(python), "-m", "pip", "list", "--format=json"],
        capture_output=True,
        text=True,
        check=True,
    )
    listed = json.loads(done.stdout)
    mine = own.replace("_", "-").lower()
    return {p["name"]: p["version"] for p in listed if p["name"].replace("_", "-").lower() != mine}
