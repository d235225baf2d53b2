"""A launch: a fresh process a side, and the cases called in turns, in random order."""

from __future__ import annotations

import random
from collections.abc import Mapping

from asrbench.gate.cores import drawn
from asrbench.gate.launched import SIDES, Asked, Launched, Pace
from asrbench.gate.pair import Pair, SideError
from asrbench.gate.sides import Name, Place, Process
from asrbench.gate.verdict import Unmeasured


def launch(
    places: Mapping[Name, Place],
    asked: Asked,
    paces: dict[str, Pace],
    number: int,
    chance: random.Random,
) -> Launched:
    """Start the sides, in random order and on the same cores, and call every case of both.

    A side that dies, hangs or eats memory loses the case it was at, which is listed (None: it was
    at none yet); what comes behind it is missing from this launch.
    """
    done = Launched(number)
    cores = drawn(places["base"].threads, chance)
    sides = {
        name: Process(places[name], asked.bounds, cores=cores) for name in chance.sample(SIDES, 2)
    }
    try:
        Pair(sides, asked, paces, chance, done).run()
    except SideError as error:
        done.lost.append(Unmeasured(error.case, error.side, error.kind, error.message))
        if error.case is not None:
            done.cases.pop(error.case, None)
    return done
