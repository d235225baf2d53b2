"""A project of a few lines in a repository of its own, which builds itself by the standard library.

Its build writes a line to the file BUILDS names, then does what BUILD says.
"""

import subprocess
from pathlib import Path

BACKEND = """
import os, pathlib, sys, time, zipfile

FILES = {
    "tiny/__init__.py": pathlib.Path("tiny/__init__.py").read_text(),
    "tiny/_native.so": "x" * 1000,
    "tiny-1.dist-info/METADATA": "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\n",
    "tiny-1.dist-info/WHEEL":
        "Wheel-Version: 1.0\\nGenerator: own\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
}

def build_wheel(folder, settings=None, metadata=None):
    with open(os.environ["BUILDS"], "a") as builds:
        told = [os.environ.get(name, "-") for name in ("CCACHE_BASEDIR", "CCACHE_NOHASHDIR")]
        builds.write(" ".join([*told, os.getcwd()]) + "\\n")
    exec(os.environ.get("BUILD", ""))
    with zipfile.ZipFile(pathlib.Path(folder, "tiny-1-py3-none-any.whl"), "w") as wheel:
        for name, text in FILES.items():
            wheel.writestr(name, text)
        rows = "".join(f"{name},,\\n" for name in [*FILES, "tiny-1.dist-info/RECORD"])
        wheel.writestr("tiny-1.dist-info/RECORD", rows)
    return "tiny-1-py3-none-any.whl"
"""
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "tiny"
version = "1"
[tool.asrbench.gate]
cases = ["tiny:cases"]
build = ["--no-build-isolation"]
beside = ["*.md", "docs/*"]
[[tool.asrbench.gate.policy]]  # a test runs on any machine, however busy it is
effect = 0.5
[[tool.asrbench.gate.policy]]
case = "project"
ignore = true
"""
TINY = """
from types import SimpleNamespace as Is

def cases():
    return [Is(name="a", run=lambda: sum(range(100)))]
"""


def git(folder: Path, *words: str) -> str:
    """What git says in a folder."""
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    line = ["git", "-C", str(folder), *who, *words]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()


def committed(folder: Path, message: str) -> str:
    """The commit of everything in a folder."""
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def project(folder: Path) -> Path:
    """The project, at its first commit."""
    (folder / "tiny").mkdir(parents=True)
    (folder / "tiny" / "__init__.py").write_text(TINY)
    (folder / "backend.py").write_text(BACKEND)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    git(folder, "init", "--quiet", "--initial-branch=main")
    committed(folder, "one")
    return folder
