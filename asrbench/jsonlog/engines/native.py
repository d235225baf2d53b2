"""The C++ core as an engine: a scan for marks, a line at a time, threads over parts."""

from __future__ import annotations

from dataclasses import replace

from asrbench.engine import EngineOptions
from asrbench.jsonlog import core
from asrbench.jsonlog.answer import Answer
from asrbench.jsonlog.cases import Work


class Native:
    """Answers exactly, whatever the number of threads. `options.model` is not used."""

    def __init__(self, options: EngineOptions, strict: bool = False) -> None:
        """Choose. Raises EngineError where the build has no jsonlog."""
        core.core()
        self.name = "native-strict" if strict else "native"
        self._threads = options.threads
        self._strict = strict

    def run(self, item: Work) -> Answer:
        """Read the log's file and answer."""
        query = replace(item.query, strict=item.query.strict or self._strict)
        log = core.core().Log(core.native_query(query))
        census = core.census(log.scan(str(item.log.path), self._threads))
        return Answer(core.groups(log), census, exact=True)

    def close(self) -> None:
        """Nothing is held."""


def strict(options: EngineOptions) -> Native:
    """Return the engine that holds every line to the whole grammar."""
    return Native(options, strict=True)
