"""Counterfeit engines whose part of the limit is known, on a clock that they move."""

from __future__ import annotations

import numpy as np

from asrbench.engine import EngineOptions
from asrbench.kernels.answer import Answer
from asrbench.kernels.engines.oracle import Oracle
from asrbench.kernels.work import Loop, Product, Work


class Time:
    """A clock that moves when work is done, and then only."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Lawful:
    """A limit takes a millisecond; a product twice as long as its limit would for its work."""

    name = "lawful"
    slower = 2.0

    def __init__(self, clock: Time) -> None:
        self.clock = clock
        self.oracle = Oracle(EngineOptions())

    def run(self, item: Work) -> Answer | float:
        if isinstance(item, Product):
            limit = item.limit
            part = item.amount.value / limit.amount.value if isinstance(limit, Loop) else 1.0
            self.clock.now_s += self.slower * part * 0.001
            a, w = item.operands()
            return Answer(lambda: a @ w.T)
        self.clock.now_s += 0.001
        return item.operations if isinstance(item, Loop) else item.size - 1

    def close(self) -> None:
        pass


class Slower(Lawful):
    """Takes twice as long again: a quarter of the limit."""

    name = "slower"
    slower = 4.0


class Wrong(Lawful):
    """Every product of int8 is wrong by one in one place."""

    name = "wrong"

    def run(self, item: Work) -> Answer | float:
        answer = super().run(item)
        if isinstance(answer, Answer) and isinstance(item, Product) and item.precision == "int8":
            values = answer.values() + np.eye(item.rows, item.out)
            return Answer(lambda: values)
        return answer
