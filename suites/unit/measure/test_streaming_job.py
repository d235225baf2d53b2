"""A streaming Job leaves a Run that says what became of every stream, however it ends."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import asrbench.engine
from asrbench.engine import EngineOptions
from asrbench.errors import OptionError
from asrbench.measure.call import Call, unheard
from asrbench.measure.interleave import Clock
from asrbench.measure.job import Job
from asrbench.measure.run import Run
from asrbench.measure.run_file import SCHEMA_FILE, read, to_json, write
from asrbench.measure.scenario import Limits
from asrbench.measure.streaming.capacity import Bound
from asrbench.measure.streaming.job import run
from asrbench.measure.streaming.play import Pace
from asrbench.measure.streaming.virtual import VirtualClock
from asrbench.measure.watch import Unwatched
from asrbench.report.summary import figures
from asrbench.workload import Arrival, Streams, Timing, Workload
from suites.unit.measure.stream_engines import (
    Dumb,
    Faulty,
    Interrupting,
    Picky,
    Queueing,
    Streamed,
    Streaming,
    Whole,
)
from suites.unit.measure.streams import timed, words

CHUNKS = 10


def arrivals(corpus: Any, chunk_s: float) -> list[Arrival]:
    return [words(CHUNKS, letter, chunk_s) for letter in corpus.letters]


def first_letter(text: str) -> str:
    return text[0].upper()


Measure = Callable[..., Run]


@pytest.fixture
def measure(
    letters: Workload[Any, Any, Any], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Run]:
    def measured(
        engine: type[Whole],
        keep: Callable[[Run], None] = lambda run: None,
        listen: Callable[[Call], None] = unheard,
        bound: Bound | None = None,
        pace: Pace | None = None,
        clock: Clock = time.perf_counter,
        **choices: Any,
    ) -> Run:
        def build(workload: str, name: str, options: EngineOptions) -> Whole:
            return engine() if name == "counterfeit" else Whole()

        monkeypatch.setattr(asrbench.engine, "build", build)
        choices = {"limits": Limits(seconds=0.1), "launches": 0, **choices}
        pace = pace or Pace(speed=10, gap_s=0)

        def timing(corpus: Any, item: str, output: str) -> Timing:
            return timed(words(CHUNKS, item, pace.chunk_s))

        streams: Streams[Any, Any, str] = Streams(arrivals, Streamed, timing, first_letter)
        record = replace(letters, streams=streams)
        job = Job(record, "counterfeit", "abc", **choices)
        done = run(job, pace, Unwatched(), clock, keep, listen, bound)
        jsonschema.validate(to_json(done), json.loads(SCHEMA_FILE.read_text()))
        return done

    return measured


def test_streams_give_a_whole_run_that_a_file_keeps(measure: Measure, tmp_path: Path) -> None:
    kept: list[Run] = []
    calls: list[Call] = []
    done = measure(Streaming, kept.append, calls.append, pace=Pace(2, 10, gap_s=0))
    (case,) = done.cases
    counts = {s.metric: len(s.values) for s in case.samples}
    write(done, tmp_path / "run.json")

    assert kept == [done]
    assert (done.partial, done.passed) == (False, True)
    assert case.name == "letters/counterfeit/stream@2"
    assert case.check is not None
    assert case.check.detail.startswith("3 of 3 batch answers agree with the oracle")
    assert counts == {
        "first_partial": 6,
        "commit_latency": 60,
        "finalisation": 6,
        "chunk_latency": 60,
        "backlog": 66,
        "work": 6,
        "erasure": 1,
        "compute": 1,
        "wer": 1,
    }
    assert case.other["word_ends"] == ["known"]
    assert case.other["partial_results"] is True
    assert case.other["announced_s"] == pytest.approx(0.305)  # the second begins 5 ms later
    assert case.other["took_s"] > 0.305
    assert case.other["stream_minus_batch"]["difference"] == 0
    assert len(case.other["sessions"]) == len(calls) == 6
    assert {call.item for call in calls} == {"a", "b", "c"}
    assert read(tmp_path / "run.json") == done


def test_an_engine_without_partial_results_is_measured_as_what_it_is(measure: Measure) -> None:
    before = Whole.made
    Whole.ran.clear()
    done = measure(Whole, pace=Pace(3, 10, gap_s=0))
    (case,) = done.cases
    first, final = case.metric("first_partial"), case.metric("finalisation")

    assert done.passed
    assert case.other["partial_results"] is False
    assert first is not None
    assert final is not None
    assert [a - b for a, b in zip(first.values, final.values, strict=True)] == pytest.approx(
        [0.1] * 9  # all of the item, ten times as fast
    )
    assert Whole.made == before  # each was closed
    streams = {(e, thread) for e, thread in Whole.ran if thread != threading.get_ident()}
    assert len(streams) == len({e for e, _ in streams}) == 3  # one for each stream
    notes = {figure.name: figure.note for figure in figures(done)}
    assert "no partial results" in notes["first_partial_p50"]


def test_a_refused_item_is_listed_and_the_others_are_streamed(measure: Measure) -> None:
    done = measure(Picky)

    assert [(e.item, e.kind, e.message) for e in done.errors] == [
        ("b", "refused", "item is 'b'; expected anything else")
    ]
    assert not done.passed
    assert {item.id for item in done.items if "hypothesis" in item.kept} == {"a", "c"}


def test_a_fault_is_raised_after_the_run_is_kept(measure: Measure) -> None:
    kept: list[Run] = []
    with pytest.raises(RuntimeError, match="a fault of the engine"):
        measure(Faulty, kept.append)

    assert kept[0].partial
    assert [(e.kind, e.message) for e in kept[0].errors] == [
        ("fault", "RuntimeError: a fault of the engine")
    ]


def test_an_engine_that_never_says_its_last_word_is_a_mismatch(measure: Measure) -> None:
    done = measure(Dumb)

    assert {(e.item, e.kind, e.message) for e in done.errors} == {
        (item, "mismatch", "finish() gave no Final; expected one") for item in "abc"
    }


def test_an_engine_that_falls_behind_is_cut_and_fails(
    measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Streaming, "delay_s", 0.1)  # 3 s of work in 0.3 s
    done = measure(Streaming)
    (case,) = done.cases

    assert [e.kind for e in done.errors] == ["behind"]
    assert case.other["behind"] == [0]
    assert 1.3 <= case.other["took_s"] < 2.5
    assert not done.passed


def test_ctrl_c_leaves_a_partial_run_with_what_was_streamed(measure: Measure) -> None:
    kept: list[Run] = []
    done = measure(Interrupting, kept.append)
    (case,) = done.cases
    chunks = case.metric("chunk_latency")

    assert kept == [done]
    assert done.partial
    assert not done.errors
    assert chunks is not None
    assert len(chunks.values) >= 3
    assert {session["ending"] for session in case.other["sessions"]} == {"stopped"}


def test_a_search_tells_how_many_streams_are_carried(measure: Measure) -> None:
    pace = Pace(speed=10, chunk_s=0.05, gap_s=0)
    done = measure(Queueing, bound=Bound(0.05, most=3), limits=Limits(seconds=1.05), pace=pace)
    tried = [case.other["streams"] for case in done.cases]
    (figure,) = [f for f in figures(done) if f.name == "streams_carried"]

    assert tried == [1, 2, 3][: len(tried)]
    assert figure.value == len(tried) - 1  # 2; less where the machine has no time for 2
    assert not done.errors


def test_on_a_virtual_clock_a_stream_takes_the_time_of_its_work(measure: Measure) -> None:
    began = time.perf_counter()
    clock = VirtualClock(time.perf_counter)
    done = measure(Streaming, pace=Pace(chunk_s=10.0, gap_s=0), clock=clock)
    (case,) = done.cases

    assert time.perf_counter() - began < 10
    assert case.other["took_s"] >= 300 - 1
    assert done.settings["virtual"] is True


def test_a_virtual_clock_is_not_shared(measure: Measure) -> None:
    clock = VirtualClock(time.perf_counter)
    with pytest.raises(OptionError, match="a virtual clock plays one stream; expected 1, not 2"):
        measure(Streaming, pace=Pace(2), clock=clock)
    with pytest.raises(OptionError, match="a virtual clock plays one stream"):
        measure(Streaming, bound=Bound(0.05, most=3), clock=clock)


@pytest.mark.parametrize("choice", [{"soak": True}])
def test_what_streams_cannot_be_is_refused(measure: Measure, choice: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match="expected no isolation, no soak"):
        measure(Streaming, **choice)


def test_a_workload_without_streams_is_refused(letters: Workload[Any, Any, Any]) -> None:
    with pytest.raises(OptionError, match="letters has no streams"):
        run(
            Job(letters, "echo", "abc"),
            Pace(),
            Unwatched(),
            time.perf_counter,
            lambda run: None,
        )
