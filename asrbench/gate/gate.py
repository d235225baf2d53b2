"""The whole gate: both revisions laid out, built, and judged."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from asrbench.errors import WorkerError
from asrbench.gate import before, building, project, revisions
from asrbench.gate.baseline import Baseline, image
from asrbench.gate.baseline import judge as judged
from asrbench.gate.building import BuildError, Built
from asrbench.gate.calibration import Calibration
from asrbench.gate.judge import counted, judge
from asrbench.gate.judging import Choices, listed
from asrbench.gate.launched import Launched
from asrbench.gate.metrics import PROJECT
from asrbench.gate.policy import to_json
from asrbench.gate.project import Project
from asrbench.gate.recording import record
from asrbench.gate.revisions import Revision
from asrbench.gate.sides import Name, Place
from asrbench.gate.verdict import Gated, Unmeasured
from asrbench.measure import environment
from asrbench.measure.watch import Watch


@dataclass(frozen=True, slots=True)
class Gate:
    """What to judge: a project's head against its base, by name of revision ("." as it lies).

    `base` is not looked at where the head is judged against a baseline. `explained` is a case of
    the head that the answer has to speak of. `always` measures though all files that differ are
    beside what is measured, by the project's own word.
    """

    folder: Path
    base: str = ""
    head: str = revisions.HERE
    choices: Choices = field(default_factory=Choices)
    calibration: Calibration = field(default_factory=Calibration)
    explained: str | None = None
    always: bool = False


def run(gate: Gate, watch: Watch) -> tuple[Gated, Sequence[Launched]]:
    """Build and judge; return the verdicts, and every launch they rest on.

    What the head's pyproject.toml says holds for both. A revision that cannot be built is an
    outcome; so is one whose every difference is beside what is measured, which passes and is not
    built. Raises PolicyError for a project or a revision that cannot be read, OptionError for a
    case that is to be explained and is not there, MeterError where instructions are asked for and
    cannot be counted.
    """
    with _ready(gate, {"head": gate.head, "base": gate.base}, watch) as ready:
        if ready.beside:
            return _told(Gated((before.unbuilt(ready.beside),)), gate, ready), ()
        if ready.gone is not None:
            return _told(Gated((), (ready.gone,)), gate, ready), ()
        gated, launched = judge(
            ready.project, ready.places, gate.calibration, gate.choices, watch, ready.sizes()
        )
        gated = replace(gated, notes=(*_differ(ready.built), *gated.notes))
        return _told(gated, gate, ready), launched


def against(gate: Gate, baseline: Baseline, watch: Watch) -> Gated:
    """Build the head alone, and judge what is exact of it against a baseline; errors as `run`."""
    with _ready(gate, {"head": gate.head}, watch) as ready:
        if ready.gone is not None:
            return _told(Gated((), (ready.gone,)), gate, ready)
        watch.begin("count")
        bounds = gate.choices.bounds
        try:
            cases = listed(ready.places["head"], bounds)
        except WorkerError as error:
            gone = Unmeasured(None, "head", "raised", str(error))
            return _told(Gated((), (gone,)), gate, ready)
        counts = counted(ready.project, ready.places, cases, gate.choices)
        values = {key: sides["head"] for key, sides in counts.values.items()}
        values |= {(PROJECT, name): sides["head"] for name, sides in ready.sizes().items()}
        lost = tuple(Unmeasured(case, side, "raised", why) for case, side, why in counts.lost)
        here = image(environment.describe(1))
        verdicts, notes = judged(baseline, values, here, ready.project.policy)
        return _told(Gated(tuple(verdicts), lost, tuple(notes)), gate, ready)


def calibrate(
    gate: Gate,
    counts: Mapping[float, int],
    watch: Watch,
    keep: Callable[[Calibration], None],
) -> Calibration:
    """Build the head, and record launches of it against itself; see asrbench.gate.recording.record.

    Raises as that, and BuildError where it cannot be built.
    """
    with _ready(gate, {"head": gate.head}, watch) as ready:
        if ready.gone is not None:
            raise BuildError("build", ready.gone.message)
        place = ready.places["head"]
        return record(ready.project, place, counts, gate.choices, watch, keep)


@dataclass(slots=True)
class _Ready:
    """What stands while a gate lasts: revisions laid out and built, or the one that is `gone`.

    Where every file that differs is `beside` what is measured, nothing is built.
    """

    project: Project
    laid: dict[Name, Revision]
    built: dict[Name, Built] = field(default_factory=dict)
    gone: Unmeasured | None = None
    beside: Sequence[str] = ()

    @property
    def places(self) -> dict[Name, Place]:
        """Where each side runs: among its own sources, so that its tests are its own."""
        told = self.project
        return {
            side: Place(
                side, built.python, self.laid[side].folder, told.told, told.variables, told.threads
            )
            for side, built in self.built.items()
        }

    def sizes(self) -> dict[str, dict[Name, float]]:
        """Return the sizes of wheels, and of compiled modules where there are any."""
        sizes: dict[str, dict[Name, float]] = {
            "wheel_size": {side: float(built.wheel_bytes) for side, built in self.built.items()},
            "extension_size": {
                side: float(built.extension_bytes) for side, built in self.built.items()
            },
        }
        return {name: sides for name, sides in sizes.items() if any(sides.values())}


@contextlib.contextmanager
def _ready(gate: Gate, names: Mapping[Name, str], watch: Watch) -> Iterator[_Ready]:
    """Lay out and build revisions while the context lasts."""
    with contextlib.ExitStack() as stack:
        laid = {
            side: stack.enter_context(revisions.laid_out(gate.folder, name))
            for side, name in names.items()
        }
        ready = _Ready(project.read(laid["head"].folder), laid)
        if not gate.always and gate.choices.spin == 0:
            ready.beside = before.beside(ready.project, gate.folder, ready.laid)
        if ready.beside:
            yield ready
            return
        for number, side in enumerate(laid):
            watch.begin(f"build {side}")
            watch.at(number / len(laid), laid[side].commit[:12])
            try:
                ready.built[side] = building.build(ready.project, laid[side])
            except BuildError as error:
                ready.gone = Unmeasured(None, side, error.kind, str(error))
                break
            if side == "head" and gate.explained is not None:
                before.refuse_unknown(gate.explained, ready.places["head"], gate.choices)
        yield ready


def _differ(built: dict[Name, Built]) -> list[str]:
    """Say which packages are not the same on both sides: a difference may be theirs."""
    base, head = built["base"].packages, built["head"].packages
    return [
        f"{name} is {base.get(name, 'absent')} on the base, {head.get(name, 'absent')} on the head"
        for name in sorted(base.keys() | head.keys())
        if base.get(name) != head.get(name)
    ]


def _told(gated: Gated, gate: Gate, ready: _Ready) -> Gated:
    """Return the answer with what it was asked and where."""
    settings: dict[str, Any] = {
        **{side: f"{one.name} ({one.commit[:12]})" for side, one in ready.laid.items()},
        "commits": {side: one.commit for side, one in ready.laid.items()},
        "only": list(gate.choices.only),
        "seed": gate.choices.seed,
        "spin": gate.choices.spin,
        "policy": list(to_json(ready.project.policy)),
        "calibrated": bool(gate.calibration.unchanged),
    }
    here = environment.describe(ready.project.threads, source=gate.folder)
    return replace(gated, settings=settings, environment=here)
