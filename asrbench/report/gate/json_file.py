"""A gate's answer as a file: JSON by a published schema, every value kept, whole or not at all."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from asrbench.errors import RunError
from asrbench.gate.verdict import Gated, Launch, Trust, Unmeasured, Verdict
from asrbench.measure.run_file import write_whole
from asrbench.measure.statistics import Estimate
from asrbench.report.gate import unknown

SCHEMA = "asrbench.gate/1"
SCHEMA_FILE = Path(__file__).with_name("gate.schema.json")

_NAME, _, _MAJOR = SCHEMA.partition("/")
_INFINITIES = {math.inf: "Infinity", -math.inf: "-Infinity"}  # JSON's numbers have none
_ENDS = {name: value for value, name in _INFINITIES.items()}


def write(gated: Gated, path: Path) -> None:
    """Write a gate's answer; whoever reads `path` sees the old file or the whole new one.

    Raises ValueError for a value that is no number, and then leaves the old file.
    """
    write_whole(path, json.dumps(to_json(gated), indent=1, allow_nan=False) + "\n")


def read(path: Path) -> Gated:
    """Read a gate's answer; fields that are not known are kept.

    Raises RunError when it is none, contradicts itself, or is of another major version.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(f"{path}: {error}; expected a gate's file") from error
    try:
        return from_json(value)
    except RunError as error:
        raise RunError(f"{path}: {error}") from error


def to_json(gated: Gated) -> dict[str, Any]:
    """Return a gate's answer as JSON values by gate.schema.json."""
    value = _known_to_json(gated)
    unknown.put(gated.other, value)
    return value


def _known_to_json(gated: Gated) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "code": gated.code,
        "warns_only": gated.warns_only,
        "settings": dict(gated.settings),
        "environment": dict(gated.environment),
        "notes": list(gated.notes),
        "verdicts": [_verdict_to_json(verdict) for verdict in gated.verdicts],
        "unmeasured": [
            {"case": u.case, "side": u.side, "kind": u.kind, "message": u.message}
            for u in gated.unmeasured
        ],
        "launches": [
            {
                "case": case,
                "metric": metric,
                "number": [launch.number for launch in launches],
                "base": [_number(launch.base) for launch in launches],
                "head": [_number(launch.head) for launch in launches],
            }
            for (case, metric), launches in gated.launches.items()
        ],
        "functions": [
            {
                "case": case,
                "function": [name for name, _, _ in lines],
                "base": [base for _, base, _ in lines],
                "head": [head for _, _, head in lines],
            }
            for case, lines in gated.functions.items()
        ],
    }


def from_json(value: Any) -> Gated:
    """Return a gate's answer from JSON values. Raises RunError that names what is wrong."""
    if not isinstance(value, dict) or not isinstance(value.get("schema"), str):
        raise RunError(f'no "schema" field; expected {SCHEMA!r}')
    name, _, version = value["schema"].partition("/")
    if name != _NAME or version.split(".")[0] != _MAJOR:
        raise RunError(f"schema is {value['schema']!r}; expected {SCHEMA!r}")
    try:
        gated = Gated(
            verdicts=tuple(map(_verdict_of, value["verdicts"])),
            unmeasured=tuple(
                Unmeasured(u["case"], u["side"], u["kind"], u["message"])
                for u in value["unmeasured"]
            ),
            notes=tuple(value["notes"]),
            launches={(one["case"], one["metric"]): _launches_of(one) for one in value["launches"]},
            functions={
                one["case"]: tuple(zip(one["function"], one["base"], one["head"], strict=True))
                for one in value["functions"]
            },
            settings=dict(value["settings"]),
            environment=dict(value["environment"]),
        )
        gated = replace(gated, other=dict(unknown.fields(value, _known_to_json(gated))))
        code = value["code"]
    except KeyError as error:
        raise RunError(f"no field {error}; expected it by {SCHEMA}") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise RunError(f"{error} (in a gate's answer by {SCHEMA})") from error
    if code != gated.code:
        raise RunError(f"code is {code}; expected {gated.code} from the verdicts")
    return gated


def _verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    trust = verdict.trust
    return {
        "case": verdict.case,
        "metric": verdict.metric,
        "unit": verdict.unit,
        "outcome": verdict.outcome,
        "base": _number(verdict.base),
        "head": _number(verdict.head),
        "change": {
            "value": _number(verdict.change.value),
            "low": _number(verdict.change.low),
            "high": _number(verdict.change.high),
        },
        "effect": _number(verdict.effect),
        "reason": verdict.reason,
        "launches": verdict.launches,
        "confirmed": verdict.confirmed,
        "trust": None
        if trust is None
        else {
            "false_alarms": trust.false_alarms,
            "visible": trust.visible,
            "runs": trust.runs,
            "launches": trust.launches,
        },
        "required": verdict.required,
        "audio_s": verdict.audio_s,
    }


def _verdict_of(value: Mapping[str, Any]) -> Verdict:
    change, trust = value["change"], value["trust"]
    return Verdict(
        case=value["case"],
        metric=value["metric"],
        unit=value["unit"],
        outcome=value["outcome"],
        base=_float(value["base"]),
        head=_float(value["head"]),
        change=Estimate(*(_float(change[name]) for name in ("value", "low", "high"))),
        effect=_float(value["effect"]),
        reason=value["reason"],
        launches=value["launches"],
        confirmed=value["confirmed"],
        trust=None
        if trust is None
        else Trust(trust["false_alarms"], trust["visible"], trust["runs"], trust["launches"]),
        required=value["required"],
        audio_s=value.get("audio_s"),  # files of before have none
    )


def _launches_of(value: Mapping[str, Any]) -> tuple[Launch, ...]:
    columns = zip(value["number"], value["base"], value["head"], strict=True)
    return tuple(Launch(number, _float(base), _float(head)) for number, base, head in columns)


def _number(value: float) -> float | str:
    """Return a number as JSON has it: the infinities are words."""
    return _INFINITIES.get(value, value)


def _float(value: Any) -> float:
    """Return a number that JSON has. Raises ValueError for what is none."""
    if isinstance(value, str) and value in _ENDS:
        return _ENDS[value]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
        raise ValueError(f"a value is {value!r}; expected a number")
    return value
