"""The harness costs little, and says how little."""

from asrbench.measure.isolate import isolate
from asrbench.measure.overhead import Overhead
from suites.unit.measure import fresh


def test_a_timed_call_costs_less_than_a_microsecond_and_a_value_less_than_100_bytes() -> None:
    cost = Overhead(**isolate(fresh.cost, {}).value)

    assert 0 < cost.inside_s < 1e-6
    assert cost.inside_s < cost.between_s < 1e-3
    assert 24 <= cost.kept_bytes / cost.values < 100
    assert cost.kept_bytes < cost.samples_bytes
    assert len(cost.lines()) == 4
