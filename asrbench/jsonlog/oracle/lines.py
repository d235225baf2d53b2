"""The lines of a log, each numbered and with its fields or the reason why it is bad."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from asrbench.jsonlog.oracle.record import Record, read

CAP = 1 << 20  # bytes of a line, its newline not counted
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
Line: TypeAlias = tuple[int, "Record | str | None"]
_CUT = ("utf-8", "string", "structure")  # what a line may be for having broken off


def lines(
    log: Iterable[bytes], names: Sequence[str], strict: bool = False, cap: int = CAP
) -> Iterator[Line]:
    """Yield each line's number, from 1 on, with its fields, why it is bad, or None for blank.

    `log` yields whole lines with their newlines, as a file opened in binary mode does.
    """
    for number, line in enumerate(log, 1):
        if number == 1:
            line = line.removeprefix(BYTE_ORDER_MARK)
            if not line:
                return
        ended = line.endswith(b"\n")
        text = line[:-1] if ended else line
        found = "long" if len(text) > cap else read(text, names, strict)
        yield number, "truncated" if not ended and found in _CUT else found
