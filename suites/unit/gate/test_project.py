"""A project's table: every key is read, and whatever is no value of it is refused by name."""

from pathlib import Path

import pytest

from asrbench.errors import PolicyError
from asrbench.gate.policy import Rule
from asrbench.gate.project import Project, read

WHOLE = """
[project]
name = "mine"
[tool.asrbench.gate]
cases = ["mine.speed:cases"]
tests = ["tests/test_speed.py"]
figures = ["mine.speed:accuracy"]
allocations = "mine._native:count"
tails = ["mine/decode*"]
instructions = ["mine/*"]
install = ["numpy"]
extras = ["test"]
build = ["--no-build-isolation"]
threads = 2
[tool.asrbench.gate.variables]
OMP_NUM_THREADS = "1"
[tool.asrbench.gate.counted]
ISA = "generic"
[[tool.asrbench.gate.policy]]
metric = "time"
effect = 0.05
"""


def written(folder: Path, text: str) -> Path:
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path, text: str) -> str:
    with pytest.raises(PolicyError) as caught:
        read(written(folder, text))
    said = str(caught.value)
    assert said.startswith(str(folder / "pyproject.toml"))
    return said


def test_every_key_is_read(tmp_path: Path) -> None:
    project = read(written(tmp_path, WHOLE))

    assert project == Project(
        tmp_path,
        cases=("mine.speed:cases",),
        tests=("tests/test_speed.py",),
        figures=("mine.speed:accuracy",),
        tails=("mine/decode*",),
        instructions=("mine/*",),
        install=("numpy",),
        extras=("test",),
        build=("--no-build-isolation",),
        allocations="mine._native:count",
        threads=2,
        variables={"OMP_NUM_THREADS": "1"},
        counted={"ISA": "generic"},
        policy=project.policy,
    )
    assert project.policy.rules == (Rule(metric="time", effect=0.05),)


def test_a_side_is_told_where_its_cases_are(tmp_path: Path) -> None:
    assert read(written(tmp_path, WHOLE)).told == {
        "cases": ["mine.speed:cases"],
        "tests": ["tests/test_speed.py"],
        "figures": ["mine.speed:accuracy"],
        "allocations": "mine._native:count",
    }


def test_tails_and_counts_are_of_the_cases_that_a_pattern_matches(tmp_path: Path) -> None:
    project = read(written(tmp_path, WHOLE))

    assert [project.has_tail(case) for case in ("mine/decode_1", "mine/encode")] == [True, False]
    assert [project.is_counted(case) for case in ("mine/encode", "other")] == [True, False]
    assert not Project(tmp_path, cases=("a:b",)).has_tail("a")


@pytest.mark.parametrize(
    ("key", "value", "shown", "expected"),
    [
        ("cases", '"mine:cases"', "'mine:cases'", "expected a list such as"),
        ("cases", '["mine.cases"]', "['mine.cases']", "expected a list such as"),
        ("cases", "[3]", "[3]", "expected a list such as"),
        ("figures", '["accuracy"]', "['accuracy']", "expected a list such as"),
        ("allocations", '"count"', "'count'", "expected 'package.module:function'"),
        ("allocations", '["a:b"]', "['a:b']", "expected 'package.module:function'"),
        *((key, "3", "3", "expected a list of texts") for key in (
            "tests", "tails", "instructions", "install", "extras", "build",
        )),
        *((key, "[3]", "[3]", "expected a list of texts") for key in (
            "tests", "tails", "instructions", "install", "extras", "build",
        )),
        ("threads", "0", "0", "expected 1 or more"),
        ("threads", "true", "True", "expected 1 or more"),
        ("threads", '"2"', "'2'", "expected 1 or more"),
        ("variables", "{A = 1}", "{'A': 1}", "expected texts by name"),
        ("variables", '["A"]', "['A']", "expected texts by name"),
        ("counted", "{A = true}", "{'A': True}", "expected texts by name"),
    ],
)  # fmt: skip
def test_a_value_that_is_none_is_refused(
    tmp_path: Path, key: str, value: str, shown: str, expected: str
) -> None:
    said = refused(tmp_path, f"[tool.asrbench.gate]\n{key} = {value}\n")

    assert f"{key} is {shown}; {expected}" in said


def test_a_key_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    said = refused(tmp_path, '[tool.asrbench.gate]\ncases = ["a:b"]\ncase = ["a:b"]\n')

    assert "no key 'case' in the table; expected" in said


@pytest.mark.parametrize(
    "text",
    ["", "[tool]\n", "tool = 3\n", "[tool]\nasrbench = 3\n", "[tool.asrbench]\ngate = []\n"],
)
def test_a_project_without_the_table_is_refused(tmp_path: Path, text: str) -> None:
    assert "no table [tool.asrbench.gate]; expected" in refused(tmp_path, text)


def test_a_table_with_nothing_to_run_is_refused(tmp_path: Path) -> None:
    for text in ("[tool.asrbench.gate]\n", "[tool.asrbench.gate]\ncases = []\ntests = []\n"):
        assert "names no cases and no tests; expected cases =" in refused(tmp_path, text)
    assert read(written(tmp_path, '[tool.asrbench.gate]\ntests = ["t.py"]\n')).tests == ("t.py",)


def test_toml_that_is_none_is_refused_with_its_line(tmp_path: Path) -> None:
    said = refused(tmp_path, "[tool]\n\na = = 1\n")

    assert "line 3" in said
    assert "expected a project's pyproject.toml" in said


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"pyproject\.toml: .*No such file"):
        read(tmp_path)
    (tmp_path / "pyproject.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyError, match=r"expected a project's pyproject\.toml"):
        read(tmp_path)


def test_a_wrong_policy_is_refused_with_its_line(tmp_path: Path) -> None:
    said = refused(tmp_path, WHOLE.replace("effect = 0.05", 'effect = "5 %"'))

    assert "pyproject.toml, line 21: effect is '5 %'; expected a number" in said
