"""A piece of work that a side is asked for, whoever described it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Work:
    """What is called, and what may be asked of its answer.

    `check` returns something with `passed` and `detail`; `stages` the seconds an answer spent in
    each stage; `amount` is how much work it is, and its unit.
    """

    name: str
    run: Callable[[], Any]
    prepare: Callable[[], None] | None = None
    check: Callable[[Any], Any] | None = None
    stages: Callable[[Any], Mapping[str, float]] | None = None
    amount: tuple[float, str] | None = None
