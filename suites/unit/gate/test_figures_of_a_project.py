"""A project's own figures are numbers, or they are told of as lost."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from asrbench.gate import exact
from asrbench.gate.sides import Name, Place
from asrbench.measure.bounds import Bounds


class Answers:
    """A side that gives the same figures whatever it is asked."""

    figures: Mapping[str, float] = {}

    def __init__(self, *_: object) -> None:
        pass

    def __enter__(self) -> "Answers":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def ask(self, _: str) -> Mapping[str, Any]:
        return {"figures": self.figures}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_figure_that_is_not_finite_is_lost_and_the_others_are_kept(
    monkeypatch: pytest.MonkeyPatch, value: float
) -> None:
    monkeypatch.setattr(exact, "Process", Answers)
    monkeypatch.setattr(Answers, "figures", {"wer": value, "my.figure": 2.0})
    places: Mapping[Name, Place] = {"head": place()}
    counts = exact.figures(places, Bounds(), "project")

    assert counts.values == {("project", "my.figure"): {"head": 2.0}}
    assert counts.lost == [("project", "head", f"wer is {value}; expected a finite number")]


def place() -> Place:
    return Place("head", Path("python"), Path(), {})
