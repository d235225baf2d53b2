"""Streams in reports: percentiles, how word ends are known, capacity, the timeline."""

import json
from dataclasses import asdict, replace

import pytest

from asrbench.measure.environment import describe
from asrbench.measure.run import CaseResult, Item, Run
from asrbench.measure.streaming.capacity import Bound
from asrbench.measure.streaming.metrics import samples
from asrbench.measure.streaming.play import NAME, Pace
from asrbench.report.html import page
from asrbench.report.plots import plots
from asrbench.report.summary import figures
from asrbench.report.wording import label
from asrbench.workload import Amount, Arrival
from suites.unit.measure.streams import Law, played, streamed, timed, words
from suites.unit.report.runs import HOSTILE


def case(
    delay_s: float = 0.01, streams: int = 1, text: str = "item", source: str = "estimated"
) -> CaseResult:
    arrival = Arrival(text, tuple(f"{text}w{n}" for n in range(200)), words(200).due_s)
    items = played([arrival], lambda c: lambda: Law(c.work, lambda n: delay_s, every=2))
    timings = {text: replace(timed(arrival), source=source)}
    metrics, sessions = samples(streamed(items), timings, Pace())
    apart = {"difference": 0.01, "low": -0.005, "high": 0.03, "lines": [text]}
    return CaseResult(
        f"speech/{text}/stream@{streams}",
        "speech",
        text,
        NAME,
        Amount(20.0, "audio_s"),
        None,
        metrics,
        other={
            "streams": streams,
            "partial_results": True,
            "behind": [],
            "word_ends": [source],
            "stream_minus_batch": apart,
            "sessions": sessions,
        },
    )


def run(*cases: CaseResult, bound: Bound | None = None, text: str = "item") -> Run:
    return Run(
        partial=False,
        environment=describe(1),
        items=(Item(text, Amount(20.0, "audio_s")),),
        errors=(),
        cases=cases,
        settings={"speed": 1.0, "bound": None if bound is None else asdict(bound)},
    )


def test_percentiles_are_those_of_the_law() -> None:
    found = {figure.name: figure for figure in figures(run(case()))}

    assert found["commit_latency_p50"].value == pytest.approx(0.01)
    assert found["commit_latency_p95"].value == pytest.approx(0.11)
    assert found["chunk_latency_p95"].value == pytest.approx(0.01)
    assert found["first_partial_p50"].value is None  # one value does not make a percentile
    assert found["first_partial_p50"].note == "1 of 20 values"
    assert label(found["commit_latency_p95"]) == "commit latency a word p95"


def test_an_estimate_of_word_ends_is_said_beside_what_rests_on_it() -> None:
    done = run(case(source="estimated from segments"))
    found = {figure.name: figure for figure in figures(done)}

    assert found["commit_latency_p95"].note == "200 values; word ends estimated from segments"
    assert "word ends are estimated from segments" in plots(done)[0]["note"]


def test_what_was_cut_is_said_to_be_missing() -> None:
    cut = replace(case(), other={**case().other, "behind": [0]})
    found = {figure.name: figure for figure in figures(run(cut))}

    assert found["commit_latency_p50"].note.endswith("what was cut is not among them")
    assert "cut" not in found["chunk_latency_p50"].note


def test_the_difference_to_batch_has_its_interval() -> None:
    (figure,) = [f for f in figures(run(case())) if f.name == "wer_stream_minus_batch"]

    assert figure.value == 0.01
    assert figure.note == "95 % interval -0.50 to +3.00 points; 1 texts differ"


def test_capacity_is_the_most_streams_within_the_bound() -> None:
    tried = [case(0.01, 1), case(0.02, 2), case(0.09, 4), case(0.03, 3)]
    (figure,) = [f for f in figures(run(*tried, bound=Bound(0.14))) if f.name == "streams_carried"]

    assert figure.value == 3
    assert figure.note == (
        "p95 of commit latency at most 0.14 s; "
        "by streams 1: 0.11 s, 2: 0.12 s, 3: 0.13 s, 4: 0.19 s"
    )


def test_capacity_is_not_known_from_too_few_words_or_a_run_cut_short() -> None:
    few = run(case(), bound=Bound(0.2, p=0.99))
    short = replace(run(case(), bound=Bound(0.2)), partial=True)

    for done in (few, short):
        (figure,) = [f for f in figures(done) if f.name == "streams_carried"]
        assert figure.value is None
    assert not [f for f in figures(run(case())) if f.name == "streams_carried"]


def test_the_timeline_puts_words_at_their_moment_and_place() -> None:
    timeline, waits, backlog = plots(run(case()))
    there, pushed, shown, committed, final = timeline["data"]

    assert (there["x"][:3], there["y"][:3]) == (
        pytest.approx([0.0, 0.1, 0.2]),
        pytest.approx([0.0, 0.1, 0.2]),
    )
    assert pushed["x"][:2] == pytest.approx([0.11, 0.21])
    assert shown["x"][:2] == pytest.approx([0.11, 0.21])
    assert committed["x"][:2] == pytest.approx([0.21, 0.21])
    assert committed["y"][:2] == pytest.approx([0.1, 0.2])
    assert (final["x"], final["y"]) == (pytest.approx([20.01]), pytest.approx([20.0]))
    assert len(waits["data"]) == 4
    assert backlog["data"][0]["y"] == pytest.approx([0.0] * 201)


def test_texts_of_streams_are_escaped() -> None:
    done = run(case(text=HOSTILE, source=HOSTILE), text=HOSTILE)
    drawn = json.dumps(plots(done))

    assert "<img" not in drawn
    assert "&lt;img" in drawn
    assert "<img" not in page(done).split('id="plots"')[0].split("<body>")[1].split("<script>")[0]
