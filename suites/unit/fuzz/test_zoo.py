"""The zoo's table: what is in it, who found what, and which codes its verb ends with."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from asrbench.cli import main
from asrbench.cli import zoo as verb
from asrbench.errors import RunError
from asrbench.fuzz.zoo import BUGS, CLEAN, Look, Trial, trials
from asrbench.fuzz.zoo_lanes import LANES, PROJECT
from asrbench.fuzz.zoo_table import Table, read

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Knows:
    """A lane that finds what it is told to."""

    name: str
    finds: Sequence[str]
    what: str = "knows"

    def prepare(self, cache: Path) -> Look:
        return lambda bug, folder: f"a <{bug}> in /tmp/x/a.cpp:3" if bug in self.finds else None


def table(*lanes: Knows, bugs: Sequence[str] = ("data_race", "double_free")) -> Table:
    """What such lanes say of two bugs; each takes longer than the one before."""
    said = [
        Trial(lane.name, bug, lane.prepare(Path())(bug, Path()), float(number))
        for number, lane in enumerate(lanes)
        for bug in (CLEAN, *bugs)
    ]
    return Table(tuple(lane.name for lane in lanes), tuple(bugs), tuple(said))


def test_there_are_seventeen_bugs_and_the_extension_has_the_same() -> None:
    source = (PROJECT / "zoo.cpp").read_text(encoding="utf-8")

    assert len(BUGS) == 17
    assert set(re.findall(r'\{"(\w+)", &zoo::\w+\}', source)) == set(BUGS)


def test_a_lane_is_tried_on_the_clean_function_and_on_each_bug(tmp_path: Path) -> None:
    shown: list[tuple[str, str]] = []
    lanes = [Knows("a", ["data_race"]), Knows("b", [])]

    said = list(trials(lanes, ["data_race"], tmp_path, tmp_path, lambda *w: shown.append(w)))

    assert [(t.lane, t.bug, t.finding) for t in said] == [
        ("a", CLEAN, None),
        ("a", "data_race", "a <data_race> in a.cpp:3"),
        ("b", CLEAN, None),
        ("b", "data_race", None),
    ]
    assert shown[:2] == [("a", "building, the first time"), ("a", CLEAN)]
    assert (tmp_path / "b" / "data_race").is_dir()


def test_the_quickest_finder_comes_first_and_a_bug_without_one_is_told() -> None:
    made = table(Knows("a", ["data_race"]), Knows("b", ["data_race"]))

    assert [trial.lane for trial in made.finders("data_race")] == ["a", "b"]
    assert made.without_finder == ["double_free"]
    assert made.false_alarms == []
    assert made.rows()[1:] == [
        ("data_race", "FOUND 0.0", "FOUND 1.0"),
        ("double_free", "not found 0.0", "not found 1.0"),
        ("clean", "not found 0.0", "not found 1.0"),
    ]


def test_what_is_found_in_the_clean_function_is_a_false_alarm() -> None:
    made = table(Knows("a", [CLEAN, "data_race", "double_free"]))

    assert [trial.lane for trial in made.false_alarms] == ["a"]
    assert made.without_finder == []


def test_the_words_of_a_tool_are_no_markup() -> None:
    shown = table(Knows("a", ["data_race", "double_free"])).markdown([Knows("a", [])])

    assert "| data_race | **0.0** |" in shown
    assert "  - a: a \\<data\\_race\\>" in shown
    assert "None." in shown


def test_a_table_with_a_trial_too_few_is_refused() -> None:
    whole = table(Knows("a", []))

    with pytest.raises(ValueError, match="expected one for each of"):
        Table(whole.lanes, whole.bugs, whole.trials[:-1])


@pytest.mark.parametrize(
    ("bug", "finding", "took_s"), [("none", None, 1.0), ("quadratic", "", 1.0), (CLEAN, None, -1.0)]
)
def test_a_trial_that_makes_no_sense_is_refused(
    bug: str, finding: str | None, took_s: float
) -> None:
    with pytest.raises(ValueError, match="expected"):
        Trial("a", bug, finding, took_s)


ALL = list(BUGS)


@pytest.mark.parametrize(
    ("lanes", "code"),
    [
        ([Knows("a", ALL[:9]), Knows("b", ALL[9:])], 0),
        ([Knows("a", ALL[:9]), Knows("b", ALL[10:])], 1),
        ([Knows("a", [CLEAN, *ALL])], 1),
    ],
    ids=["all found", "one without a finder", "a false alarm"],
)
def test_the_verb_ends_well_when_every_bug_has_a_finder_and_nothing_else_does(
    lanes: list[Knows], code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(verb, "LANES", lanes)

    assert main(["zoo", "--save", str(tmp_path)]) == code

    kept = [json.loads(path.read_text(encoding="utf-8")) for path in tmp_path.glob("*.json")]
    assert sorted(record["lane"] for record in kept) == [lane.name for lane in lanes]
    assert all(len(record["trials"]) == 18 for record in kept)


def test_lanes_are_kept_apart_and_make_one_table(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(verb, "LANES", [Knows("a", ALL[:9]), Knows("b", ALL[9:])])

    for lane in ("a", "b"):
        assert main(["zoo", "--save", str(tmp_path), "--lane", lane]) == 1

    shown = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| bug | a | b |" in shown
    assert "no lane" not in shown


def test_a_record_of_another_schema_is_refused() -> None:
    with pytest.raises(RunError, match=r"schema is 'other/1'; expected 'asrbench\.zoo/1'"):
        read([{"schema": "other/1"}])


def test_lanes_and_bugs_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["zoo", "--list", "--json"]) == 0

    listed = json.loads(capsys.readouterr().out)
    assert set(listed["bugs"]) == set(BUGS)
    assert set(listed["lanes"]) == {lane.name for lane in LANES}


@pytest.mark.parametrize("words", [["--lane", "none"], ["--bug", "none"]])
def test_an_unknown_name_is_wrong_usage(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["zoo", *words]) == 64
    assert "expected one of" in capsys.readouterr().err


def test_the_table_that_is_kept_has_a_finder_for_every_bug_and_no_false_alarm() -> None:
    files = [ROOT / "results" / "zoo" / f"{lane.name}.json" for lane in LANES]
    kept = read([json.loads(file.read_text(encoding="utf-8")) for file in files])

    assert kept.bugs == tuple(BUGS)
    assert kept.without_finder == []
    assert kept.false_alarms == []
