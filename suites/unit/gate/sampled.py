"""Launches for tests: of a case whose noise is known, and of one that has none."""

import random
from collections.abc import Sequence

from asrbench.gate.verdict import Launch


def noisy(count: int, spread: float, slower: float = 0.0, seed: int = 0) -> tuple[Launch, ...]:
    """Launches of a case of a millisecond; a launch's change has this standard deviation."""
    chance = random.Random(seed)
    return tuple(
        Launch(number, 1e-3, 1e-3 * (1 + slower) * (1 + chance.gauss(0.0, spread)))
        for number in range(count)
    )


def steady(changes: Sequence[float], base: float = 1.0) -> list[Launch]:
    """One launch for each relative change."""
    return [Launch(number, base, base * (1 + by)) for number, by in enumerate(changes)]
