"""The gate is run again and again on one revision, as it is or slowed: how often it is right.

    python -m suites.trust.live --runs 20                    nothing changed: alarms are false
    python -m suites.trust.live --runs 20 --spin 0.05        the head is 5 % slower
    python -m suites.trust.live --runs 20 --stress 2         beside two busy processes

Prints a line a run, then shares with 95 % intervals; writes every verdict to --out as JSON.
Instructions are left out: counts of one revision are equal, and cost more than the rest.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from asrbench.gate import calibration, gate
from asrbench.gate.figures import wilson
from asrbench.gate.judging import Choices
from asrbench.gate.verdict import Gated
from asrbench.measure.run_file import write_whole
from asrbench.measure.watch import Unwatched
from asrbench.report.gate.json_file import to_json

_BUSY = "import numpy as np\na = np.ones(1 << 23)\nwhile True:\n    a += a.sum() % 3\n"
_TIME = "time"


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(prog="suites.trust.live", description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--spin", type=float, default=0.0, help="share that the head is slowed by")
    parser.add_argument("--stress", type=int, default=0, help="busy processes beside the gate")
    parser.add_argument("--case", action="append", default=[], help="only cases of this pattern")
    parser.add_argument("--out", type=Path, default=Path("asrbench-runs/live.json"))
    asked = parser.parse_args()
    own = calibration.find(Path("results/calibration")) or calibration.Calibration()
    took: list[float] = []
    answers: list[Gated] = []
    with busy(asked.stress):
        for run in range(asked.runs):
            began = time.monotonic()
            choices = Choices(tuple(asked.case), random.randrange(2**31), asked.spin, counted=False)
            answer, _ = gate.run(gate.Gate(Path().resolve(), ".", ".", choices, own), Unwatched())
            took.append(time.monotonic() - began)
            answers.append(answer)
            print(line(run, answer, took[-1]), flush=True)
            write_whole(asked.out, json.dumps(told(asked, answers, took), ensure_ascii=False))
    for said in shares(answers):
        print(said)


@contextlib.contextmanager
def busy(count: int) -> Iterator[None]:
    """Keep so many processes busy with memory and arithmetic while the context lasts."""
    processes = [subprocess.Popen([sys.executable, "-c", _BUSY]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def line(run: int, answer: Gated, took_s: float) -> str:
    """Say how a run ended, and on what it alarmed."""
    ended = {
        outcome: [f"{v.case} {v.metric} {v.change.value:+.1%}" for v in answer.verdicts
                  if v.outcome == outcome]
        for outcome in ("regression", "inconclusive")
    }  # fmt: skip
    named = "; ".join(f"{outcome}: {', '.join(of)}" for outcome, of in ended.items() if of)
    gone = "; ".join(f"{one.kind} {one.case}: {one.message}" for one in answer.unmeasured)
    return f"run {run}: exit {answer.code}, {took_s:.0f} s  {named} {gone}".rstrip()


def shares(answers: list[Gated]) -> list[str]:
    """Return what share of runs, and of verdicts on time, ended how."""
    said = []
    alarms = sum(answer.code == 1 for answer in answers)
    said.append(_share("runs that alarmed", alarms, len(answers)))
    times = [v for answer in answers for v in answer.verdicts if v.metric == _TIME]
    for outcome in ("regression", "inconclusive"):
        count = sum(v.outcome == outcome for v in times)
        said.append(_share(f"cases whose time is {outcome}", count, len(times)))
    every = [v for answer in answers for v in answer.verdicts]
    count = sum(v.outcome == "inconclusive" for v in every)
    return [*said, _share("verdicts of any metric that are inconclusive", count, len(every))]


def _share(what: str, count: int, of: int) -> str:
    if not of:
        return f"{what}: none of none"
    found = wilson(count / of, of)
    return f"{what}: {count} of {of} = {found.value:.1%} ({found.low:.1%} to {found.high:.1%})"


def told(asked: argparse.Namespace, answers: list[Gated], took: list[float]) -> dict[str, Any]:
    """Return everything as JSON values."""
    return {
        "spin": asked.spin,
        "stress": asked.stress,
        "took_s": took,
        "answers": [to_json(answer) for answer in answers],
    }


if __name__ == "__main__":
    main()
