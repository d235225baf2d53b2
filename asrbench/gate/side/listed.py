"""Cases that a function lists: "package.module:function" returns them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

from .work import Work


def names(places: Sequence[str]) -> list[str]:
    """Return the names of the cases in all places, in order. Raises ValueError for one twice."""
    return list(_by_name(places))


def run(places: Sequence[str], wanted: Sequence[str], serve: Callable[[Work], None]) -> None:
    """Serve each wanted case in turn, in the order in which they are wanted: both sides alike."""
    cases = _by_name(places)
    for name in wanted:
        if name in cases:
            serve(_work(cases[name]))


def function(place: str) -> Callable[..., Any]:
    """Return what stands at "package.module:name"."""
    module, _, name = place.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def _by_name(places: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place in places:
        for case in function(place)():
            name = _name(case)
            if name in found:
                raise ValueError(f"two cases are called {name!r}; expected a name of its own")
            found[name] = case
    return found


def _name(case: Any) -> str:
    """Return the name of a case, with its item: one name may have several."""
    item = getattr(case, "item", None)
    return f"{case.name} {item}" if item else str(case.name)


def _work(case: Any) -> Work:
    """Return a Case of asrbench.workload as work; what else it may have is looked for."""
    amount = getattr(case, "amount", None)
    return Work(
        name=_name(case),
        prepare=getattr(case, "prepare", None),
        run=case.run,
        check=getattr(case, "check", None),
        stages=getattr(case, "stages", None),
        amount=None if amount is None else (float(amount.value), str(amount.unit)),
    )
