"""The cores of a launch: both sides run on the same ones, drawn anew for every launch.

Cores are not alike: interrupts, neighbours on the host and what else runs make one of them slower
for seconds. Left to itself the scheduler keeps each side on a core of its own, and the difference
of the cores becomes a difference of the sides: launches of unchanged code differed by 2 to 25 %,
on the same core by 0.4 to 1.7 %. Since the sides take turns, sharing costs nothing but caches that
the other one has filled.
"""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Iterator


def drawn(threads: int, chance: random.Random) -> frozenset[int]:
    """Return as many cores as threads, at random of those that this process may use.

    Empty, which means any, where there are no more than that or the system has no say in it.
    """
    if not hasattr(os, "sched_getaffinity"):
        return frozenset()
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) <= threads:
        return frozenset()
    return frozenset(chance.sample(allowed, threads))


@contextlib.contextmanager
def kept_to(cores: frozenset[int]) -> Iterator[None]:
    """Keep this thread, and the processes it starts, to some cores while the context lasts."""
    if not cores:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
