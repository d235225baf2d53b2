"""`asrbench engines`: what can be measured against what, and how to get the rest."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from asrbench import engine, workload
from asrbench.cli.columns import columns
from asrbench.engine import EngineOptions
from asrbench.errors import Error


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether one engine can be built here.

    Invariants: `reason` says why it cannot, and is empty when it can.
    """

    workload: str
    engine: str
    available: bool
    reason: str

    def __post_init__(self) -> None:
        """Refuse an engine that is missing for no reason."""
        if self.available == bool(self.reason):
            raise ValueError(f"available is {self.available} with reason {self.reason!r}")


def availability() -> list[Availability]:
    """Return every engine of every workload, each of them built and closed again to know."""
    return [
        _tried(of, name) for of in sorted(workload.installed()) for name in engine.installed(of)
    ]


def engines(
    as_json: Annotated[bool, typer.Option("--json", help="A JSON array instead of lines.")] = False,
) -> None:
    """List the engines of every workload, whether they run here, and why not.

    Example: asrbench engines --json
    """
    found = availability()
    if as_json:
        print(json.dumps([asdict(one) for one in found], indent=2))
        return
    rows = [("WORKLOAD", "ENGINE", "HERE", "REASON")]
    rows += [(one.workload, one.engine, _yes(one.available), one.reason) for one in found]
    print(columns(rows))


def _tried(of: str, name: str) -> Availability:
    try:
        engine.build(of, name, EngineOptions()).close()
    except (Error, ImportError) as error:
        return Availability(of, name, False, str(error) or type(error).__name__)
    return Availability(of, name, True, "")


def _yes(here: bool) -> str:
    return "yes" if here else "no"
