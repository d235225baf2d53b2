"""Names typed on the command line: what is not known is wrong usage, and the known are named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer

from asrbench import workload
from asrbench.workload import Workload


def known_workload(name: str) -> Workload[Any, Any, Any]:
    """Return the workload of that name; typer.BadParameter where there is none."""
    try:
        return workload.find(name)
    except LookupError as error:
        raise typer.BadParameter(str(error.args[0])) from error


def known_engine(record: Workload[Any, Any, Any], name: str) -> None:
    """Refuse the name of an engine that the workload does not have with typer.BadParameter."""
    known = sorted(record.engines())
    if name not in known:
        raise typer.BadParameter(f"no engine {name!r} for {record.name}; expected one of {known}")


def known_meters(names: Sequence[str] | None) -> tuple[str, ...]:
    """Return the meters asked for, each once, or those always read; refuse what is no meter."""
    from asrbench.measure.meters import DEFAULT, KINDS

    for name in names or ():
        if name not in KINDS:
            raise typer.BadParameter(f"no meter {name!r}; expected one of {list(KINDS)}")
    return tuple(dict.fromkeys(names)) if names else DEFAULT
