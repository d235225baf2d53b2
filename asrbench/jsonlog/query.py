"""What is asked of a log: a field to group by, one for percentiles, one to add up, a status."""

from __future__ import annotations

import re
from dataclasses import dataclass

from asrbench.errors import OptionError

CAP = 1 << 20  # bytes of a line, its newline not counted
_CONDITION = re.compile(r"([^=!<>]+?)\s*(!=|<=|>=|=|<|>)\s*(.*)", re.DOTALL)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Condition:
    """A field compared: by = and != as a text, by < <= > >= as a number.

    A field that is absent or null holds no condition but !=. Invariants: `comparison` is one of the
    six; what orders is compared with a number of JSON.
    """

    field: str
    comparison: str
    text: str

    def __post_init__(self) -> None:
        """Refuse what compares nothing."""
        if self.comparison not in ("=", "!=", "<", "<=", ">", ">="):
            raise OptionError(f"comparison is {self.comparison!r}; expected one of = != < <= > >=")
        if self.comparison[0] in "<>" and not _NUMBER.fullmatch(self.text):
            raise OptionError(
                f"{self.field!r} is compared by {self.comparison} with {self.text!r}; "
                "expected a number"
            )

    @classmethod
    def parse(cls, written: str) -> Condition:
        """Read "status!=ok" or "latency_ms >= 100". Raises OptionError."""
        found = _CONDITION.fullmatch(written.strip())
        if found is None:
            raise OptionError(f"condition is {written!r}; expected such as 'latency_ms >= 100'")
        return cls(*found.groups())


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a log; fields are those of a line's own object.

    by      a field whose texts make groups; None: one group of all lines
    value   a number: its p50, p95 and p99
    sum     a number: its exact sum
    status  a line where it is there, and is not `ok`, is an error
    where   conditions; a line for which one does not hold is passed over
    strict  the grammar of the whole line, not only of what is read
    cap     bytes of a line, 1 to 2^28; a longer one is bad
    """

    by: str | None = None
    value: str | None = "latency_ms"
    sum: str | None = "audio_s"
    status: str | None = "status"
    ok: str = "ok"
    where: tuple[Condition, ...] = ()
    strict: bool = False
    cap: int = CAP
