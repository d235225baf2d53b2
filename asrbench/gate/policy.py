"""The policy: how much slower is too slow, by metric and case, as a project's pyproject.toml says.

    [[tool.asrbench.gate.policy]]
    case = "speech/*"        # patterns of fnmatch; left out, they match all
    metric = "time"
    effect = 0.03            # the smallest relative change that counts
    least = 0.0001           # and the smallest in the metric's unit
    budget = 0.010           # what the head may take at most, whatever the base took
    ignore = false           # measured, and not judged
    required = true          # inconclusive will not do

Later entries win over earlier ones, key by key. A real-time factor, metric = "rtf", changes as the
time does, so it is judged where an entry names it: for a budget in seconds a second of audio.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import Any

from asrbench.errors import PolicyError
from asrbench.gate.metrics import METRICS, STAGE, Metric

TABLE = "tool.asrbench.gate.policy"
_GATE = r"\s*\[\s*tool\.asrbench\.gate\s*\]"


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of a policy; None: it does not say."""

    case: str = "*"
    metric: str = "*"
    effect: float | None = None
    least: float | None = None
    budget: float | None = None
    ignore: bool | None = None
    required: bool | None = None

    def matches(self, case: str, metric: str) -> bool:
        """Whether it speaks of this metric of this case."""
        return fnmatchcase(case, self.case) and fnmatchcase(metric, self.metric)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one metric of one case. `budget` is None where there is none."""

    effect: float
    least: float
    budget: float | None = None
    ignore: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules in the order in which they are written."""

    rules: tuple[Rule, ...] = ()

    def terms(self, case: str, metric: Metric, floor: float = 0.0) -> Terms:
        """Return what holds for a metric of a case.

        `floor` is the smallest effect that this case's calibration allows; an effect that a rule
        names outright is not raised by it.
        """
        terms: dict[str, Any] = {"effect": max(metric.effect, floor), "least": metric.least}
        for rule in self.rules:
            if rule.matches(case, metric.name):
                for key in ("effect", "least", "budget", "ignore", "required"):
                    if getattr(rule, key) is not None:
                        terms[key] = getattr(rule, key)
        return Terms(**terms)

    def judges(self, case: str, metric: Metric) -> bool:
        """Whether a metric of a case is judged: not ignored, and named where it has to be."""
        if self.terms(case, metric).ignore:
            return False
        named = (rule for rule in self.rules if rule.metric != "*")
        return not metric.asked or any(rule.matches(case, metric.name) for rule in named)


def parse(entries: Any, text: str, where: str) -> Policy:
    """Return the policy that is written in a TOML text; `entries` is what TOML reads there.

    Raises PolicyError that names the file `where`, the line, the value and what was expected.
    """
    if not isinstance(entries, list):
        at = f"{where}, line {line_of(text, 0, '')}"
        raise PolicyError(f"{at}: policy is {entries!r}; expected [[{TABLE}]] entries")
    return Policy(tuple(_rule(entry, i, text, where) for i, entry in enumerate(entries)))


def _rule(entry: Any, index: int, text: str, where: str) -> Rule:
    known = {field.name for field in fields(Rule)}
    if not isinstance(entry, Mapping):
        at = f"{where}, line {line_of(text, index, '')}"
        raise PolicyError(f"{at}: policy entry {index} is {entry!r}; expected a table")
    for key, value in entry.items():
        at = f"{where}, line {line_of(text, index, key)}"
        if key not in known:
            raise PolicyError(f"{at}: no key {key!r}; expected one of {sorted(known)}")
        if key in ("ignore", "required"):
            if not isinstance(value, bool):
                raise PolicyError(f"{at}: {key} is {value!r}; expected true or false")
        elif key in ("case", "metric"):
            if not isinstance(value, str) or not value:
                raise PolicyError(f'{at}: {key} is {value!r}; expected a pattern, such as "*"')
            if key == "metric" and not _some_metric(value):
                raise PolicyError(
                    f"{at}: metric {value!r} matches none; expected one of {sorted(METRICS)}"
                )
        elif (
            isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e18
        ):
            raise PolicyError(f"{at}: {key} is {value!r}; expected a number, 0 or more")
    return Rule(**entry)


def _some_metric(pattern: str) -> bool:
    """Whether a pattern may match a metric; figures of a project's own are told apart by a dot."""
    if pattern.startswith(STAGE) or "." in pattern:
        return True
    return any(fnmatchcase(name, pattern) for name in METRICS)


def line_of(text: str, index: int, key: str) -> int:
    """Return the line of a key in the entry of this number; the entry's own if it is not found."""
    lines = text.split("\n")
    table = re.escape(TABLE)
    heads = [n for n, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{table}\s*\]\]", line)]
    if index >= len(heads):  # written inline, policy = [{...}], or as no list of tables
        own = next((n for n, line in enumerate(lines) if re.match(_GATE, line)), 0)
        inline = rf"\s*(policy\s*=|\[\s*{table}\s*\])"
        found = (n + 1 for n, line in enumerate(lines) if n >= own and re.match(inline, line))
        return next(found, own + 1)
    for number in range(heads[index] + 1, len(lines)):
        if re.match(r"\s*\[", lines[number]):
            break
        if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", lines[number]):
            return number + 1
    return heads[index] + 1


def to_json(policy: Policy) -> Sequence[dict[str, Any]]:
    """Return the rules as JSON values."""
    return [
        {f.name: getattr(rule, f.name) for f in fields(Rule) if getattr(rule, f.name) is not None}
        for rule in policy.rules
    ]
