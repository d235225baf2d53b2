"""A batch killed again and again until it is done, in processes that share one import.

    python -m suites.unit.cli.killed INPUTS OUT MODEL SEED

Prints after each kill how many inputs had their first output. OUT-unbroken is what a batch that
nobody kills leaves.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

import asrbench.speech.recognizer  # noqa: F401  imported once, for all
from asrbench.cli import main

ENDS = ("--format", "txt,srt,json", "--jobs", "1")


def begun(words: list[str]) -> int:
    """Start the verb in a child; return its process id."""
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        code = 3
        try:
            code = main(words)
        finally:
            os._exit(code)
    return child


def done(out: Path) -> int:
    """Count the inputs that have their first output."""
    return sum(1 for _ in out.rglob("*.txt"))


def ended(child: int) -> bool:
    """Whether a child has come to its end."""
    found, _ = os.waitpid(child, os.WNOHANG)
    return found == child


def run(arguments: list[str]) -> None:
    """Let the batch end once; in another folder, kill it wherever it is until it has ended."""
    given, out, model, seed = arguments
    words = ["transcribe", given, "--model", model, *ENDS, "--out"]
    os.waitpid(begun([*words, f"{out}-unbroken"]), 0)
    chance = random.Random(int(seed))
    there: list[int] = []
    while True:
        aim = done(Path(out)) + chance.randint(0, 2)
        child = begun([*words, out])
        while not (over := ended(child)) and done(Path(out)) < aim:
            time.sleep(0.001)
        time.sleep(chance.uniform(0.0, 0.02))
        if over or ended(child):
            break
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        there.append(done(Path(out)))
    print(*there)


if __name__ == "__main__":
    run(sys.argv[1:])
