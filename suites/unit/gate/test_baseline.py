"""A baseline keeps what may cross machines, and nothing else."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from asrbench.errors import RunError
from asrbench.gate.baseline import Baseline, image, judge, of, read, write
from asrbench.gate.policy import Policy, Rule
from asrbench.gate.verdict import Gated, Outcome, Verdict
from asrbench.measure.statistics import Estimate

HERE = "a cpu; glibc 2.36; 3.11.2"
KEPT = Baseline(
    "c0ffee",
    HERE,
    {
        ("decode", "instructions"): 1e6,
        ("decode", "allocations"): 10.0,
        ("decode", "allocated_bytes"): 8192.0,
        ("project", "wheel_size"): 1e6,
        ("project", "wer"): 0.05,
        ("project", "my.figure"): 3.0,
    },
)


def judged(head: dict[tuple[str, str], float], here: str = HERE, **more: Any) -> dict[str, Outcome]:
    verdicts, _ = judge(KEPT, {**KEPT.values, **head}, here, Policy(**more))
    return {verdict.metric: verdict.outcome for verdict in verdicts}


@pytest.mark.parametrize(
    "metric", ["time", "p95", "rtf", "load", "peak_memory", "resident", "stage:encoder"]
)
def test_what_is_sampled_is_refused_with_the_reason(metric: str, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=f"decode: {metric} cannot be a baseline: .*another machine"):
        Baseline("c", HERE, {("decode", metric): 0.001})
    write(KEPT, tmp_path / "b.json")
    value = json.loads((tmp_path / "b.json").read_text())
    value["values"][0]["metric"] = metric
    (tmp_path / "b.json").write_text(json.dumps(value))
    with pytest.raises(RunError, match=rf"b\.json: decode: {metric} cannot be a baseline"):
        read(tmp_path / "b.json")


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    write(KEPT, tmp_path / "deep" / "b.json")

    assert read(tmp_path / "deep" / "b.json") == KEPT


def test_the_exact_values_of_the_head_are_kept() -> None:
    def verdict(metric: str, head: float) -> Verdict:
        return Verdict("a", metric, "", "pass", 1.0, head, Estimate(0, 0, 0), 0.0, "so")

    verdicts = (
        verdict("time", 2.0), verdict("answer", 3.0), verdict("wer", 4.0), verdict("my.figure", 5.0)
    )  # fmt: skip
    environment = {"cpu": "a cpu", "python": "3.11.2"}
    gated = Gated(verdicts, settings={"commits": {"head": "c0ffee"}}, environment=environment)

    assert of(gated) == Baseline(
        "c0ffee", image(environment), {("a", "wer"): 4.0, ("a", "my.figure"): 5.0}
    )


def test_an_image_is_processor_c_library_and_python() -> None:
    here = image({"cpu": "a cpu", "python": "3.11.2"})

    assert here != image({"cpu": "another", "python": "3.11.2"})
    assert here != image({"cpu": "a cpu", "python": "3.12.0"})


def test_a_head_like_its_baseline_passes() -> None:
    assert judged({}) == dict.fromkeys((metric for _, metric in KEPT.values), "pass")


def test_a_head_with_more_of_it_is_a_regression() -> None:
    head = {key: value * 1.5 for key, value in KEPT.values.items()}

    assert set(judged(head).values()) == {"regression"}


def test_counts_of_another_image_are_left_out_with_a_note() -> None:
    head = {key: value * 1.5 for key, value in KEPT.values.items()}
    verdicts, notes = judge(KEPT, head, "another", Policy())

    assert {verdict.metric for verdict in verdicts} == {"wheel_size", "wer", "my.figure"}
    assert {verdict.outcome for verdict in verdicts} == {"regression"}
    assert notes == [
        f"decode: {metric} is of another image ({HERE}); left out"
        for metric in ("instructions", "allocations", "allocated_bytes")
    ]


def test_what_the_head_lacks_is_noted() -> None:
    verdicts, notes = judge(KEPT, {("project", "wer"): 0.05}, HERE, Policy())

    assert [verdict.metric for verdict in verdicts] == ["wer"]
    assert "project: wheel_size is in the baseline alone" in notes
    assert len(notes) == len(KEPT.values) - 1


def test_the_policy_holds_for_a_baseline_too() -> None:
    head = {("project", "wer"): 0.5}

    assert judged(head)["wer"] == "regression"
    assert "wer" not in judged(head, rules=(Rule(metric="wer", ignore=True),))
    assert judged(head, rules=(Rule(metric="wer", least=0.5),))["wer"] == "pass"


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda v: v.update(schema="asrbench.baseline/2"), "schema is 'asrbench.baseline/2'"),
        (lambda v: v.pop("schema"), "expected a baseline by asrbench.baseline/1"),
        (lambda v: v.pop("commit"), "expected a baseline"),
        (lambda v: v.update(values=7), "expected a baseline"),
        (lambda v: v["values"][0].pop("case"), "expected a baseline"),
        (lambda v: v["values"][0].update(value="x"), "expected a baseline"),
        (lambda v: v["values"][0].update(value=None), "expected a baseline"),
        (lambda v: v["values"][0].update(value=math.nan), "is nan; expected a finite number"),
        (lambda v: v["values"][0].update(value=10**400), "expected a baseline"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused_by_name(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], object], reason: str
) -> None:
    path = tmp_path / "b.json"
    write(KEPT, path)
    value = json.loads(path.read_text(encoding="utf-8"))
    spoil(value)
    path.write_text(json.dumps(value), encoding="utf-8")

    with pytest.raises(RunError, match=reason) as caught:
        read(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"3", b"\xff\xfe", b"[" * 99999])
def test_junk_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "junk.json").write_bytes(content)

    with pytest.raises(RunError, match=r"junk\.json"):
        read(tmp_path / "junk.json")
