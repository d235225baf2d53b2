"""What the gate knows of itself on a machine: launches with nothing changed, and slowed ones.

A calibration is one JSON file with every recorded value; what is said of a case (its false alarms,
the smallest slowdown it shows, the effect it allows) is computed by replaying the rule on them.
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asrbench.errors import RunError
from asrbench.gate import replay
from asrbench.gate.metrics import metric
from asrbench.gate.replay import Key, Recorded
from asrbench.gate.rule import spread
from asrbench.gate.verdict import Launch, Trust
from asrbench.measure import environment
from asrbench.measure.run_file import write_whole

SCHEMA = "asrbench.calibration/1"
_RUNS = 500  # replayed for a case's floor and trust
_ALARMS = 0.01  # of a case's runs that may alarm when nothing changed
_OPEN = 0.02  # of them that may be inconclusive, where a larger effect helps that
_FINDS = 0.95
_EFFECTS = (0.02, 0.03, 0.04, 0.05, 0.07, 0.10, 0.15)  # tried as a case's floor, smallest first
_SLOWER = (0.01, 0.02, 0.03, 0.04, 0.05, 0.07, 0.10, 0.15, 0.20, 0.30)
_ENOUGH = 20  # launches below which nothing is said


@dataclass(frozen=True, slots=True)
class Calibration:
    """Recorded launches by case and metric, and the machine they were recorded on.

    `unchanged` are launches of one revision against itself; `slowed` maps a share to launches in
    which the head's calls were made slower by it. `environment` is that of a Run.
    """

    machine: str = ""
    unchanged: Recorded = field(default_factory=dict)
    slowed: Mapping[float, Recorded] = field(default_factory=dict)
    environment: Mapping[str, Any] = field(default_factory=dict)

    def floor(self, case: str, name: str) -> float:
        """Return the smallest effect this case allows: few false alarms, few inconclusive ones.

        0 where it was not calibrated; the largest tried where none will do.
        """
        launches = tuple(self.unchanged.get((case, name), ()))
        about = metric(name)
        return _floor(launches, about.effect, about.least) if len(launches) >= _ENOUGH else 0.0

    def trust(self, case: str, name: str) -> Trust | None:
        """Return how far this case's verdict can be trusted; None where it was not calibrated."""
        launches = tuple(self.unchanged.get((case, name), ()))
        if len(launches) < _ENOUGH:
            return None
        about = metric(name)
        effect = max(about.effect, self.floor(case, name))
        alarms = replay.case(launches, effect, about.least, _RUNS).of("regression")
        return Trust(alarms, self.visible(case, name), _RUNS, len(launches))

    def visible(self, case: str, name: str) -> float | None:
        """Return the smallest slowdown tried that 95 % of replayed runs found; None for none."""
        return next((slower for slower, share in self.curve(case, name) if share >= _FINDS), None)

    def spread(self, case: str, name: str) -> float:
        """Return the robust standard deviation of a launch's relative change."""
        launches = self.unchanged[case, name]
        return spread([math.log(max(one.head, 1e-12) / max(one.base, 1e-12)) for one in launches])

    def curve(self, case: str, name: str) -> Sequence[tuple[float, float]]:
        """Return the share of replayed runs that found each slowdown, put on what was recorded."""
        launches = tuple(self.unchanged.get((case, name), ()))
        if len(launches) < _ENOUGH:
            return ()
        about = metric(name)
        return _curve(launches, max(about.effect, self.floor(case, name)), about.least)


@functools.lru_cache(maxsize=1024)
def _floor(launches: tuple[Launch, ...], effect: float, least: float) -> float:
    for tried in (effect, *(e for e in _EFFECTS if e > effect)):
        shares = replay.case(launches, tried, least, _RUNS)
        if shares.of("regression") <= _ALARMS and shares.of("inconclusive") <= _OPEN:
            return tried
    return _EFFECTS[-1]


@functools.lru_cache(maxsize=1024)
def _curve(
    launches: tuple[Launch, ...], effect: float, least: float
) -> tuple[tuple[float, float], ...]:
    return tuple(
        (slower, replay.case(launches, effect, least, _RUNS // 2, slower).of("regression"))
        for slower in (0.0, *_SLOWER)
    )


def machine() -> str:
    """Return what makes times comparable: the processor's name, and how many of them there are."""
    here = environment.describe(1)
    return f"{here['cpu']}, {here['cores']} cores"


def file_name() -> str:
    """Return the name of this machine's file."""
    return re.sub(r"[^a-z0-9]+", "-", machine().lower()).strip("-") + ".json"


def write(calibration: Calibration, path: Path) -> None:
    """Write a calibration, whole or not at all."""
    value = {
        "schema": SCHEMA,
        "machine": calibration.machine,
        "environment": dict(calibration.environment),
        "unchanged": _to_json(calibration.unchanged),
        "slowed": [
            {"share": share, "launches": _to_json(recorded)}
            for share, recorded in sorted(calibration.slowed.items())
        ],
    }
    write_whole(path, json.dumps(value, ensure_ascii=False, allow_nan=False, indent=None))


def read(path: Path) -> Calibration:
    """Read a calibration. Raises RunError where the file is none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        if value["schema"] != SCHEMA:
            raise RunError(f"{path}: schema is {value['schema']!r}; expected {SCHEMA!r}")
        return Calibration(
            value["machine"],
            _from_json(value["unchanged"]),
            {float(one["share"]): _from_json(one["launches"]) for one in value["slowed"]},
            value["environment"],
        )
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        if isinstance(error, RunError):
            raise
        raise RunError(f"{path}: {error!r}; expected a calibration by {SCHEMA}") from error


def find(folder: Path) -> Calibration | None:
    """Return the calibration in a folder that was recorded on this machine; None for none."""
    own = machine()
    for path in sorted(folder.glob("*.json")):
        found = read(path)
        if found.machine == own:
            return found
    return None


def _to_json(recorded: Recorded) -> list[dict[str, Any]]:
    return [
        {
            "case": case,
            "metric": name,
            "number": [one.number for one in launches],
            "base": [one.base for one in launches],
            "head": [one.head for one in launches],
        }
        for (case, name), launches in recorded.items()
    ]


def _from_json(value: Sequence[Mapping[str, Any]]) -> dict[Key, list[Launch]]:
    found: dict[Key, list[Launch]] = {}
    for entry in value:
        rows = zip(entry["number"], entry["base"], entry["head"], strict=True)
        launches = [Launch(int(n), float(b), float(h)) for n, b, h in rows]
        if not all(math.isfinite(one.base) and math.isfinite(one.head) for one in launches):
            raise ValueError(f"{entry['case']} has a value that is not finite; expected numbers")
        if not launches:
            raise ValueError(f"{entry['case']} has no launches; expected some that were recorded")
        found[str(entry["case"]), metric(str(entry["metric"])).name] = launches
    return found
