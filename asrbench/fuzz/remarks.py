"""Counts what g++ says of loops: which were vectorised, which not, in which file of ours.

    python -m asrbench.fuzz.remarks FOLDER < BUILD.log

The log is that of a build with `-fopt-info-vec-optimized-missed`; the format is in GCC's manual,
"Developer Options". A loop that is compiled several times, as a template's is, counts by each place
once: as vectorised where one of its copies is.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

_REMARK = re.compile(
    r"(?P<place>(?P<file>\S+?):\d+:\d+): "
    r"(?:(?P<yes>optimized: loop vectorized)|missed: couldn't vectorize loop)"
)


def loops(log: Iterable[str], folder: Path) -> dict[str, dict[str, bool]]:
    """Return for each file below the folder the places of its loops, and which are vectorised."""
    found: dict[str, dict[str, bool]] = {}
    for line in log:
        remark = _REMARK.match(line)
        if remark is None:
            continue
        path = Path(remark["file"]).resolve()
        if path.is_relative_to(folder.resolve()):
            places = found.setdefault(str(path.relative_to(folder.resolve())), {})
            places[remark["place"]] = places.get(remark["place"], False) or bool(remark["yes"])
    return found


def main(arguments: list[str], log: Iterable[str]) -> int:
    """Print a line for each file and the sum; 3 where the log has no remark of ours."""
    found = loops(log, Path(arguments[0]))
    for name, places in sorted(found.items()):
        missed = [place.partition(":")[2] for place, well in places.items() if not well]
        shown = f"; not at {', '.join(missed)}" if missed else ""
        print(f"{name}: {sum(places.values())} of {len(places)} loops vectorised{shown}")
    every = [well for places in found.values() for well in places.values()]
    print(f"remarks: {sum(every)} of {len(every)} loops vectorised, in {len(found)} files")
    return 0 if every else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin))
