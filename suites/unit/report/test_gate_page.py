"""A gate's page shows every verdict and its launches, and nothing in it can act."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from asrbench.gate.verdict import Gated
from asrbench.measure.statistics import Estimate
from asrbench.report.gate.page import page, write
from asrbench.report.gate.plots import plots
from asrbench.report.gate.wording import printable
from asrbench.report.html import for_script
from suites.unit.report.gates import HOSTILE, answers, gated, launches, renamed, verdict
from suites.unit.report.test_pages import Elements

CURVES = {"echo/log_mel": [(0.05, 1.0), (0.0, 0.004), (0.03, 0.9)]}


def elements(text: str) -> tuple[list[str], str]:
    """The tags of a page, plotly's own script aside, and its text."""
    found = Elements(text)
    return [tag for tag, _ in found.found], "".join(found.text)


def test_a_page_has_every_verdict_and_the_outcome() -> None:
    _, text = elements(page(gated(), CURVES))

    for words in ("2 regressions", "1 inconclusive", "1 improvement", "1 not measured", "2 passes"):
        assert words in text
    for words in ("+5.1 % (4.2 to 6.0)", "6 + 10", "not calibrated; it is pass", "in copy: +9,500"):
        assert words in text
    assert "gate: v1 -> ." in text
    assert "exit code 3" in text
    assert "✗ could not measure" in text
    assert "echo/new is new" in text
    assert "only the base has it" in text
    assert "time 0.02" in text


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_adds_no_element(tmp_path: Path, name: str) -> None:
    write(renamed(gated(), name), tmp_path / "gate.html", {name: CURVES["echo/log_mel"]})
    tags, text = elements((tmp_path / "gate.html").read_text(encoding="utf-8"))
    tame, _ = elements(page(renamed(gated(), "x"), CURVES))

    assert tags == tame
    assert printable(name) in text


@settings(deadline=None, max_examples=20)
@given(answers())
def test_whatever_a_gate_says_makes_a_page(answer: Gated) -> None:
    text = page(answer, {"a": [(0.0, 0.0)]})

    assert all(c.isprintable() or c in "\n\t" for c in text[: text.index("<script>")])
    for one in answer.verdicts:
        assert printable(one.reason) in "".join(Elements(text).text)


def test_a_page_may_load_nothing_from_elsewhere() -> None:
    found = Elements(page(gated())).found
    (policy,) = [a["content"] for _, a in found if "http-equiv" in a]

    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert not [a for _, a in found if "src" in a or "href" in a]


def test_a_plot_has_launches_in_order_the_interval_and_what_counts() -> None:
    picture = plots(gated(), {})[0]
    traces = {trace["name"]: trace for trace in picture["data"]}

    assert picture["title"] == "regression: echo/log_mel, time"
    assert traces["launch, judged"]["x"] == list(range(1, 7))
    assert traces["launch, confirmation"]["x"] == list(range(7, 17))
    assert traces["launch, judged"]["y"] == pytest.approx([0.051, 0.055, 0.047] * 2)
    assert traces["counts from 2 %"]["y"] == [0.02, 0.02]
    assert traces["estimate"]["y"] == [0.051, 0.051]
    levels = [t["y"][0] for t in picture["data"] if t["name"] == "90 % interval"]
    assert levels == pytest.approx([0.042, 0.06])


def test_what_matters_is_drawn_first_and_an_improvement_counts_below_zero() -> None:
    drawn = plots(gated(), CURVES)

    assert [re.split("[:,]", plot["title"])[0] for plot in drawn] == [
        "regression",
        "inconclusive",
        "improvement",
        "pass",
        "What the gate finds",
    ]
    assert [t["y"][0] for t in drawn[2]["data"] if t["name"].startswith("counts")] == [-0.02]


def test_a_case_that_passes_is_drawn_once_and_not_beside_what_matters() -> None:
    same = [verdict("pass", "a", metric=m) for m in ("size", "time", "p95")]
    beside = [verdict("regression", "b"), verdict("pass", "b", metric="p95")]
    pairs = [("a", "time"), ("a", "p95"), ("b", "time"), ("b", "p95")]
    answer = Gated((*same, *beside), launches={pair: launches(6, 0.0) for pair in pairs})

    assert [p["title"] for p in plots(answer, {})] == ["regression: b, time", "pass: a, time"]


def test_a_curve_is_drawn_by_slowdown() -> None:
    (curve,) = plots(gated(), CURVES)[-1]["data"]

    assert curve["x"] == [0.0, 0.03, 0.05]
    assert curve["y"] == [0.004, 0.9, 1.0]


def test_an_interval_without_an_end_is_drawn_without_it() -> None:
    endless = verdict("pass", change=Estimate(0.0, -1.0, float("inf")))
    answer = replace(gated(), verdicts=(endless,))

    assert "Infinity" not in for_script(plots(answer, {}))
    assert json.loads(for_script(plots(answer, {})))[0]["data"][1]["y"] == [None, None]
