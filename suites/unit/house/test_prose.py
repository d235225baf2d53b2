"""Every file says its idea in its first line, every public name says what it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LONGEST = 300  # lines; at 300 stop and look
LONGER: dict[str, str] = {}  # file -> why it is longer
LINE = 100


def python(*folders: str) -> list[Path]:
    """Every Python source below the folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def native() -> list[Path]:
    """Every C++ source."""
    return sorted(path for path in (ROOT / "native").rglob("*") if path.suffix in {".cpp", ".hpp"})


def relative(path: Path) -> str:
    """The path as it is written in this project."""
    return path.relative_to(ROOT).as_posix()


def first_line_faults(source: str) -> list[str]:
    """What is wrong with the first line of a Python module's docstring."""
    docstring = ast.get_docstring(ast.parse(source))
    if not docstring:
        return ["no docstring"]
    line, *rest = docstring.splitlines()
    faults = []
    if not line.endswith("."):
        faults.append(f"{line!r} does not end with a full stop: one sentence, on one line")
    if len(line) + 3 > LINE:
        faults.append(f"{line!r} is longer than {LINE} columns")
    if rest and rest[0]:
        faults.append("no empty line after the first")
    return faults


Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def public(tree: ast.Module | ast.ClassDef) -> Iterator[Definition]:
    """The public classes, functions and methods, of public classes only."""
    for node in tree.body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)


def without_docstring(source: str) -> list[str]:
    """The public names of a module that say nothing."""
    return [node.name for node in public(ast.parse(source)) if not ast.get_docstring(node)]


@pytest.mark.parametrize("path", python("asrbench", "suites"), ids=relative)
def test_a_module_says_its_idea_in_one_sentence(path: Path) -> None:
    assert first_line_faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", native(), ids=relative)
def test_a_native_file_says_its_idea_first_or_its_header_does(path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    header = path.with_suffix(".hpp")
    own = f'#include "{header.relative_to(ROOT / "native").as_posix()}"'

    assert first.startswith("// ") or (header.exists() and header != path and first == own)


@pytest.mark.parametrize("path", python("asrbench"), ids=relative)
def test_every_public_name_has_a_docstring(path: Path) -> None:
    assert without_docstring(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", [*python("asrbench", "suites"), *native()], ids=relative)
def test_a_file_is_short_or_says_why_not(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())

    assert lines <= LONGEST or relative(path) in LONGER


def test_only_long_files_have_excuses() -> None:
    for name in LONGER:
        assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) > LONGEST, name


@pytest.mark.parametrize("name", ["utils", "helpers", "manager", "managers", "common", "misc"])
def test_no_file_is_named_after_no_idea(name: str) -> None:
    assert [p for p in [*python("asrbench", "suites"), *native()] if p.stem.lower() == name] == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("x = 1", "no docstring"),
        ('"""Half a sentence"""', "full stop"),
        ('"""Two lines\nof one sentence."""', "full stop"),
        ('"""A sentence.\nAnother."""', "no empty line"),
        (f'"""{"a" * LINE}."""', "longer"),
    ],
)
def test_a_bad_first_line_is_seen(source: str, fault: str) -> None:
    assert any(fault in found for found in first_line_faults(source))


@pytest.mark.parametrize(
    "source",
    [
        "def f(): pass",
        "class A:\n    pass",
        'class A:\n    """A."""\n    def f(self): pass',
        'class A:\n    """A."""\n    @property\n    def f(self): return 1',
    ],
)
def test_a_public_name_without_a_docstring_is_seen(source: str) -> None:
    assert len(without_docstring(source)) == 1


@pytest.mark.parametrize("source", ["def _f(): pass", "class _A:\n    def f(self): pass", "x = 1"])
def test_private_names_may_be_silent(source: str) -> None:
    assert without_docstring(source) == []
