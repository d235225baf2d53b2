"""pysimdjson: simdjson's document of each line, of which Python sees the fields it asks for."""

from __future__ import annotations

from asrbench.engine import EngineOptions, missing
from asrbench.jsonlog.answer import Answer
from asrbench.jsonlog.cases import Work
from asrbench.jsonlog.fields import gather, one_thread


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
        self._parse = Parser().parse

    def run(self, item: Work) -> Answer:
        """Parse every line, and gather."""
        with item.log.path.open("rb") as file:
            return gather(map(self._parse, file), item.query)

    def close(self) -> None:
        """Nothing is held."""
