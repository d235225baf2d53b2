"""Events: a line a call, whole lines whatever happens."""

import json
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from asrbench.errors import MeterError
from asrbench.measure import apart, job
from asrbench.measure.call import Call
from asrbench.measure.events import event, events
from asrbench.measure.scenario import Limits
from asrbench.measure.watch import Unwatched
from asrbench.workload import Amount, Workload

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_call_is_a_line_with_its_times_and_its_text() -> None:
    call = Call("u1", Amount(2.0, "audio_s"), 3, 9.0, 0.5, output=SimpleNamespace(text="hé"))

    assert event(call, "native", NOW) == {
        "id": "u1",
        "engine": "native",
        "audio_s": 2.0,
        "latency_ms": 500.0,
        "rtf": 0.25,
        "text": "hé",
        "status": "ok",
        "pass": 3,
        "at": "2026-01-02T03:04:04.500+00:00",
    }


def test_what_is_no_audio_and_no_text_is_null_and_a_failure_has_its_reason() -> None:
    plain = event(Call("u", Amount(2.0, "bytes"), 0, 0.0, 0.5, output=7), "e", NOW)
    refused = Call("u", Amount(2.0, "bytes"), 0, 0.0, 0.5, "refused", message="why")

    assert (plain["audio_s"], plain["rtf"], plain["text"]) == (None, None, None)
    assert event(refused, "e", NOW)["message"] == "why"
    with pytest.raises(ValueError, match="a call is refused with message"):
        Call("u", Amount(2.0, "bytes"), 0, 0.0, 0.5, "refused")


def test_every_line_is_whole_on_the_disk_before_the_next_call(tmp_path: Path) -> None:
    path = tmp_path / "new" / "calls.jsonl"
    with events(path, "e") as listen:
        for number in range(3):
            listen(Call(f"u{number}", Amount(1.0, "audio_s"), 0, 0.0, 0.5, output="x\ny"))

            assert [row["id"] for row in lines(path)] == [f"u{n}" for n in range(number + 1)]


@pytest.mark.parametrize(
    ("engine", "statuses"),
    [("echo", {"ok"}), ("picky", {"ok", "refused"})],
)
def test_a_job_tells_of_every_call(
    letters: Workload[Any, Any, Any], tmp_path: Path, engine: str, statuses: set[str]
) -> None:
    path = tmp_path / "calls.jsonl"
    work = job.Job(letters, engine, "abc", limits=Limits(values=7), launches=0, check=0)
    with events(path, engine) as listen:
        job.run(work, Unwatched(), iter(range(10**6)).__next__, lambda _: None, listen)

    assert {row["status"] for row in lines(path)} == statuses
    assert {row["text"] for row in lines(path)} <= {"A", "B", "C", None}


def test_a_job_reads_the_meters_it_is_told_to(letters: Workload[Any, Any, Any]) -> None:
    meters = ("cpu", "peak", "fresh-peak", "instructions")
    apart.check(meters[:3], None)
    try:
        apart.check(meters, None)
    except MeterError as error:
        pytest.skip(str(error))
    work = job.Job(letters, "echo", "abc", launches=0, meters=meters, soak=True)
    done = job.run(work, Unwatched(), iter(range(10**6)).__next__, lambda _: None)
    found = {s.metric: s for s in done.cases[0].samples}

    assert not done.partial
    assert done.errors == ()
    assert len(found["cpu"].values) == len(found["latency"].values)
    assert found["peak"].item == found["fresh_peak"].item == ("a", "b", "c")
    assert found["instructions"].item == ("a",)
    assert 10 <= found["instructions"].values[0] < 1e6
    assert found["resident_memory"].unit == "bytes"


def test_a_meter_that_nobody_knows_or_that_comes_twice_is_refused(
    letters: Workload[Any, Any, Any],
) -> None:
    with pytest.raises(ValueError, match="no meter 'gpu'; expected one of"):
        job.Job(letters, "echo", "abc", meters=("gpu",))
    with pytest.raises(ValueError, match="'cpu' comes twice"):
        job.Job(letters, "echo", "abc", meters=("cpu", "cpu"))
