"""Names typed on the command line: what is not known is wrong usage, and the known are named."""

from __future__ import annotations

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
