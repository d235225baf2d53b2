"""orjson, a line at a time, as in a loop with json."""

from __future__ import annotations

from asrbench.engine import EngineOptions, missing
from asrbench.jsonlog.answer import Answer
from asrbench.jsonlog.cases import Work
from asrbench.jsonlog.fields import gather, one_thread


class Orjson:
    """Answers in one thread."""

    name = "orjson"

    def __init__(self, options: EngineOptions) -> None:
        """Refuse several threads, and a missing library, with EngineError."""
        one_thread(options, self.name)
        try:
            from orjson import loads
        except ModuleNotFoundError as error:
            raise missing(self.name, error, "peers-jsonlog") from error
        self._loads = loads

    def run(self, item: Work) -> Answer:
        """Parse every line, and gather."""
        with item.log.path.open("rb") as file:
            return gather(map(self._loads, file), item.query)

    def close(self) -> None:
        """Nothing is held."""
