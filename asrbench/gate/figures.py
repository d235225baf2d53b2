"""What a calibration says: of each case, and of whole gate runs, with intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asrbench.errors import RunError
from asrbench.gate import replay
from asrbench.gate.calibration import Calibration
from asrbench.gate.metrics import metric
from asrbench.gate.replay import Key
from asrbench.measure.statistics import Estimate
from asrbench.measure.watch import Watch

_Z = 1.959964


@dataclass(frozen=True, slots=True)
class OfCase:
    """One metric of one case: what replayed gate runs said of it.

    `alarms` and `open` are shares of runs in which nothing had changed, `found` the share of runs
    that found a slowdown which was really made, by its size. `spread` is the robust standard
    deviation of a launch's relative change, `effect` what this case allows.
    """

    case: str
    metric: str
    launches: int
    spread: float
    effect: float
    alarms: float
    open: float
    visible: float | None
    found: Mapping[float, float]


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it; `alarms` and `open` are shares of whole gate runs, with 95 % intervals."""

    machine: str
    runs: int
    alarms: Estimate
    open: Estimate
    cases: Sequence[OfCase]


def figures(calibration: Calibration, runs: int, watch: Watch, seed: int = 0) -> Figures:
    """Replay `runs` gate runs on what was recorded.

    The intervals are of the replaying alone (Wilson's); that the launches themselves are a sample
    is not in them. Raises RunError where nothing was recorded.
    """
    if not calibration.unchanged:
        raise RunError("no launches in which nothing changed; expected some that were recorded")
    watch.begin("replay")
    effects: dict[Key, tuple[float, float]] = {}
    for case, name in calibration.unchanged:
        about = metric(name)
        effects[case, name] = (max(about.effect, calibration.floor(case, name)), about.least)
    watch.at(0.3)
    whole, single = replay.suite(calibration.unchanged, effects, runs, seed)
    watch.at(0.6)
    found: dict[Key, dict[float, float]] = {key: {} for key in effects}
    for share, recorded in calibration.slowed.items():
        slowed = {key: launches for key, launches in recorded.items() if key in effects}
        if not slowed:
            continue  # recording was interrupted before the first of them
        _, ended = replay.suite(slowed, effects, runs, seed)
        for key, shares in ended.items():
            found[key][share] = shares.of("regression")
    cases = [
        OfCase(
            *key,
            len(calibration.unchanged[key]),
            calibration.spread(*key),
            effects[key][0],
            single[key].of("regression"),
            single[key].of("inconclusive"),
            calibration.visible(*key),
            found[key],
        )
        for key in effects
    ]
    return Figures(
        calibration.machine,
        runs,
        wilson(whole.of("regression"), runs),
        wilson(whole.of("inconclusive"), runs),
        cases,
    )


def wilson(share: float, count: int) -> Estimate:
    """Return a share of `count` trials with its 95 % interval. Source: Wilson (1927)."""
    middle = share + _Z**2 / (2 * count)
    wide = _Z * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    below = 1 + _Z**2 / count
    low, high = (middle - wide) / below, (middle + wide) / below
    return Estimate(share, min(max(low, 0.0), share), max(min(high, 1.0), share))
