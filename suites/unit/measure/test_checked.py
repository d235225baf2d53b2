"""A case whose first answer is wrong is refused before it is timed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from asrbench import workload
from asrbench.errors import CorpusError, EngineError
from asrbench.measure.checked import Checked
from asrbench.workload import Amount, Check, later


@dataclass(frozen=True)
class Number:
    """A number that is to be doubled."""

    value: int
    group: str = "numbers"

    @property
    def id(self) -> str:
        return str(self.value)

    @property
    def amount(self) -> Amount:
        return Amount(1.0, "doublings")


class Doubling:
    """Doubles, but from `wrong` on it adds one; refuses nothing but 13."""

    name = "doubling"

    def __init__(self, wrong: int = 100) -> None:
        self.wrong = wrong
        self.asked: list[int] = []

    def run(self, item: Number) -> int:
        self.asked.append(item.value)
        if item.value == 13:
            raise EngineError("13 is unlucky")
        return 2 * item.value + (item.value >= self.wrong)

    def close(self) -> None: ...


def right(work: Number, output: int) -> Check:
    return Check(output == 2 * work.value, f"{output} is not twice {work.value}")


def checked(engine: Doubling, value: int, trial: Number | None = None) -> Checked[Number, int]:
    return Checked("numbers/doubling/double", engine, Number(value), right, trial)


def test_a_right_answer_is_timed_and_checked_again() -> None:
    case = checked(Doubling(), 4)
    case.prepare()

    assert case.check(case.run()).passed
    assert (case.item, case.group, case.amount.unit) == ("4", "numbers", "doublings")


def test_a_wrong_answer_is_refused_with_what_is_wrong() -> None:
    case = checked(Doubling(wrong=4), 4)
    case.prepare()

    with pytest.raises(EngineError, match="9 is not twice 4"):
        case.run()


def test_a_refusal_is_told_when_the_case_is_run() -> None:
    case = checked(Doubling(), 13)
    case.prepare()

    with pytest.raises(EngineError, match="13 is unlucky"):
        case.run()


def test_a_trial_is_asked_in_the_place_of_the_work() -> None:
    engine = Doubling(wrong=50)
    case = checked(engine, 60, Number(5))
    case.prepare()

    assert engine.asked == [5]
    assert not case.check(case.run()).passed
    assert engine.asked == [5, 60]


@pytest.mark.parametrize("name", workload.installed())
def test_every_workload_loads_its_work_when_it_is_asked(name: str) -> None:
    record = workload.find(name)

    assert record.engines()
    assert record.corpora()
    with pytest.raises(CorpusError):
        record.corpus("no such corpus", None)


def test_what_is_loaded_later_is_not_imported_before() -> None:
    missing = later("asrbench.no_such_module:run")

    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        missing()
    assert later("asrbench.workload:no_score")(None, {}).value is None
