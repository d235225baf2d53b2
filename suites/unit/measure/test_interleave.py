"""Contenders take turns in random order."""

import itertools
from collections.abc import Callable

import pytest

from asrbench.measure.interleave import Turn, interleave

Pieces = dict[str, dict[str, Callable[[], int]]]


def ticking() -> Callable[[], float]:
    """A clock that moves on by a step whenever it is read."""
    ticks = itertools.count()
    return lambda: float(next(ticks))


def order(seed: int, rounds: int = 50) -> list[Turn[int]]:
    pieces: Pieces = {"x": {"a": lambda: 1, "b": lambda: 2}, "y": {"a": lambda: 3, "b": lambda: 4}}
    return list(interleave(pieces, rounds, seed, ticking()))


def test_every_contender_gets_every_piece_once_a_round() -> None:
    for _, turns in itertools.groupby(order(seed=0), key=lambda turn: turn.round):
        calls = [(turn.piece, turn.contender) for turn in turns]

        assert sorted(calls) == [("x", "a"), ("x", "b"), ("y", "a"), ("y", "b")]
        assert calls[0][0] == calls[1][0]  # a pair of times lies close together


def test_the_same_seed_gives_the_same_order_and_another_seed_another() -> None:
    names = [[(turn.piece, turn.contender) for turn in order(seed)] for seed in (1, 1, 2)]

    assert names[0] == names[1]
    assert names[0] != names[2]


def test_neither_contender_is_first_more_often_than_chance_allows() -> None:
    turns = order(seed=0, rounds=200)
    first = [pair[0].contender for pair in zip(turns[::2], turns[1::2], strict=True)]

    assert 150 < first.count("a") < 250  # 400 pairs: five standard deviations


def test_a_turn_says_how_long_the_call_alone_took_and_what_it_gave() -> None:
    first, *_ = order(seed=0)

    assert first.took_s == 1.0
    assert first.began_s == 1.0
    assert first.output == {"xa": 1, "xb": 2, "ya": 3, "yb": 4}[first.piece + first.contender]


def test_no_round_is_refused() -> None:
    with pytest.raises(ValueError, match="rounds is 0; expected one or more"):
        next(interleave(Pieces(), 0, 0, ticking()))
