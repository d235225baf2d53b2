"""Answers of a gate for reports to show: one with everything in it, and any at all."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from asrbench.gate.verdict import KINDS, OUTCOMES, Gated, Launch, Trust, Unmeasured, Verdict
from asrbench.measure.statistics import Estimate

HOSTILE = (
    "</script><img src=x onerror=alert(1)>'\"&[red]\u2028{{7*7}}",
    "::error title=x::y",
    "a\n::error::planted",
    "a\r\n::warning::planted",
    "| a | b |\n|---|---|",
    "%0A::error::, x:y,z%",
    "]]> <!-- -->",
    "\x00\x07\x08\x1b[2J\x1b]0;x\x07\x7f\x85\u202e\ufffe\udc80",
    "@everyone #12 ![x](http://evil.example)",
)
TRUST = Trust(0.004, 0.03, 2000, 200)


def verdict(outcome: str, case: str = "echo/log_mel", **more: Any) -> Verdict:
    """A verdict of 1.2 ms and its change by outcome."""
    change = {"regression": 0.051, "improvement": -0.08, "inconclusive": 0.015, "pass": 0.002}
    value = change[outcome]
    known = {
        "metric": "time",
        "unit": "s",
        "base": 0.0012,
        "head": 0.0012 * (1 + value),
        "change": Estimate(value, value - 0.009, value + 0.009),
        "effect": 0.02,
        "reason": f"it is {outcome}",
        "launches": 6,
    }
    return Verdict(case=case, outcome=outcome, **{**known, **more})  # type: ignore[arg-type]


def launches(count: int, change: float, base: float = 0.0012) -> tuple[Launch, ...]:
    """Launches whose changes lie around one."""
    return tuple(
        Launch(n, base, base * (1 + change + 0.004 * (n % 3 - 1))) for n in range(1, count + 1)
    )


def gated() -> Gated:
    """An answer with a verdict of every outcome, and everything else that there can be."""
    slow = verdict("regression", confirmed=10, trust=TRUST)
    more = verdict(
        "regression",
        metric="instructions",
        unit="instructions",
        base=1_000_000.0,
        head=1_010_000.0,
        change=Estimate(0.01, 0.01, 0.01),
        effect=0.005,
        launches=1,
    )
    open_ = verdict("inconclusive", "echo/beam", launches=24, trust=replace(TRUST, visible=None))
    fast = verdict("improvement", "echo/decoder", launches=10)
    same = verdict("pass", "echo/encoder")
    small = verdict(
        "pass",
        "project",
        metric="wheel_size",
        unit="bytes",
        base=3 * 2.0**20,
        head=3 * 2.0**20,
        change=Estimate(0.0, 0.0, 0.0),
        launches=1,
    )
    return Gated(
        verdicts=(same, open_, slow, more, fast, small),
        unmeasured=(Unmeasured("echo/gone", "base", "removed", "only the base has it"),),
        notes=("echo/new is new: the base has no such case",),
        launches={
            (slow.case, "time"): launches(16, 0.051),
            (open_.case, "time"): launches(24, 0.015),
            (fast.case, "time"): launches(10, -0.08),
            (same.case, "time"): launches(6, 0.002),
        },
        functions={
            slow.case: (
                ("run", 1_000_000, 1_010_000),
                ("log_mel", 600_000, 609_900),
                ("copy", 1_000, 10_500),
                ("fft", 300_000, 300_100),
                ("free", 2_000, 1_900),
            )
        },
        settings={"base": "v1", "head": ".", "policy": {"time": 0.02}},
        environment={"cpu": "x", "cores": 2},
    )


def renamed(answer: Gated, name: str) -> Gated:
    """An answer in which the outside wrote `name` wherever it may write."""
    cases = {v.case: f"{name}{n}" for n, v in enumerate(answer.verdicts)}
    return Gated(
        verdicts=tuple(
            replace(v, case=cases[v.case], metric=f"{v.metric}{name}", reason=name)
            for v in answer.verdicts
        ),
        unmeasured=tuple(replace(u, case=name, message=name) for u in answer.unmeasured),
        notes=(name,) * len(answer.notes),
        launches={
            (cases[case], f"{metric}{name}"): some
            for (case, metric), some in answer.launches.items()
        },
        functions={
            cases[case]: [(f"{f}{name}", base, head) for f, base, head in some]
            for case, some in answer.functions.items()
        },
        settings={"base": name, "head": name, name: {name: name}},
        environment={name: [name]},
    )


texts = st.one_of(st.text(max_size=12), st.sampled_from(HOSTILE))
numbers = st.floats(allow_nan=False)
counts = st.integers(0, 100)
trusts = st.builds(
    Trust, st.floats(0, 1), st.none() | st.floats(0, 1), runs=counts, launches=counts
)
estimates = (
    st.tuples(numbers, numbers, numbers).map(sorted).map(lambda v: Estimate(v[1], v[0], v[2]))
)
verdicts = st.builds(
    Verdict,
    case=texts,
    metric=texts,
    unit=st.sampled_from(["s", "bytes", "fraction", "s/s", "times"]),
    outcome=st.sampled_from(OUTCOMES),
    base=numbers,
    head=numbers,
    change=estimates,
    effect=numbers,
    reason=texts.filter(bool),
    launches=counts,
    confirmed=counts,
    trust=st.none() | trusts,
    required=st.booleans(),
    audio_s=st.none() | st.floats(1e-3, 1e6),
)
unmeasured = st.builds(
    Unmeasured,
    st.none() | texts,
    st.sampled_from(["base", "head", "both"]),
    st.sampled_from(KINDS),
    texts,
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | numbers.filter(lambda v: abs(v) < 1e300) | texts,
    lambda some: st.lists(some, max_size=3) | st.dictionaries(texts, some, max_size=3),
    max_leaves=5,
)
objects: st.SearchStrategy[Mapping[str, Any]] = st.dictionaries(texts, json_values, max_size=3)
some_launches = st.lists(st.builds(Launch, counts, numbers, numbers), max_size=4).map(tuple)
some_functions = st.lists(st.tuples(texts, st.integers(), st.integers()), max_size=4).map(tuple)


@st.composite
def answers(draw: st.DrawFn) -> Gated:
    """Any answer; launches and functions are of its own verdicts, and of others."""
    said = tuple(draw(st.lists(verdicts, max_size=4)))
    pairs = st.tuples(texts, texts)
    names = texts
    if said:
        pairs |= st.sampled_from([(v.case, v.metric) for v in said])
        names |= st.sampled_from([v.case for v in said])
    return Gated(
        said,
        tuple(draw(st.lists(unmeasured, max_size=3))),
        tuple(draw(st.lists(texts, max_size=3))),
        draw(st.dictionaries(pairs, some_launches, max_size=3)),
        draw(st.dictionaries(names, some_functions, max_size=2)),
        draw(objects),
        draw(objects),
    )
