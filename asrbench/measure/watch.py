"""Who measures tells someone how far it has come."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Told when a stage of a measurement begins, and how far it is."""

    def begin(self, stage: str) -> None:
        """Hear that a stage begins: "check", "measure"; the one before has ended."""
        ...

    def at(self, fraction: float, note: str = "") -> None:
        """Hear that the stage is done to this fraction, 0 to 1."""
        ...


class Unwatched:
    """A Watch that nobody looks at."""

    def begin(self, stage: str) -> None:
        """Say nothing."""

    def at(self, fraction: float, note: str = "") -> None:
        """Say nothing."""
