"""A baseline keeps what may cross machines: counts, sizes and error rates, never times.

Sizes and error rates hold anywhere; instructions and allocations within one image: the same
processor features, C library, Python and compiler. A time is refused, with the reason.
"""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asrbench.errors import RunError
from asrbench.gate.outcomes import known, of_exact
from asrbench.gate.policy import Policy
from asrbench.gate.verdict import Gated, Verdict
from asrbench.measure.run_file import write_whole

SCHEMA = "asrbench.baseline/1"
_WITHIN_AN_IMAGE = ("instructions", "allocations", "allocated_bytes")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Baseline:
    """Exact values by case and metric, the commit they are of, and the image they were read in.

    Invariants: no metric that is sampled.
    """

    commit: str
    image: str
    values: Mapping[Key, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a time: it says more of the machine than of the code."""
        for case, metric in self.values:
            if not known(metric).exact:
                raise RunError(
                    f"{case}: {metric} cannot be a baseline: a time or a memory peak of another "
                    "machine, or of another day, says nothing of this one; expected an exact "
                    "metric, or both revisions side by side (--base)"
                )


def of(gated: Gated) -> Baseline:
    """Return the exact values of the head of a gate."""
    values = {
        (verdict.case, verdict.metric): verdict.head
        for verdict in gated.verdicts
        if verdict.metric != "answer" and known(verdict.metric).exact
    }
    return Baseline(str(gated.settings["commits"]["head"]), image(gated.environment), values)


def image(environment: Mapping[str, Any]) -> str:
    """Return what instruction counts hold within: processor, C library, Python, compiler."""
    libc = " ".join(platform.libc_ver())
    return "; ".join(str(part) for part in (environment["cpu"], libc, environment["python"]))


def judge(
    baseline: Baseline, head: Mapping[Key, float], here: str, policy: Policy
) -> tuple[list[Verdict], list[str]]:
    """Judge exact values against a baseline; return verdicts, and notes on what was left out.

    `here` is the image the head's values were read in: counts of another one are left out.
    """
    verdicts: list[Verdict] = []
    notes: list[str] = []
    for (case, metric), value in baseline.values.items():
        if metric in _WITHIN_AN_IMAGE and baseline.image != here:
            notes.append(f"{case}: {metric} is of another image ({baseline.image}); left out")
        elif (case, metric) not in head:
            notes.append(f"{case}: {metric} is in the baseline alone")
        else:
            sides = {"base": value, "head": head[case, metric]}
            verdict = of_exact(case, metric, {"base": sides["base"], "head": sides["head"]}, policy)
            verdicts += [verdict] if verdict is not None else []
    return verdicts, notes


def write(baseline: Baseline, path: Path) -> None:
    """Write a baseline, whole or not at all."""
    rows = [
        {"case": case, "metric": metric, "unit": known(metric).unit, "value": value}
        for (case, metric), value in sorted(baseline.values.items())
    ]
    told = {"schema": SCHEMA, "commit": baseline.commit, "image": baseline.image, "values": rows}
    write_whole(path, json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def read(path: Path) -> Baseline:
    """Read a baseline. Raises RunError where the file is none, or holds a time."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["schema"] != SCHEMA:
            raise RunError(f"schema is {told['schema']!r}; expected {SCHEMA!r}")
        rows: Sequence[Mapping[str, Any]] = told["values"]
        values = {(str(row["case"]), str(row["metric"])): float(row["value"]) for row in rows}
        for (case, metric), value in values.items():
            if not math.isfinite(value):
                raise ValueError(f"{case}: {metric} is {value}; expected a finite number")
        return Baseline(str(told["commit"]), str(told["image"]), values)
    except RunError as error:
        raise RunError(f"{path}: {error}") from error
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise RunError(f"{path}: {error!r}; expected a baseline by {SCHEMA}") from error
