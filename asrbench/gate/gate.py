"""The whole gate: both revisions laid out, built, and judged."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from asrbench.gate import building, project, revisions
from asrbench.gate.building import BuildError, Built
from asrbench.gate.calibration import Calibration
from asrbench.gate.judge import judge
from asrbench.gate.judging import Choices
from asrbench.gate.launches import SIDES, Launched
from asrbench.gate.policy import to_json
from asrbench.gate.project import Project
from asrbench.gate.revisions import Revision
from asrbench.gate.sides import Name, Place
from asrbench.gate.verdict import Gated, Unmeasured
from asrbench.measure import environment
from asrbench.measure.watch import Watch


@dataclass(frozen=True, slots=True)
class Gate:
    """What to judge: a project's head against its base, by name of revision ("." as it lies)."""

    folder: Path
    base: str
    head: str = revisions.HERE
    choices: Choices = field(default_factory=Choices)
    calibration: Calibration = field(default_factory=Calibration)


def run(gate: Gate, watch: Watch) -> tuple[Gated, Sequence[Launched]]:
    """Build and judge; return the verdicts, and every launch they rest on.

    What the head's pyproject.toml says holds for both. A revision that cannot be built is an
    outcome. Raises PolicyError for a project or a revision that cannot be read, MeterError where
    instructions are asked for and cannot be counted.
    """
    names: dict[Name, str] = {"base": gate.base, "head": gate.head}
    with contextlib.ExitStack() as stack:
        laid: dict[Name, Revision] = {
            side: stack.enter_context(revisions.laid_out(gate.folder, names[side]))
            for side in SIDES
        }
        told = replace(project.read(laid["head"].folder), folder=gate.folder)
        built: dict[Name, Built] = {}
        for number, side in enumerate(SIDES):
            watch.begin(f"build {side}")
            watch.at(number / len(SIDES), laid[side].commit[:12])
            try:
                built[side] = building.build(told, laid[side])
            except BuildError as error:
                gone = Unmeasured(None, side, error.kind, str(error))
                return _told(Gated((), (gone,)), gate, told, laid), ()
        places = {side: _place(side, told, laid[side], built[side]) for side in SIDES}
        sizes: dict[str, dict[Name, float]] = {
            "wheel_size": {side: float(built[side].wheel_bytes) for side in SIDES},
            "extension_size": {side: float(built[side].extension_bytes) for side in SIDES},
        }
        if not any(sizes["extension_size"].values()):
            del sizes["extension_size"]
        gated, record = judge(told, places, gate.calibration, gate.choices, watch, sizes)
    gated = replace(gated, notes=(*_differ(built), *gated.notes))
    return _told(gated, gate, told, laid), record


def _place(side: Name, told: Project, revision: Revision, built: Built) -> Place:
    """Return where a side runs: among its own sources, so that its tests are its own."""
    return Place(
        side, built.python, revision.folder, told.told, told.variables, threads=told.threads
    )


def _differ(built: dict[Name, Built]) -> list[str]:
    """Say which packages are not the same on both sides: a difference may be theirs."""
    base, head = built["base"].packages, built["head"].packages
    return [
        f"{name} is {base.get(name, 'absent')} on the base, {head.get(name, 'absent')} on the head"
        for name in sorted(base.keys() | head.keys())
        if base.get(name) != head.get(name)
    ]


def _told(gated: Gated, gate: Gate, told: Project, laid: dict[Name, Revision]) -> Gated:
    """Return the answer with what it was asked and where."""
    settings: dict[str, Any] = {
        "base": {"name": gate.base, "commit": laid["base"].commit},
        "head": {"name": gate.head, "commit": laid["head"].commit},
        "only": list(gate.choices.only),
        "seed": gate.choices.seed,
        "policy": list(to_json(told.policy)),
        "calibrated": bool(gate.calibration.unchanged),
    }
    here = environment.describe(told.threads, source=gate.folder)
    return replace(gated, settings=settings, environment=here)
