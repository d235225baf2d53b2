"""The gate end to end, on examples/gated_project in a repository of its own."""

import json
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path

import pytest

from asrbench.cli import main
from asrbench.gate.baseline import read

EXAMPLE = Path(__file__).parents[3] / "examples" / "gated_project"
ANSWER = "{ return distance_of(a, b); }\n"
TWICE = "{ return (distance_of(a, b) + distance_of(b, a)) / 2; }\n"
PREFIX = """{
  while (!a.empty() && !b.empty() && a[0] == b[0]) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return distance_of(a, b);
}
"""
BUSY = """
[[tool.asrbench.gate.policy]]  # a test runs on any machine, however busy it is
effect = 0.4
[[tool.asrbench.gate.policy]]
case = "project"
metric = "load"
ignore = true
"""
COMMITS = {
    "slow": ("edits.cpp", TWICE),
    "fast": ("edits.cpp", PREFIX),
    "docs": ("README.md", "# Edits\n"),
    "broken": ("edits.cpp", "{ return no_such_name; }\n"),
}
CASES = ("edits/long", "tests/test_speed.py::test_distance")
pytestmark = pytest.mark.slow


def git(folder: Path, *words: str) -> None:
    """Have git do something."""
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example as a repository: a tag for each of COMMITS, all on top of `base`."""
    folder = tmp_path_factory.mktemp("gated") / "project"
    shutil.copytree(EXAMPLE, folder)
    told = folder / "pyproject.toml"
    own = 'install = ["pytest"]\nbuild = ["--no-build-isolation"]\n'  # the builder is here already
    told.write_text(told.read_text().replace('install = ["pytest"]\n', own) + BUSY)
    source = (folder / "edits.cpp").read_text()
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "base")
    git(folder, "tag", "base")
    for name, (file, text) in COMMITS.items():
        git(folder, "checkout", "--quiet", "--detach", "base")
        whole = source.replace(ANSWER, text) if file.endswith(".cpp") else text
        assert whole != source
        (folder / file).write_text(whole)
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "-m", name)
        git(folder, "tag", name)
    git(folder, "checkout", "--quiet", "--detach", "base")
    return folder


@pytest.fixture(autouse=True)
def _cache(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(project.parent / "cache"))


def gate(project: Path, out: Path, *words: str) -> tuple[int, Mapping[str, Path]]:
    """The gate's code, and its files by suffix."""
    code = main(["gate", "--project", str(project), "--out", str(out), *words])
    return code, {file.name: file for file in out.glob("*/*")}


def outcomes(file: Path) -> dict[tuple[str, str], str]:
    """The outcomes of a JSON file by case and metric."""
    told = json.loads(file.read_text())
    return {(one["case"], one["metric"]): one["outcome"] for one in told["verdicts"]}


def test_a_slow_commit_is_a_regression_in_every_form(project: Path, tmp_path: Path) -> None:
    code, files = gate(project, tmp_path, "--base", "base", "--head", "slow")

    assert code == 1
    found = outcomes(files["verdicts.json"])
    assert [found[case, "time"] for case in CASES] == ["regression", "regression"]
    failed = [case.get("name") for case in ET.parse(files["junit.xml"]).iter() if len(case)]
    assert failed
    for case in CASES:
        assert case in files["gate.html"].read_text()
    assert "regression" in files["comment.md"].read_text()
    assert {"base.json", "head.json"} <= set(files)


def test_a_fast_commit_passes_and_is_said_to_be_better(project: Path, tmp_path: Path) -> None:
    code, files = gate(project, tmp_path, "--base", "base", "--head", "fast")

    assert code == 0
    found = outcomes(files["verdicts.json"])
    assert [found[case, "time"] for case in CASES] == ["improvement", "improvement"]


def test_a_commit_of_docs_passes_and_its_sizes_are_a_baseline(
    project: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "baseline.json"
    code, files = gate(
        project, tmp_path / "a", "--base", "base", "--head", "docs", "--keep", str(kept)
    )
    against, later = gate(project, tmp_path / "b", "--against", str(kept), "--head", "slow")

    assert code == 0
    assert [outcomes(files["verdicts.json"])[case, "time"] for case in CASES] == ["pass", "pass"]
    assert ("project", "extension_size") in read(kept).values
    assert against == 0
    assert set(outcomes(later["verdicts.json"])) == set(read(kept).values)


def test_a_commit_that_cannot_be_built_is_not_measured(project: Path, tmp_path: Path) -> None:
    code, files = gate(project, tmp_path, "--base", "base", "--head", "broken")

    assert code == 3
    told = json.loads(files["verdicts.json"].read_text())
    assert [(one["side"], one["kind"]) for one in told["unmeasured"]] == [("head", "build")]
    assert "no_such_name" in told["unmeasured"][0]["message"]
    assert not told["verdicts"]
