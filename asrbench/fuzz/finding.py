"""A finding is made small, described, and kept with the command that shows it again."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from asrbench.errors import Error
from asrbench.fuzz import log
from asrbench.fuzz.command import Command
from asrbench.fuzz.share import THOROUGH

_REPLAY_S = 120
_THOROUGH = "malloc_context_size=30:quarantine_size_mb=256:thread_local_quarantine_size_kb=1024"


@dataclass(frozen=True, slots=True)
class Finding:
    """An input that shows a fault: the smallest we have, why, and how to see it."""

    input: Path
    reason: str
    size: int
    found_size: int
    command: str


def shown(command: Command, inputs: Sequence[Path]) -> tuple[bool, str]:
    """Run a target on inputs; return whether it fails on one, and what it said.

    Thoroughly, where fuzzing is quick: Python's own allocator stands back, since a small object's
    neighbours in it hide an overflow, ASan tells who allocated, frame by frame, and a target that
    leaves some work out of most inputs (`share.chosen`) leaves out none.
    """
    environment = {**command.environment, "PYTHONMALLOC": "malloc", THOROUGH: "1"}
    environment["ASAN_OPTIONS"] = f"{environment.get('ASAN_OPTIONS', '')}:{_THOROUGH}"
    try:
        done = subprocess.run(
            [*command.words, f"-timeout={_REPLAY_S // 2}", *map(str, inputs)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_REPLAY_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Error(f"no end of {inputs[0]} within {_REPLAY_S} s") from error
    return done.returncode != 0, done.stdout.decode(errors="replace")


def minimise(command: Command, found: Path, verb: str, seconds: int) -> Finding:
    """Return a finding as small as some seconds make it; beside it lies what the fault says.

    `verb` is the command line that replays an input when the input is added. A finding that cannot
    be shown again is kept as it was found, and its reason says so.
    """
    original, said = shown(command, [found])
    smallest = found
    if original and found.name.startswith("crash-"):
        small = found.with_name(f"small-{found.name}").resolve()
        words = [*command.words, "-minimize_crash=1", f"-max_total_time={seconds}"]
        words += [f"-exact_artifact_path={small}", str(found)]
        subprocess.run(
            words,
            env=dict(command.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,  # it ends with an error when nothing smaller fails
        )
        if small.exists():
            fails, again = shown(command, [small])
            if fails:
                smallest, said = small, again
    report = smallest.with_name(f"{smallest.name}.txt")
    report.write_text(said, encoding="utf-8")
    return Finding(
        input=smallest,
        reason=log.reason(said) if original else "not seen again when its input was replayed alone",
        size=smallest.stat().st_size,
        found_size=found.stat().st_size,
        command=f"{verb} {shlex.quote(str(smallest))}",
    )
