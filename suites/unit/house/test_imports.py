"""Imports go one way: who may import whom is a table, and the sources are held to it.

The table is the one of ARCHITECTURE.md. `asrbench.errors` imports nothing and all import it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "asrbench"

WORKLOADS = ("boundary", "frames", "jsonlog", "kernels", "pricing", "speech")
ALL = {
    *WORKLOADS,
    "workload",
    "engine",
    "twin",
    "measure",
    "gate",
    "report",
    "fuzz",
    "cli",
    "_native",
}
MAY_IMPORT: dict[str, set[str]] = {
    "__init__": ALL,
    "__main__": {"cli"},
    "errors": set(),
    "workload": set(),
    "engine": set(),
    "twin": {"workload", "_native"},
    "measure": {"workload", "engine"},
    "gate": {"workload", "measure"},
    "report": {"workload", "measure", "gate"},
    **{name: {"workload", "engine", "measure", "twin", "_native"} for name in WORKLOADS},
    "fuzz": {"speech", "_native"},
    "cli": ALL,
    "pytest_plugin": ALL,
}
ORACLES = set(WORKLOADS)  # NumPy or Python alone, and no code of ours but itself
ORACLE_MAY_IMPORT = {"asrbench.speech.transcript", "asrbench.errors"}
ORACLE_MAY_IMPORT |= {f"asrbench.{name}.oracle" for name in WORKLOADS}


def modules() -> list[Path]:
    """Every Python source of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def imported(source: str, package: tuple[str, ...] = ()) -> Iterator[str]:
    """The full name of whatever a source imports, anywhere in it; relative ones from `package`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            start = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{start}.{alias.name}" for alias in node.names)


def part(name: str) -> str:
    """The part of ours that a module is in: `asrbench.speech.audio` is in `speech`."""
    return [*name.split("."), "__init__"][1]


def names_of(path: Path) -> tuple[str, ...]:
    """The dotted name of a source file, as a tuple."""
    return path.relative_to(ROOT).with_suffix("").parts


def strays(name: tuple[str, ...], source: str) -> list[str]:
    """What a module imports of ours though its part may not."""
    own = name[1]
    assert own in MAY_IMPORT, f"{own} is new: say in MAY_IMPORT what it may import"
    allowed = MAY_IMPORT[own] | {own, "errors"}
    ours = [n for n in imported(source, name[:-1]) if n.split(".")[0] == "asrbench"]
    return [n for n in ours if part(n) not in allowed]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_its_part_may(path: Path) -> None:
    assert strays(names_of(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("asrbench.measure.run", "from asrbench.speech import audio"),
        ("asrbench.measure.run", "from asrbench import cli"),
        ("asrbench.measure.run", "def late():\n    import asrbench.report.html"),
        ("asrbench.measure.run", "from ..speech.audio import read"),
        ("asrbench.engine", "from asrbench.workload import Workload"),
        ("asrbench.errors", "import asrbench.engine"),
        ("asrbench.speech.cases", "from asrbench.report import terminal"),
        ("asrbench.report.html", "if True:\n    from asrbench.speech import corpus"),
    ],
)
def test_an_import_against_the_direction_is_seen(name: str, source: str) -> None:
    assert len(strays(tuple(name.split(".")), source)) == 1


@pytest.mark.parametrize(
    "source", ["import numpy", "from asrbench.errors import Error", "import os"]
)
def test_what_is_not_ours_and_the_errors_are_free_to_import(source: str) -> None:
    assert strays(("asrbench", "engine"), source) == []


def oracle_strays(name: tuple[str, ...], source: str) -> list[str]:
    """What an oracle imports besides NumPy, the standard library and itself."""
    found = []
    for module in imported(source, name[:-1]):
        top = module.split(".")[0]
        if top == "asrbench":
            if not any(f"{module}.".startswith(f"{free}.") for free in ORACLE_MAY_IMPORT):
                found.append(module)
        elif top != "numpy" and top not in sys.stdlib_module_names:
            found.append(module)
    return found


@pytest.mark.parametrize(
    "path",
    [p for workload in sorted(ORACLES) for p in (PACKAGE / workload / "oracle").rglob("*.py")],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_an_oracle_needs_numpy_only(path: Path) -> None:
    assert oracle_strays(names_of(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    ["import scipy.fft", "from asrbench import _native", "from asrbench.speech.audio import Pcm"],
)
def test_an_oracle_with_help_is_seen(source: str) -> None:
    assert len(oracle_strays(("asrbench", "speech", "oracle", "x"), source)) == 1
