"""A batch killed again and again until it is done, in processes that share one import.

    python -m suites.unit.cli.killed INPUTS OUT MODEL KILLS SEED

Prints how often it was killed, and how many outputs were there after each kill.
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


def run(arguments: list[str]) -> None:
    """Kill the batch at random moments of its length, then let it end."""
    given, out, model, kills, seed = arguments
    words = ["transcribe", given, "--out", out, "--model", model, *ENDS]
    chance = random.Random(int(seed))
    started = time.perf_counter()
    child = begun([*words[:2], "--out", f"{out}-timed", *words[4:]])
    os.waitpid(child, 0)
    took_s = time.perf_counter() - started
    there = []
    killed = 0
    for _ in range(int(kills)):
        child = begun(words)
        time.sleep(chance.uniform(0.05, 1.0) * took_s / 3)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
        there.append(sum(1 for path in Path(out).rglob("*.txt")))
    _, status = os.waitpid(begun(words), 0)
    print(killed, os.waitstatus_to_exitcode(status), *there)


if __name__ == "__main__":
    run(sys.argv[1:])
