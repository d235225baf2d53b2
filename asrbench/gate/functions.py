"""Instructions by function, base against head: where a slowdown is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_LINE = re.compile(r"^\s*([0-9][0-9,]{0,30}) \([^)]*\)\s+(.*?)(?: \[([^\]]*)\])?$")
_PLACE = re.compile(r"^[^:]*:(?=\S)")  # the source file before a function, or ???


def inclusive(annotated: str) -> Mapping[str, int]:
    """Return the inclusive instructions of each function, out of callgrind_annotate's text.

    A function is named as the program's symbols do, with the library it is in; several of one name
    in one library count together. Source: Valgrind's manual, callgrind_annotate.
    """
    found: dict[str, int] = {}
    for line in annotated.splitlines():
        match = _LINE.match(line)
        if match is None or match[2].startswith("PROGRAM TOTALS"):
            continue
        name = _PLACE.sub("", match[2])
        library = (match[3] or "").rpartition("/")[2]
        key = f"{name} [{library}]" if library else name
        found[key] = found.get(key, 0) + int(match[1].replace(",", ""))
    return found


def difference(
    base: Mapping[str, int], head: Mapping[str, int], most: int = 20
) -> Sequence[tuple[str, int, int]]:
    """Return functions whose instructions differ, with those of each side, the largest first."""
    names = sorted(
        base.keys() | head.keys(),
        key=lambda name: (-abs(head.get(name, 0) - base.get(name, 0)), name),
    )
    rows = [(name, base.get(name, 0), head.get(name, 0)) for name in names]
    return [row for row in rows if row[1] != row[2]][:most]
