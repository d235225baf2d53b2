"""Contenders take turns in random order, so that what disturbs one disturbs the other as much."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Result = TypeVar("Result")

Clock = Callable[[], float]  # seconds from some moment on, never backwards


@dataclass(frozen=True, slots=True)
class Turn(Generic[Result]):
    """One timed call: in which round, on which piece of work, by which contender, how long."""

    round: int
    piece: str
    contender: str
    began_s: float
    took_s: float
    output: Result


def interleave(
    pieces: Mapping[str, Mapping[str, Callable[[], Result]]],
    rounds: int,
    seed: int,
    clock: Clock,
) -> Iterator[Turn[Result]]:
    """Call every contender once on every piece of work in each round, all in random order.

    Contenders take turns on one piece before the next piece comes, so that a pair of times lies
    close together. `began_s` counts from the first call. The same seed gives the same order.
    """
    if rounds < 1:
        raise ValueError(f"rounds is {rounds}; expected one or more")
    chance = random.Random(seed)  # noqa: S311  an order, not a secret
    start = clock()
    for number in range(rounds):
        for piece in chance.sample(sorted(pieces), len(pieces)):
            contenders = pieces[piece]
            for name in chance.sample(sorted(contenders), len(contenders)):
                began = clock()
                output = contenders[name]()
                took = clock() - began
                yield Turn(number, piece, name, began - start, took, output)
