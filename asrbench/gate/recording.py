"""Launches are recorded for a calibration: one revision against itself, as it is and slowed."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from asrbench.errors import MeterError
from asrbench.gate.calibration import Calibration, machine
from asrbench.gate.judging import Choices, listed
from asrbench.gate.launched import Asked, Pace
from asrbench.gate.launches import launch
from asrbench.gate.metrics import metric
from asrbench.gate.project import Project
from asrbench.gate.replay import Key
from asrbench.gate.sides import Name, Place
from asrbench.gate.values import sampled
from asrbench.gate.verdict import Launch
from asrbench.measure import environment
from asrbench.measure.watch import Watch

Kept = dict[Key, list[Launch]]


def record(
    project: Project,
    place: Place,
    counts: Mapping[float, int],
    choices: Choices,
    watch: Watch,
    keep: Callable[[Calibration], None],
) -> Calibration:
    """Record so many launches for each share of slowness, 0 for none, in random order.

    Both sides are the same environment. `keep` is given what there is after every tenth launch and
    at the end, Ctrl-C included. Raises MeterError where a case does not come out, WorkerError where
    the cases cannot be listed.
    """
    watch.begin("record")
    cases = [name for name in listed(place, choices.bounds) if choices.wants(name)]
    tails = frozenset(case for case in cases if project.has_tail(case))
    chance = random.Random(choices.seed)  # noqa: S311  an order, not a secret
    order = [share for share, count in counts.items() for _ in range(count)]
    chance.shuffle(order)
    kept: dict[float, Kept] = {share: {} for share in counts}
    paces: dict[str, Pace] = {}
    places: Mapping[Name, Place] = {"base": place, "head": place}
    made = Calibration()
    try:
        for number, share in enumerate(order):
            watch.at(number / len(order), f"launch {number + 1} of {len(order)}, +{share:.0%}")
            asked = Asked(tuple(cases), tails, number == 0, spin=share, bounds=choices.bounds)
            launched = launch(places, asked, paces, number, chance)
            if launched.lost or launched.wrong:
                raise MeterError(f"launch {number}: {launched.lost or launched.wrong}")
            for case, name, values in sampled(launched, tails):
                if not project.policy.judges(case, metric(name)):
                    continue
                kept[share].setdefault((case, name), []).append(values)
            if number % 10 == 9:
                keep(_calibration(kept, project))
    finally:
        made = _calibration(kept, project)
        keep(made)
    return made


def _calibration(kept: Mapping[float, Kept], project: Project) -> Calibration:
    slowed: dict[float, Mapping[Key, Sequence[Launch]]] = {
        share: dict(launches) for share, launches in kept.items() if share > 0
    }
    here = environment.describe(project.threads, source=project.folder)
    return Calibration(machine(), dict(kept.get(0.0, {})), slowed, here)
