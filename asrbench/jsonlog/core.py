"""The native part of jsonlog, which a build may lack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from asrbench import _native
from asrbench.errors import EngineError
from asrbench.jsonlog.answer import BadLine, Census, Group, triple
from asrbench.jsonlog.query import Query

if TYPE_CHECKING:
    from asrbench._native import jsonlog


def core() -> type[jsonlog]:
    """Return the native functions. Raises EngineError where they were left out of the build."""
    found: type[jsonlog] | None = getattr(_native, "jsonlog", None)
    if found is None:
        raise EngineError(
            "this build of asrbench has no jsonlog (-DASRBENCH_JSONLOG=OFF); expected simdjson "
            "when it was built: apt-get install libsimdjson-dev, and build again"
        )
    return found


def native_query(query: Query) -> jsonlog.Query:
    """Return the query for the core. Raises OptionError for what it does not take."""
    return core().Query(
        by=query.by,
        value=query.value,
        sum=query.sum,
        status=query.status,
        ok=query.ok,
        where=[(one.field, one.comparison, one.text) for one in query.where],
        strict=query.strict,
        cap=query.cap,
    )


def census(counted: Mapping[str, Any]) -> Census:
    """Return what the core counted."""
    first = tuple(BadLine(*bad) for bad in counted["first_bad"])
    return Census(counted["lines"], counted["blank"], counted["bad"], first)


def groups(log: jsonlog.Log) -> tuple[Group, ...]:
    """Return the groups of a log so far."""
    return tuple(
        Group(key, count, errors, sum_, values, triple(percentiles or ()))
        for key, count, errors, sum_, values, percentiles in log.groups()
    )
