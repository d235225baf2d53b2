"""What came of fuzzing targets: a table, with a line for each, and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from asrbench.cli.columns import columns, printable
from asrbench.errors import Error
from asrbench.fuzz.finding import Finding
from asrbench.fuzz.log import Status
from asrbench.fuzz.session import Session
from asrbench.fuzz.target import Target

_HEAD = ("", "target", "time", "inputs", "exec/s", "cov", "features", "sees")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One target's: what fuzzing did and found, or the error that kept it from that.

    Invariant: there is a session or an error, not both; a finding only with a session.
    """

    target: Target
    session: Session | None = None
    finding: Finding | None = None
    error: Error | None = None

    def __post_init__(self) -> None:
        """Refuse an outcome of nothing, and of both."""
        if (self.session is None) == (self.error is None):
            raise ValueError(f"{self.target.name} has session {self.session}, error {self.error}")
        if self.session is None and self.finding is not None:
            raise ValueError(f"{self.target.name} has a finding of no session")


def table(outcomes: Sequence[Outcome]) -> str:
    """Return the outcomes as lines, what was found and what failed below them."""
    told = [line for outcome in outcomes for line in _told(outcome)]
    return "\n".join([columns([_HEAD, *map(_row, outcomes)]), *told])


def records(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Return the outcomes as JSON values; figures are null where there was an error."""
    return [_record(outcome) for outcome in outcomes]


def figures(status: Status) -> str:
    """Return how far a process is, in a few words."""
    return f"{status.per_second:,} exec/s, cov {status.coverage:,}, {status.executions:,} inputs"


def _row(outcome: Outcome) -> tuple[str, ...]:
    done = outcome.session
    if done is None:
        return ("ERROR", outcome.target.name, *[""] * (len(_HEAD) - 2))
    status = done.status
    sees = f"{status.counters:,} places" if status.counters else f"{status.functions:,} functions"
    return (
        "FOUND" if outcome.finding else "ok",
        outcome.target.name,
        f"{done.took_s:.0f} s",
        f"{status.executions:,}",
        f"{status.per_second:,}",
        f"{status.coverage:,}",
        f"{status.features:,}",
        sees,
    )


def _told(outcome: Outcome) -> list[str]:
    found = outcome.finding
    if outcome.error is not None:
        return ["", f"{outcome.target.name}: {printable(str(outcome.error))}"]
    if found is None:
        return []
    return [
        "",
        printable(found.reason),
        f"  input   {found.input} ({found.size} bytes, found with {found.found_size})",
        f"  again   {found.command}",
    ]


def _record(outcome: Outcome) -> dict[str, Any]:
    done, found = outcome.session, outcome.finding
    return {
        "target": outcome.target.name,
        "took_s": done and done.took_s,
        "executions": done and done.status.executions,
        "per_second": done and done.status.per_second,
        "coverage": done and done.status.coverage,
        "features": done and done.status.features,
        "native_places": done and done.status.counters,
        "python_functions": done and done.status.functions,
        "error": None if outcome.error is None else str(outcome.error),
        "found": None
        if found is None
        else {
            "input": str(found.input),
            "reason": found.reason,
            "bytes": found.size,
            "command": found.command,
        },
    }
