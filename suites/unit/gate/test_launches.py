"""A launch calls both sides equally often, in random order; one lost case leaves the others."""

import os
import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from asrbench.gate.cores import drawn
from asrbench.gate.launched import Asked, Launched, Pace
from asrbench.gate.launches import launch
from asrbench.gate.sides import Name, Place
from asrbench.measure.bounds import Bounds
from suites.unit.gate.foreign import SHORT, in_tests, places

LOG = "(pathlib.Path(os.getcwd(), '..', 'order').open('a').write({letter!r}), spin(0.002))"
QUICK = "case('a', lambda: {log})"


def launched(
    both: Mapping[Name, Place],
    *cases: str,
    paces: dict[str, Pace] | None = None,
    bounds: Bounds = SHORT,
    check: bool = False,
) -> Launched:
    """One launch, which reads no memory."""
    asked = Asked(cases, check=check, memory=False, bounds=bounds)
    return launch(both, asked, {} if paces is None else paces, 0, random.Random(7))


def logging(folder: Path) -> Mapping[Name, Place]:
    """Both sides, each of which writes its letter for every call."""
    base, head = (QUICK.format(log=LOG.format(letter=letter)) for letter in "bh")
    return places(folder, base, head)


def test_both_sides_are_called_equally_often_in_random_order(tmp_path: Path) -> None:
    done = launched(logging(tmp_path), "a", paces={"a": Pace(1, 24)})

    order = (tmp_path / "order").read_text()[2:]  # without the warm-up
    assert [len(done.cases["a"].calls[side]) for side in ("base", "head")] == [24, 24]
    blocks = [order[n : n + 2] for n in range(0, len(order), 2)]
    assert len(blocks) == 24
    assert set(blocks) == {"bh", "hb"}


def test_the_first_launch_says_how_often_a_case_is_repeated(tmp_path: Path) -> None:
    both = places(tmp_path, "case('a')", "case('a')")
    paces: dict[str, Pace] = {}
    launched(both, "a", paces=paces)
    first = dict(paces)
    paces["a"] = Pace(3, 4)
    again = launched(both, "a", paces=paces)

    assert first["a"].repeats > 100  # of less than a microsecond each
    assert again.cases["a"].repeats == 3
    assert len(again.cases["a"].calls["head"]) == 4
    assert paces == {"a": Pace(3, 4)}


def test_cases_that_the_sides_list_in_another_order_all_come_out(tmp_path: Path) -> None:
    both = places(tmp_path, "case('b'), case('a')", "case('a'), case('b')")
    done = launched(both, "a", "b", bounds=Bounds(20.0))

    assert not done.lost
    assert set(done.cases) == {"a", "b"}


def test_a_case_that_raises_is_lost_and_leaves_the_others(tmp_path: Path) -> None:
    fine = "case('a'), case('b'), case('c')"
    both = places(tmp_path, fine, fine.replace("case('b')", "case('b', lambda: 1 / 0)"))
    done = launched(both, "a", "b", "c")

    assert [(one.case, one.side, one.kind) for one in done.lost] == [("b", "head", "raised")]
    assert set(done.cases) == {"a", "c"}
    assert set(done.resident) == {"base", "head"}


def test_a_side_that_dies_loses_the_case_it_was_at(tmp_path: Path) -> None:
    fine = "case('a'), case('b')"
    both = places(tmp_path, fine.replace("case('b')", "case('b', lambda: os._exit(3))"), fine)
    done = launched(both, "a", "b")

    assert [(one.case, one.side, one.kind) for one in done.lost] == [("b", "base", "died")]
    assert "exited with code 3" in done.lost[0].message
    assert set(done.cases) == {"a"}


def test_a_side_that_hangs_loses_the_case_it_was_at(tmp_path: Path) -> None:
    both = places(tmp_path, "case('a')", "case('a', lambda: time.sleep(60))")
    done = launched(both, "a", bounds=Bounds(3.0))

    assert [(one.case, one.side, one.kind) for one in done.lost] == [("a", "head", "hung")]


def test_a_case_that_was_listed_and_does_not_come_is_lost(tmp_path: Path) -> None:
    done = launched(places(tmp_path, "case('a')", "case('a'), case('b')"), "a", "b")

    assert [(one.case, one.side, one.kind) for one in done.lost] == [("b", "base", "refused")]
    assert set(done.cases) == {"a"}


def test_a_wrong_answer_is_told_apart_by_side(tmp_path: Path) -> None:
    listed = "case('a', check=lambda out: verdict({}))"
    done = launched(places(tmp_path, listed.format(1), listed.format(0)), "a", check=True)

    assert done.wrong == {"a": {"head": "it is not right"}}
    assert not done.lost


def test_a_test_that_fails_after_its_benchmark_gives_no_values(tmp_path: Path) -> None:
    test = "def test_a(benchmark):\n    assert benchmark(lambda: 1) == {}\n"
    done = launched(in_tests(tmp_path, test.format(1), test.format(2)), "test_it.py::test_a")

    assert set(done.wrong["test_it.py::test_a"]) == {"head"}
    assert not done.cases
    assert not done.lost


def test_a_sides_load_time_is_its_own_and_not_the_others(tmp_path: Path) -> None:
    slow = "time.sleep(1.5) or case('a')"
    done = launched(places(tmp_path, slow, "case('a')"), "a", paces={"a": Pace(1, 3)})
    turned = launched(places(tmp_path / "turned", "case('a')", slow), "a", paces={"a": Pace(1, 3)})

    assert done.load_s["base"] > 1.5
    assert done.load_s["head"] < 1.5
    assert turned.load_s["base"] < 1.5
    assert turned.load_s["head"] > 1.5


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="needs two cores to choose from")
def test_both_sides_run_on_the_same_core_and_launches_on_any(tmp_path: Path) -> None:
    log = (
        "pathlib.Path(os.getcwd(), '..', 'cores').open('a').write(f'{os.sched_getaffinity(0)}\\n')"
    )
    both = places(tmp_path, *(f"case('a', lambda: {log})",) * 2)
    used: set[str] = set()
    before = os.sched_getaffinity(0)
    for seed in range(8):
        (tmp_path / "cores").unlink(missing_ok=True)
        launch(both, Asked(["a"], memory=False), {"a": Pace(1, 3)}, 0, random.Random(seed))
        found = set((tmp_path / "cores").read_text().splitlines())
        assert len(found) == 1
        used |= found

    assert len(used) > 1
    assert all("," not in cores for cores in used)
    assert os.sched_getaffinity(0) == before


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="needs two cores to choose from")
def test_sides_with_as_many_threads_as_cores_are_kept_to_none() -> None:
    allowed = len(os.sched_getaffinity(0))

    assert drawn(allowed, random.Random(0)) == frozenset()
    assert len(drawn(allowed - 1, random.Random(0))) == allowed - 1
