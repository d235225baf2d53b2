"""Judges a Valgrind report: an error counts when a frame of it lies in our extension.

    python -m asrbench.fuzz.memcheck REPORT.xml PART_OF_OUR_FILE'S_NAME

The interpreter, NumPy and pytest leave errors of their own, so Valgrind's exit code says nothing.
Format: Valgrind's docs/internals/xml-output-protocol4.txt.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fault:
    """One error: its kind, what Valgrind says, and the first frame of ours, if there is one."""

    kind: str
    what: str
    where: str | None


def faults(report: str, ours: str) -> Iterator[Fault]:
    """Yield every error of a report; a frame is ours when its object's path has `ours` in it."""
    for error in ET.fromstring(report).iter("error"):  # noqa: S314  written by our own valgrind
        frames = [frame for frame in error.iter("frame") if ours in (frame.findtext("obj") or "")]
        where = None
        if frames:
            first = frames[0]
            place = f"{first.findtext('file') or '?'}:{first.findtext('line') or '?'}"
            where = f"{first.findtext('fn') or '?'} {place}"
        what = error.findtext("what") or error.findtext("xwhat/text") or "?"
        yield Fault(error.findtext("kind") or "?", what, where)


def main(arguments: list[str]) -> int:
    """Print the errors of ours and how many there are elsewhere; 1 if there is one of ours."""
    path, ours = arguments
    found = list(faults(Path(path).read_text(encoding="utf-8", errors="replace"), ours))
    mine = [fault for fault in found if fault.where is not None]
    for fault in mine:
        print(f"{fault.kind}: {fault.what}\n    {fault.where}")
    print(f"memcheck: {len(mine)} errors in {ours}, {len(found) - len(mine)} elsewhere")
    return 1 if mine else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
