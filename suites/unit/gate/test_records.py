"""A gate as two Runs: every call is in them, and whatever is parallel to it."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from asrbench.gate.launched import Launched
from asrbench.gate.records import run_of
from asrbench.gate.sides import Name
from asrbench.measure import run_file
from asrbench.measure.run import Run
from asrbench.measure.samples import Samples
from suites.unit.gate.calls import call, launched, taken

walls = st.lists(st.floats(1e-6, 10.0), min_size=1, max_size=5)
RECORD = [
    launched(0, {"a": taken([call(1.0, x=0.5), call(2.0, x=0.6)], [call(3.0, x=0.7)] * 2)}),
    launched(1, {}),
    launched(
        2,
        {
            "a": taken([call(4.0, x=0.8)] * 2, [call(5.0, x=0.9)] * 2, memory=(10.0, 20.0)),
            "b": taken([call(6.0)], [call(7.0)], (2.5, "audio_s"), repeats=4),
        },
    ),
]


def of(side: Name, record: list[Launched]) -> Run:
    return run_of(side, record, {"seed": 3}, {"cpu": "x"})


def samples(run: Run, case: str, metric: str) -> Samples:
    found = next(one for one in run.cases if one.name == case).metric(metric)
    assert found is not None
    return found


def test_every_call_is_kept_with_its_launch_and_block() -> None:
    latency = samples(of("base", RECORD), "a", "latency")

    assert latency.values == (1.0, 2.0, 4.0, 4.0)
    assert latency.launch == (0, 0, 2, 2)
    assert latency.block == (0, 1, 0, 1)


def test_each_side_has_its_own_values() -> None:
    assert samples(of("head", RECORD), "a", "latency").values == (3.0, 3.0, 5.0, 5.0)
    assert samples(of("head", RECORD), "a", "cpu").values == (1.5, 1.5, 2.5, 2.5)
    assert samples(of("head", RECORD), "a", "switches").values == (3.0, 3.0, 3.0, 3.0)
    assert samples(of("base", RECORD), "a", "stage:x").values == (0.5, 0.6, 0.8, 0.8)


def test_memory_is_kept_launch_by_launch() -> None:
    memory = samples(of("head", RECORD), "a", "peak_memory")

    assert (memory.values, memory.launch, memory.block) == ((20.0,), (2,), ())


def test_amount_repeats_settings_and_processes_are_kept() -> None:
    run = of("head", RECORD)
    first, second = run.cases

    assert (first.amount.value, first.amount.unit) == (1.0, "calls")
    assert (second.amount.value, second.amount.unit) == (2.5, "audio_s")
    assert [case.other["repeats"] for case in run.cases] == [1, 4]
    assert (run.settings["seed"], run.settings["side"], run.environment) == (
        3,
        "head",
        {"cpu": "x"},
    )
    assert run.other["launches"] == [
        {"launch": number, "load_s": 0.6, "resident_bytes": 2000.0} for number in (0, 1, 2)
    ]


def test_a_stage_that_only_some_calls_have_is_kept_where_it_is() -> None:
    base = [call(1.0), call(2.0, x=0.1, y=0.2), call(3.0, x=0.3)]
    run = of("base", [launched(5, {"a": taken(base, base)})])
    x, y = (samples(run, "a", f"stage:{stage}") for stage in "xy")

    assert (x.values, x.launch, x.block) == ((0.1, 0.3), (5, 5), (1, 2))
    assert (y.values, y.launch, y.block) == ((0.2,), (5,), (1,))
    assert samples(run, "a", "latency").values == (1.0, 2.0, 3.0)


@given(st.lists(st.tuples(walls, walls), max_size=4))
def test_nothing_is_lost_and_arrays_are_parallel(launches: list[tuple[list[float], ...]]) -> None:
    record = [
        launched(n, {"a": taken([call(v) for v in base], [call(v) for v in head])})
        for n, (base, head) in enumerate(launches)
    ]
    for place, side in enumerate(("base", "head")):
        run = of("base" if side == "base" else "head", record)
        for case in run.cases:
            for one in case.samples:
                assert len(one.values) == len(one.launch) == len(one.block)
            latency = samples(run, case.name, "latency")
            rows = zip(latency.launch, latency.block, latency.values, strict=True)
            assert list(rows) == [
                (n, block, value)
                for n, pair in enumerate(launches)
                for block, value in enumerate(pair[place])
            ]
        assert len(run.cases) == bool(launches)


def test_a_run_of_a_gate_is_a_run_file(tmp_path: Path) -> None:
    run = of("head", RECORD)
    run_file.write(run, tmp_path / "head.json")

    assert run_file.read(tmp_path / "head.json") == run
