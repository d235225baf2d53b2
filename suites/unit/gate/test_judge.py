"""Two sides are judged: what is slower is found, and what could not be judged is said."""

from dataclasses import replace
from pathlib import Path

import pytest

from asrbench.gate.calibration import Calibration
from asrbench.gate.exact import Counts
from asrbench.gate.judge import _verdicts
from asrbench.gate.judging import Choices, Judging
from asrbench.gate.policy import Policy, Rule
from asrbench.gate.project import Project
from asrbench.gate.sides import Name
from asrbench.gate.trial import Trial
from asrbench.measure.bounds import Bounds
from suites.unit.gate.foreign import ONLY_TIME, in_tests, judged, lost, places, said
from suites.unit.gate.sampled import steady

QUICK = "case('a', lambda: spin(0.001))"
SLOW = "case('a', lambda: spin(0.003))"
RIGHT = "def test_a(benchmark):\n    assert benchmark(lambda: 1) == 1\n"
OTHER = "def test_b(benchmark):\n    benchmark(lambda: 1)\n"
TIME = ("a", "time")
STARTED = "pathlib.Path('turns').open('a').write('x')"  # by every process


def test_a_slowdown_is_found_and_confirmed_on_fresh_launches(tmp_path: Path) -> None:
    answer = judged(places(tmp_path, QUICK, SLOW))

    assert said(answer) == {TIME: "regression"}
    assert answer.code == 1
    assert answer.verdicts[0].confirmed == 10
    assert len(answer.launches[TIME]) == answer.verdicts[0].launches + 10


def test_where_nothing_changed_nothing_is_found(tmp_path: Path) -> None:
    answer = judged(places(tmp_path, QUICK, QUICK))

    assert said(answer) == {TIME: "pass"}
    assert answer.code == 0


def test_an_injected_slowdown_is_found(tmp_path: Path) -> None:
    assert said(judged(places(tmp_path, QUICK, QUICK), spin=2.0)) == {TIME: "regression"}


def test_what_differs_from_launch_to_launch_is_inconclusive(tmp_path: Path) -> None:
    takes = "(0.46, 3.4, 1.02, 1.53, 0.69, 2.28)[len(pathlib.Path('turns').read_text()) % 6]"
    listed = f"case('a', lambda: spin(0.001 * {takes}))]\n\n{STARTED}\nX = ["
    answer = judged(places(tmp_path, QUICK, listed))  # a quarter more on the whole: 30 % count

    assert said(answer) == {TIME: "inconclusive"}
    assert answer.code == 2
    assert answer.verdicts[0].launches + answer.verdicts[0].confirmed >= 16


def test_a_new_case_is_a_note_and_one_that_is_gone_cannot_be_judged(tmp_path: Path) -> None:
    answer = judged(places(tmp_path, f"{QUICK}, case('old')", f"{QUICK}, case('new')"))

    assert said(answer) == {TIME: "pass"}
    assert lost(answer) == {("old", "head", "removed")}
    assert any("new is new" in note for note in answer.notes)
    assert answer.code == 3


def test_a_case_that_is_ignored_may_go_and_may_stay(tmp_path: Path) -> None:
    gone = Policy((*ONLY_TIME.rules, Rule(case="old*", ignore=True)))
    both = places(tmp_path, f"case('old'), case('old2'), {QUICK}", f"case('old2'), {QUICK}")
    answer = judged(both, gone)

    assert said(answer) == {TIME: "pass"}
    assert answer.code == 0


def test_another_amount_of_work_cannot_be_judged(tmp_path: Path) -> None:
    listed = "case('b', amount=Is(value={}, unit='items'))"
    both = places(tmp_path, f"{listed.format(1)}, {QUICK}", f"{listed.format(2)}, {QUICK}")
    answer = judged(both)

    assert lost(answer) == {("b", "both", "amount")}
    assert said(answer) == {TIME: "pass"}


def test_an_answer_that_only_the_head_has_wrong_is_a_regression(tmp_path: Path) -> None:
    wrong = "case('a', lambda: spin(0.001), check=lambda out: verdict({}))"
    answer = judged(places(tmp_path, wrong.format(1), wrong.format(0)))

    assert said(answer) == {TIME: "pass", ("a", "answer"): "regression"}
    assert answer.code == 1


def test_an_answer_that_both_sides_have_wrong_cannot_be_judged(tmp_path: Path) -> None:
    wrong = "case('a', lambda: spin(0.001), check=lambda out: verdict(0))"
    answer = judged(places(tmp_path, wrong, wrong))

    assert lost(answer) == {("a", "both", "wrong")}
    assert answer.code == 3


def test_an_answer_is_checked_though_a_case_before_it_died(tmp_path: Path) -> None:
    dies = "case('dies', lambda: os._exit(3))"
    wrong = "case('a', lambda: spin(0.001), check=lambda out: verdict({}))"
    answer = judged(places(tmp_path, f"{dies}, {wrong.format(1)}", f"{dies}, {wrong.format(0)}"))

    assert {(case, kind) for case, _, kind in lost(answer)} == {("dies", "died")}
    assert said(answer) == {TIME: "pass", ("a", "answer"): "regression"}


def test_however_many_cases_die_the_others_are_judged(tmp_path: Path) -> None:
    dying = ", ".join(f"case('dies{n}', lambda: os._exit(3))" for n in range(5))
    answer = judged(places(tmp_path, f"{dying}, {QUICK}", f"{dying}, {QUICK}"))

    assert {case for case, _, _ in lost(answer)} == {f"dies{n}" for n in range(5)}
    assert said(answer) == {TIME: "pass"}


def test_a_case_that_hangs_leaves_the_others(tmp_path: Path) -> None:
    both = places(tmp_path, f"case('b'), {QUICK}", f"case('b', lambda: time.sleep(60)), {QUICK}")
    answer = judged(both, bounds=Bounds(5.0))

    assert lost(answer) == {("b", "head", "hung")}
    assert said(answer) == {TIME: "pass"}


def test_a_side_without_its_cases_cannot_be_judged(tmp_path: Path) -> None:
    both = dict(places(tmp_path, QUICK, QUICK))
    (both["head"].folder / "foreign.py").write_text("import no_such_module")
    answer = judged(both)

    assert lost(answer) == {(None, "head", "raised")}
    assert "no_such_module" in answer.unmeasured[0].message
    assert not answer.verdicts


def test_where_there_is_no_case_at_all_it_is_said(tmp_path: Path) -> None:
    answer = judged(in_tests(tmp_path, "", ""))

    assert lost(answer) == {(None, "both", "refused")}
    assert answer.code == 3


@pytest.mark.parametrize("allocations", [None, "counter:counting"])
def test_a_test_that_only_the_head_fails_is_a_regression(
    allocations: str | None, tmp_path: Path
) -> None:
    both = dict(in_tests(tmp_path, OTHER + RIGHT, OTHER + RIGHT.replace("== 1", "== 2")))
    for one in both.values():
        one.told["allocations"] = allocations  # type: ignore[index]
        (one.folder / "counter.py").write_text("def counting(on):\n    return 0, 0\n")
    answer = judged(both, allocations=allocations)

    found = {key: outcome for key, outcome in said(answer).items() if key[1] in ("time", "answer")}
    assert found == {
        ("test_it.py::test_b", "time"): "pass",
        ("test_it.py::test_a", "answer"): "regression",
    }
    assert answer.code == 1


def test_a_test_that_only_the_base_has_cannot_be_judged(tmp_path: Path) -> None:
    answer = judged(in_tests(tmp_path, RIGHT + OTHER, RIGHT))

    assert lost(answer) == {("test_it.py::test_b", "head", "removed")}
    assert said(answer) == {("test_it.py::test_a", "time"): "pass"}


STAGED = "case('a', lambda: spin(0.001), stages=lambda out: {})"


def test_a_stage_that_one_side_alone_has_is_told_and_the_others_are_judged(tmp_path: Path) -> None:
    both = places(
        tmp_path,
        STAGED.format({"old": 0.1, "kept": 0.1, "idle": 0.0}),
        STAGED.format({"young": 0.1, "kept": 0.1, "idle": 0.1}),
    )
    answer = judged(both, Policy((Rule(metric="load", ignore=True), Rule(effect=0.3))))

    assert answer.notes == (
        "a: stage:young is new: only the head spends time in it",
        "a: stage:idle is new: only the head spends time in it",
        "a: stage:old is gone: only the base spends time in it",
    )
    assert said(answer)["a", "stage:kept"] == "pass"
    assert answer.code == 0


def test_a_stage_that_is_gone_cannot_be_judged_where_it_is_required(tmp_path: Path) -> None:
    needed = Policy((*ONLY_TIME.rules, Rule(metric="stage:old", required=True, ignore=False)))
    both = places(tmp_path, STAGED.format({"old": 0.1, "o": 0.1}), STAGED.format({"young": 0.1}))
    answer = judged(both, needed)

    assert lost(answer) == {("a", "head", "removed")}
    assert not answer.notes  # the other stages are ignored
    assert answer.code == 3


def test_a_real_time_factor_is_told_with_the_time_and_judged_where_it_is_named(
    tmp_path: Path,
) -> None:
    heard = "case('a', lambda: spin(0.001), amount=Is(value=0.5, unit='audio_s'))"
    both = places(tmp_path, heard, heard)
    wide = Rule(effect=0.3)
    answer = judged(both, Policy((Rule(metric="load", ignore=True), wide)))
    named = judged(both, Policy((*ONLY_TIME.rules, Rule(metric="rtf", budget=1e-4, ignore=False))))

    assert ("a", "rtf") not in said(answer)
    assert [v.audio_s for v in answer.verdicts if v.metric in ("time", "resident")] == [0.5, None]
    assert said(named) == {TIME: "pass", ("a", "rtf"): "regression"}


@pytest.mark.parametrize(
    ("head", "instructions", "told"),
    [(0.05, 10_900, True), (0.0, 10_900, False), (0.05, 10_000, False)],
)
def test_where_instructions_went_is_told_of_whatever_changed(
    head: float, instructions: int, told: bool
) -> None:
    judging = Judging(Project(Path(), cases=("a:b",)), {}, Calibration(), Choices())
    judging.trials[TIME] = Trial(0.02)
    for launch in steady([head] * 16):
        judging.trials[TIME].add(launch)
    counts = Counts()
    ignored = Policy((Rule(metric="instructions", ignore=True),))
    judging.project = replace(judging.project, policy=ignored)
    spent: dict[Name, int] = {"base": 9_000, "head": instructions}
    for side, total in spent.items():
        counts.put("a", "instructions", side, total)
        counts.functions.setdefault("a", {})[side] = {"run": total, "same": 5}
    verdicts, functions = _verdicts(judging, counts)

    assert [one.outcome for one in verdicts] == ["regression" if head else "pass"]
    assert functions == ({"a": [("run", 9_000, instructions)]} if told else {})
