"""The gate beside asv and pytest-benchmark: false alarms, slowdowns found, and minutes.

    python -m suites.trust.versus --runs 15                 goes on where it was stopped
    python -m suites.trust.versus --runs 15 --minutes 30    begins nothing new after so many
    python -m suites.trust.versus --table                   the table of what there is

All judge the same wheels of four kernels: the base against a commit that changed nothing, and
against one in which every call spins for 5 % of its time. Needs the extra [peers-gate]. Each run
is kept in --out as it ends.
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

from asrbench.measure import environment
from suites.trust.versus.outcome import Outcome, read, table, write
from suites.trust.versus.scratch import KERNELS, SPIN, Kind, ready
from suites.trust.versus.tools import FACTOR, TOOLS


def main() -> None:
    """Parse, run what is left, print."""
    parser = argparse.ArgumentParser(prog="suites.trust.versus", description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="of each tool, unchanged and slow")
    parser.add_argument("--minutes", type=float, default=1e9, help="begin nothing new after these")
    parser.add_argument("--tool", action="append", choices=list(TOOLS), help="only this one")
    parser.add_argument("--folder", type=Path, default=Path("build/versus"))
    parser.add_argument("--out", type=Path, default=Path("results/versus/versus.json"))
    parser.add_argument("--table", action="store_true", help="run nothing")
    asked = parser.parse_args()
    outcomes = read(asked.out)
    if not asked.table:
        run(asked, outcomes)
    print(table(outcomes, KERNELS))


def run(asked: argparse.Namespace, outcomes: list[Outcome]) -> None:
    """Run every tool as often as is missing; keep each outcome at once."""
    scratch = ready(asked.folder)
    end = time.monotonic() + 60 * asked.minutes
    told: dict[str, Any] = {
        "environment": environment.describe(1),
        "spin": SPIN,
        "factor": FACTOR,
        "kernels": list(KERNELS),
    }
    for tool, kind in left(outcomes, asked.tool or list(TOOLS), asked.runs):
        if time.monotonic() > end:
            return
        folder = scratch.folder / "run"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        outcomes.append(TOOLS[tool](scratch, kind, folder))
        write(outcomes, told, asked.out)
        print(line(outcomes[-1]), flush=True)


def left(
    outcomes: Sequence[Outcome], tools: Sequence[str], runs: int
) -> Iterator[tuple[str, Kind]]:
    """Return which runs are missing, the tools in turns, so that a busy hour is shared by all."""
    kinds: tuple[Kind, ...] = get_args(Kind)
    done = Counter((one.tool, one.kind) for one in outcomes)
    yield from (
        (tool, kind) for number in range(runs) for kind in kinds for tool in tools
        if done[tool, kind] <= number
    )  # fmt: skip


def line(one: Outcome) -> str:
    """Say how a run ended."""
    named = ", ".join(one.alarmed) or "none"
    open_ = f"; inconclusive: {', '.join(one.open)}" if one.open else ""
    return f"{one.tool:16} {one.kind}: alarms {named}{open_}; {one.took_s:.0f} s"


if __name__ == "__main__":
    main()
