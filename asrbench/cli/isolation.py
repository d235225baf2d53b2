"""The options that keep an engine in a process of its own, made one record or refused together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:  # --help needs no measuring
    from asrbench.measure.worker import Isolation

_MB = 1_000_000


def isolation(
    isolate: bool, fresh: bool, limit_s: float | None, memory_mb: float | None, soak: bool
) -> Isolation | None:
    """Return how the engine is kept apart; None where it is not.

    Refuses with typer.BadParameter what says nothing without --isolate, and a soak with it.
    """
    from asrbench.measure.bounds import Bounds
    from asrbench.measure.worker import Isolation

    if not (isolate or fresh):
        if limit_s is not None or memory_mb is not None:
            raise typer.BadParameter("--limit-s and --memory-mb are for --isolate; expected that")
        return None
    if soak:
        raise typer.BadParameter("--soak reads the memory of this process; expected no --isolate")
    memory_bytes = None if memory_mb is None else round(memory_mb * _MB)
    bounds = Bounds() if limit_s is None else Bounds(limit_s)
    return Isolation(Bounds(bounds.seconds, memory_bytes), fresh)
