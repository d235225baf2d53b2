"""msgspec into a typed Struct of the four fields that are asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asrbench.engine import EngineOptions, missing
from asrbench.jsonlog.answer import Answer
from asrbench.jsonlog.cases import Work
from asrbench.jsonlog.fields import Gathered, answer, one_thread, plain


class Msgspec:
    """Answers in one thread."""

    name = "msgspec"

    def __init__(self, options: EngineOptions) -> None:
        """Refuse several threads, and a missing library, with EngineError."""
        one_thread(options, self.name)
        try:
            import msgspec
        except ModuleNotFoundError as error:
            raise missing(self.name, error, "peers-jsonlog") from error
        self._msgspec = msgspec

    def run(self, item: Work) -> Answer:
        """Decode every line, and gather."""
        by, value, amount, status, ok = plain(item.query)
        fields = [
            ("by", str | None, None),
            ("value", float | None, None),
            ("amount", float | None, None),
            ("status", str | None, None),
        ]
        names = {"by": by, "value": value, "amount": amount, "status": status}
        line = self._msgspec.defstruct("Line", fields, rename=names, gc=False)
        decode: Callable[[bytes], Any] = self._msgspec.json.Decoder(line).decode
        groups: dict[str | None, Gathered] = {}
        with item.log.path.open("rb") as file:
            for event in map(decode, file):
                group = groups.get(event.by)
                if group is None:
                    group = groups[event.by] = Gathered()
                failed = event.status is not None and event.status != ok
                group.take(event.value, event.amount, failed)
        return answer(groups)

    def close(self) -> None:
        """Nothing is held."""
