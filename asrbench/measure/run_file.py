"""A Run as a file: JSON by a published schema, written whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from asrbench.errors import RunError
from asrbench.measure.run import CaseResult, Failure, Item, Run
from asrbench.measure.samples import Samples
from asrbench.workload import Amount, Check

SCHEMA = "asrbench.run/1"
SCHEMA_FILE = Path(__file__).with_name("run.schema.json")

_NAME, _, _MAJOR = SCHEMA.partition("/")
_PARALLEL = ("item", "launch", "block", "at_s")


def write(run: Run, path: Path) -> None:
    """Write a Run; whoever reads `path` sees the old file or the whole new one."""
    write_whole(path, json.dumps(to_json(run), ensure_ascii=False, indent=1, allow_nan=False))


def write_whole(path: Path, text: str) -> None:
    """Write a text file through a temporary one, fsync and rename; make its folder if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read(path: Path) -> Run:
    """Read a Run file; fields that are not known are kept.

    Raises RunError when it is no Run, or of another major version than this one reads.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(f"{path}: {error}; expected a Run file") from error
    try:
        return from_json(value)
    except RunError as error:
        raise RunError(f"{path}: {error}") from error


def to_json(run: Run) -> dict[str, Any]:
    """Return a Run as JSON values by run.schema.json."""
    return {
        **run.other,
        "schema": SCHEMA,
        "partial": run.partial,
        "settings": dict(run.settings),
        "environment": dict(run.environment),
        "items": [
            {**item.kept, "id": item.id, "amount": _amount(item.amount)} for item in run.items
        ],
        "errors": [
            {**e.other, "case": e.case, "item": e.item, "kind": e.kind, "message": e.message}
            for e in run.errors
        ],
        "cases": [_case_to_json(case) for case in run.cases],
    }


def from_json(value: Any) -> Run:
    """Return a Run from JSON values. Raises RunError that names what is wrong."""
    if not isinstance(value, dict) or not isinstance(value.get("schema"), str):
        raise RunError(f'no "schema" field; expected {SCHEMA!r}')
    name, _, version = value["schema"].partition("/")
    if name != _NAME or version.split(".")[0] != _MAJOR:
        raise RunError(f"schema is {value['schema']!r}; expected {SCHEMA!r}")
    try:
        return Run(
            partial=bool(value["partial"]),
            environment=dict(value["environment"]),
            items=tuple(
                Item(item["id"], _amount_of(item["amount"]), _rest(item, "id", "amount"))
                for item in value["items"]
            ),
            errors=tuple(
                Failure(
                    case=error["case"],
                    item=error["item"],
                    kind=error["kind"],
                    message=error["message"],
                    other=_rest(error, "case", "item", "kind", "message"),
                )
                for error in value["errors"]
            ),
            cases=tuple(_case_of(case) for case in value["cases"]),
            settings=dict(value.get("settings", {})),
            other=_rest(
                value, "schema", "partial", "settings", "environment", "items", "errors", "cases"
            ),
        )
    except KeyError as error:
        raise RunError(f"no field {error}; expected it by {SCHEMA}") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise RunError(f"{error} (in a Run by {SCHEMA})") from error


def _amount(amount: Amount) -> dict[str, Any]:
    return {"value": amount.value, "unit": amount.unit}


def _amount_of(value: Mapping[str, Any]) -> Amount:
    return Amount(value["value"], value["unit"])


def _case_to_json(case: CaseResult) -> dict[str, Any]:
    check = case.check
    return {
        **case.other,
        "name": case.name,
        "workload": case.workload,
        "engine": case.engine,
        "scenario": case.scenario,
        "amount": _amount(case.amount),
        "check": None if check is None else {"passed": check.passed, "detail": check.detail},
        "samples": [_samples_to_json(samples) for samples in case.samples],
    }


def _case_of(value: Mapping[str, Any]) -> CaseResult:
    check = value["check"]
    return CaseResult(
        name=value["name"],
        workload=value["workload"],
        engine=value["engine"],
        scenario=value["scenario"],
        amount=_amount_of(value["amount"]),
        check=None if check is None else Check(check["passed"], check["detail"]),
        samples=tuple(_samples_of(samples) for samples in value["samples"]),
        other=_rest(value, "name", "workload", "engine", "scenario", "amount", "check", "samples"),
    )


def _samples_to_json(samples: Samples) -> dict[str, Any]:
    counts = {"counts": dict(samples.counts)} if samples.counts else {}
    return {
        **samples.other,
        "metric": samples.metric,
        "unit": samples.unit,
        "better": samples.better,
        "values": list(samples.values),
        **{key: list(getattr(samples, key)) or [None] * len(samples.values) for key in _PARALLEL},
        **counts,
    }


def _samples_of(value: Mapping[str, Any]) -> Samples:
    parallel = {
        key: () if all(entry is None for entry in value[key]) else tuple(value[key])
        for key in _PARALLEL
    }
    return Samples(
        metric=value["metric"],
        unit=value["unit"],
        better=value["better"],
        values=tuple(value["values"]),
        counts=dict(value.get("counts", {})),
        other=_rest(value, "metric", "unit", "better", "values", "counts", *_PARALLEL),
        **parallel,
    )


def _rest(value: Mapping[str, Any], *known: str) -> dict[str, Any]:
    return {key: entry for key, entry in value.items() if key not in known}
