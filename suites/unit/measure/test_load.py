"""Engines of known laws come out of MLPerf's load generator as computed by hand."""

import time

import pytest

from asrbench.errors import CorpusError, EngineError, Error
from asrbench.measure.load.arrivals import Load, Speed, announced_s
from asrbench.measure.run import Run
from asrbench.measure.statistics import percentile
from asrbench.measure.watch import Unwatched
from asrbench.report.load import headline, lasted_s, query_latency, rows
from suites.unit.measure.loads import Measure, measuring, of, schedule, waited

FIXED_S, TWO_S, SLOW_S, QUICK_S, STALL_S = 0.010, (0.040, 0.010), 0.050, 0.004, 2.0  # of lawful
NEAR_S = 0.006  # what a busy machine adds to a call


@pytest.fixture
def measure(monkeypatch: pytest.MonkeyPatch) -> Measure:
    return measuring(monkeypatch)


def test_a_fixed_engine_has_its_latency_alone_and_one_after_another(measure: Measure) -> None:
    (case,) = measure("fixed", "single-stream", seconds=1.0).cases
    latency = of(case, "latency")

    assert percentile(latency.values, 0.5) == pytest.approx(FIXED_S, abs=NEAR_S)
    assert len(latency.values) == pytest.approx(1.0 / FIXED_S, rel=0.4)
    assert set(latency.item) == set("abcde")


def test_a_bimodal_engine_has_two_latencies_in_their_proportion(measure: Measure) -> None:
    (case,) = measure("bimodal", "single-stream", seconds=2.0).cases
    latency = of(case, "latency")
    slow = [v for item, v in zip(latency.item, latency.values, strict=True) if item == "a"]
    quick = [v for item, v in zip(latency.item, latency.values, strict=True) if item != "a"]

    assert percentile(slow, 0.5) == pytest.approx(TWO_S[0], abs=NEAR_S)
    assert percentile(quick, 0.5) == pytest.approx(TWO_S[1], abs=NEAR_S)
    assert len(slow) / len(latency.values) == pytest.approx(0.2, abs=0.1)
    assert percentile(latency.values, 0.5) == pytest.approx(TWO_S[1], abs=NEAR_S)
    assert percentile(latency.values, 0.95) == pytest.approx(TWO_S[0], abs=NEAR_S)


def test_under_poisson_arrivals_every_wait_is_that_of_the_queue(measure: Measure) -> None:
    (case,) = measure("fixed", "server", rate=60.0, seconds=2.5).cases
    latency, service = of(case, "latency"), of(case, "service")
    expected = waited(schedule(case), list(service.values))

    assert len(latency.values) == pytest.approx(150, rel=0.25)
    assert percentile(service.values, 0.5) == pytest.approx(FIXED_S, abs=NEAR_S)
    for p in (0.5, 0.9, 0.95):
        near = pytest.approx(percentile(expected, p), abs=NEAR_S, rel=0.15)
        assert percentile(latency.values, p) == near
    assert percentile(latency.values, 0.95) > 1.5 * FIXED_S  # it did wait


def test_a_stall_is_charged_to_all_that_it_delayed(measure: Measure) -> None:
    (case,) = measure("stalling", "server", rate=40.0, seconds=3.5).cases
    latency, service, due_s = of(case, "latency"), of(case, "service"), schedule(case)
    stalled = max(range(len(due_s)), key=lambda index: service.values[index])
    expected = waited(due_s, list(service.values))
    during = [i for i, due in enumerate(due_s) if 0 < due - due_s[stalled] < STALL_S - 0.1]

    assert latency.values[stalled] == pytest.approx(STALL_S, abs=0.05)
    assert len(during) > 40  # at 40 a second, in 1.9 s
    for index in during:
        left_s = STALL_S - (due_s[index] - due_s[stalled])
        assert latency.values[index] > left_s - 0.01
        assert latency.values[index] == pytest.approx(expected[index], abs=0.05)
    assert sum(value > 0.5 for value in latency.values) > 40
    assert sum(value > 0.5 for value in service.values) == 1  # who asks in turn sees one


def test_offline_is_all_at_once_and_ends_in_its_time(measure: Measure) -> None:
    done = measure("slow", "offline", seconds=2.0)
    (case,) = done.cases
    latency = of(case, "latency")
    figures = {name: value for name, value, _, _ in rows(done, case)}

    assert set(latency.at_s) == {0.0}
    assert lasted_s(latency) == pytest.approx(2.0, rel=0.2)
    assert figures["throughput"] == pytest.approx(1 / SLOW_S, rel=0.2)
    assert figures["rtfx"] == figures["throughput"]  # every item is a second of audio


def test_two_workers_answer_twice_as_much(measure: Measure) -> None:
    done = measure("slow", "offline", seconds=1.0, workers=2)
    figures = {name: value for name, value, _, _ in rows(done, done.cases[0])}

    assert figures["throughput"] == pytest.approx(2 / SLOW_S, rel=0.3)


def test_of_requests_at_once_the_last_waits_for_all_before_it(measure: Measure) -> None:
    (case,) = measure("fixed", "multi-stream", seconds=1.0, streams=4).cases
    together = query_latency(case)

    assert together is not None
    assert percentile(together.values, 0.5) == pytest.approx(4 * FIXED_S, abs=4 * NEAR_S)
    assert len(of(case, "latency").values) == 4 * len(together.values)


def test_the_search_ends_between_what_kept_the_bound_and_what_did_not(measure: Measure) -> None:
    done = measure("quick", "server", bound_s=0.010, percentile=0.8)
    tried = [case.other["traffic"]["rate"] for case in done.cases]
    (capacity,) = headline(done, done.cases[0])
    throughput = done.cases[0].other["traffic"]["throughput"]

    assert 0.4 / QUICK_S < throughput <= 1 / QUICK_S
    assert tried[0] == pytest.approx(throughput / 2)
    assert len(set(tried)) == len(done.cases) <= 6
    assert capacity[1] is not None
    assert 0.0 < capacity[1] < throughput  # M/D/1 says 0.62 of it; test_load_capacity has it exact
    assert done.cases[0].name == f"lawful/quick/capital@{tried[0]:.4g}/s"


def test_no_rate_keeps_a_bound_that_one_call_misses(measure: Measure) -> None:
    done = measure("fixed", "server", bound_s=0.003, percentile=0.9)
    (capacity,) = headline(done, done.cases[0])

    assert capacity[1] == 0.0
    assert len(done.cases) == 1
    assert len(of(done.cases[0], "latency").values) < 100  # given up once it was hopeless


def test_answers_under_load_are_compared_with_those_before_it(measure: Measure) -> None:
    done = measure("forgetful", "server", rate=100.0, seconds=0.5)
    check = done.cases[0].check

    assert check is not None
    assert not check.passed
    assert check.detail.startswith("5 of 5 answers agree with the oracle; 0 of ")
    assert {f.kind for f in done.errors} == {"mismatch"}
    assert done.errors[0].message.startswith("under load: '?'")


def test_a_refused_item_is_listed_once_and_left_out(measure: Measure) -> None:
    done = measure("picky", "server", rate=100.0, seconds=0.5)

    assert [(f.item, f.kind) for f in done.errors] == [("c", "refused")]
    assert set(of(done.cases[0], "latency").item) == set("abde")
    assert done.cases[0].other["traffic"]["asked"] == len(of(done.cases[0], "latency").values)


def test_a_request_refused_under_load_has_no_latency(measure: Measure) -> None:
    done = measure("moody", "server", rate=100.0, seconds=1.0)
    (case,) = done.cases

    assert {f.kind for f in done.errors} == {"refused"}
    assert 0 < len(of(case, "latency").values) < case.other["traffic"]["asked"]


def test_a_fault_under_load_is_raised_after_the_run_is_kept(measure: Measure) -> None:
    kept: list[Run] = []
    with pytest.raises(Error, match="faulty under load: RuntimeError: a fault of the engine"):
        measure("faulty", "server", keep=kept.append, rate=50.0, seconds=2.0)

    (run,) = kept
    assert run.partial
    assert [(f.kind, f.message) for f in run.errors] == [
        ("fault", "RuntimeError: a fault of the engine")
    ]
    assert len(of(run.cases[0], "latency").values) > 5


@pytest.mark.parametrize(
    ("engine", "kind", "message"),
    [("dying", "died", "killed by SIGABRT"), ("hanging", "hung", "no answer within 1 s")],
)
def test_an_engine_that_dies_or_hangs_leaves_a_run_that_says_so(
    measure: Measure, engine: str, kind: str, message: str
) -> None:
    began = time.monotonic()
    done = measure(engine, "server", rate=50.0, seconds=2.0, patience_s=1.0)

    assert time.monotonic() - began < 15
    assert [(f.kind, f.message[: len(message)]) for f in done.errors] == [(kind, message)]
    assert not done.passed
    assert len(of(done.cases[0], "latency").values) > 5


def test_ctrl_c_leaves_what_was_answered_so_far(measure: Measure) -> None:
    class Interrupting(Unwatched):
        def at(self, fraction: float, note: str = "") -> None:
            if fraction > 0.3 and "announced" in note:
                raise KeyboardInterrupt

    kept: list[Run] = []
    done = measure("fixed", "server", kept.append, Interrupting(), rate=50.0, seconds=2.0)

    assert done.partial
    assert kept == [done]
    assert 10 < len(of(done.cases[0], "latency").values) < 90


def test_what_cannot_be_begun_keeps_nothing(measure: Measure) -> None:
    kept: list[Run] = []
    with pytest.raises(CorpusError, match="no corpus 'xyz'"):
        measure("fixed", "offline", kept.append, corpus="xyz")
    with pytest.raises(EngineError, match="no engine 'none' for lawful; expected one of"):
        measure("none", "offline", kept.append)

    assert kept == []


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"scenario": "burst"}, "scenario is 'burst'; expected one of"),
        ({"scenario": "offline", "seconds": 0.0}, "seconds is 0.0"),
        ({"scenario": "offline", "seconds": float("inf")}, "seconds is inf"),
        ({"scenario": "server", "workers": 0}, "workers is 0"),
        ({"scenario": "server", "percentile": 1.0}, "percentile is 1.0"),
        ({"scenario": "offline", "rate": 2.0}, "offline takes no rate"),
        ({"scenario": "server", "rate": 1e6}, "expected 200000 at most"),
    ],
)
def test_a_load_that_cannot_be_is_refused(fields: dict[str, float], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Load(**fields)  # type: ignore[arg-type]  # that is the point


def test_the_time_that_is_announced_is_until_the_last_answer() -> None:
    speed = Speed(throughput=2.0, fastest_s=0.25)

    assert announced_s(Load("single-stream", seconds=10.2), speed) == 10.5
    assert announced_s(Load("multi-stream", seconds=10.0, streams=8), speed) == 12.0
    assert announced_s(Load("offline", seconds=10.0), speed) == 10.0
    assert announced_s(Load("server", seconds=10.0, rate=1.0), speed) == 11.5
    assert announced_s(Load("server", seconds=9.75, rate=4.0), speed) == 20.5
