"""What is exact is read of both sides; what cannot be read is listed with its reason."""

import shutil
from pathlib import Path

import pytest

from asrbench.gate import exact
from suites.unit.gate.foreign import SHORT, places

LOOP = "case('a', lambda done=[]: [0 for _ in range({} if done else 10**6)] and done.append(1))"


def test_figures_of_both_sides_are_read(tmp_path: Path) -> None:
    listed = "case('a')]\n\ndef figures():\n    return {{'wer': {}}}\n\nX = ["
    both = places(
        tmp_path, listed.format(0.25), listed.format("1 / 0"), figures=["foreign:figures"]
    )
    counts = exact.figures(both, SHORT, "project")

    assert counts.values == {("project", "wer"): {"base": 0.25}}
    assert [(case, side) for case, side, _ in counts.lost] == [("project", "head")]
    assert "ZeroDivisionError" in counts.lost[0][2]


def test_allocations_are_read_case_by_case_and_a_lost_one_leaves_the_others(tmp_path: Path) -> None:
    counting = "COUNT = []\n\ndef counting(on):\n    return len(COUNT), 8 * len(COUNT)\n\nX = ["
    listed = (
        "case('bad', lambda: {bad}), case('a', lambda: COUNT.extend([0] * {n}))]\n\n" + counting
    )
    both = places(
        tmp_path, listed.format(bad=1, n=2), listed.format(bad="1 / 0", n=3),
        allocations="foreign:counting",
    )  # fmt: skip
    counts = exact.allocations(both, ["bad", "a"], SHORT)

    assert counts.values["a", "allocations"] == {"base": 2, "head": 3}
    assert counts.values["a", "allocated_bytes"] == {"base": 16, "head": 24}
    assert counts.values["bad", "allocations"] == {"base": 0}
    assert [(case, side) for case, side, _ in counts.lost] == [("bad", "head")]


def test_a_side_that_dies_loses_the_case_and_what_comes_behind(tmp_path: Path) -> None:
    listed = "case('a'), case('dies', lambda: os._exit(3)), case('b')]\n\n"
    listed += "def counting(on):\n    return 0, 0\n\nX = ["
    both = places(tmp_path, listed, listed, allocations="foreign:counting")
    counts = exact.allocations({"head": both["head"]}, ["a", "dies", "b"], SHORT)

    assert set(counts.values) == {("a", "allocations"), ("a", "allocated_bytes")}
    assert [case for case, _, _ in counts.lost] == ["dies", "b"]


@pytest.mark.skipif(
    shutil.which("valgrind") is None, reason="no valgrind; apt-get install valgrind"
)
def test_one_percent_more_iterations_read_as_one_percent_more_instructions(tmp_path: Path) -> None:
    both = places(tmp_path, LOOP.format(200_000), LOOP.format(202_000))
    counts = exact.instructions(both, ["a"], {}, SHORT)

    assert not counts.lost
    found = counts.values["a", "instructions"]
    assert found["head"] / found["base"] - 1 == pytest.approx(0.01, abs=0.001)
    assert counts.functions["a"]["head"]
