"""pysimdjson: simdjson's document of each line, of which Python sees the fields it asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asrbench.engine import EngineOptions, missing
from asrbench.jsonlog.answer import Answer
from asrbench.jsonlog.cases import Work
from asrbench.jsonlog.fields import Gathered, answer, one_thread, plain


class PySimdjson:
    """Answers in one thread; one parser is used for all lines."""

    name = "pysimdjson"

    def __init__(self, options: EngineOptions) -> None:
        """Refuse several threads, and a missing library, with EngineError."""
        one_thread(options, self.name)
        try:
            from simdjson import Parser
        except ModuleNotFoundError as error:
            raise missing(self.name, error, "peers-jsonlog") from error
        self._parse: Callable[[bytes], Any] = Parser().parse

    def run(self, item: Work) -> Answer:
        """Parse every line, and gather; a document must be gone before the next line is parsed."""
        by, value, amount, status, ok = plain(item.query)
        parse = self._parse
        groups: dict[str | None, Gathered] = {}
        with item.log.path.open("rb") as file:
            for line in file:
                event = parse(line)
                key, state = event.get(by), event.get(status)
                group = groups.get(key)
                if group is None:
                    group = groups[key] = Gathered()
                group.take(event.get(value), event.get(amount), state is not None and state != ok)
                del event
        return answer(groups)

    def close(self) -> None:
        """Nothing is held."""
