"""Python's own json, a line at a time: what most people begin with."""

from __future__ import annotations

import json

from asrbench.engine import EngineOptions
from asrbench.jsonlog.answer import Answer
from asrbench.jsonlog.cases import Work
from asrbench.jsonlog.fields import gather, one_thread


class Json:
    """Answers in one thread; the log is read in binary, which json.loads takes."""

    name = "json"

    def __init__(self, options: EngineOptions) -> None:
        """Refuse several threads with EngineError."""
        one_thread(options, self.name)

    def run(self, item: Work) -> Answer:
        """Parse every line, and gather."""
        with item.log.path.open("rb") as file:
            return gather(map(json.loads, file), item.query)

    def close(self) -> None:
        """Nothing is held."""
