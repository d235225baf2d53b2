"""Fuzzes a target for some seconds, in one process or several, until something is found."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from asrbench.errors import Error
from asrbench.fuzz import log
from asrbench.fuzz.command import Command
from asrbench.fuzz.log import Status
from asrbench.fuzz.options import options
from asrbench.fuzz.target import Target

_INPUT_S = 10  # an input that takes longer is a finding
_MEMORY_MB = 4096  # and one that takes more
_LATE_S = 60  # beyond the time asked for, when a process is given up
_LOOK_S = 0.5
_SCRATCH = "asrbench-fuzz-"
_FOUND = ("crash-*", "timeout-*", "oom-*", "leak-*")

Show = Callable[[Status, float], None]


@dataclass(frozen=True, slots=True)
class Session:
    """What came of fuzzing: the sum of all processes, and the input that was found, if any."""

    target: Target
    status: Status
    took_s: float
    found: Path | None
    reason: str


def fuzz(
    target: Target, command: Command, folder: Path, seconds: int, jobs: int, show: Show
) -> Session:
    """Fuzz for so many seconds in `jobs` processes, which share what they learn.

    New inputs go to `folder/corpus`, findings to `folder/found`, what libFuzzer says to
    `folder/job-N.log`. Raises Error when a process ends without a finding though it should not, or
    when libFuzzer does not see the code: its silence would mean nothing. Temporary files of the
    processes, which end without cleaning up, are in memory and gone afterwards.
    """
    corpus, found = folder / "corpus", folder / "found"
    for place in (corpus, found):
        place.mkdir(parents=True, exist_ok=True)
    known = set(_findings(found))
    words = [*command.words, *_flags(target, found, seconds), str(corpus)]
    words += [str(target.corpus)] if target.corpus.is_dir() else []
    logs = [folder / f"job-{number}.log" for number in range(jobs)]
    began = time.monotonic()
    with contextlib.ExitStack() as last:
        scratch = last.enter_context(tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=_memory()))
        environment = {**command.environment, "TMPDIR": scratch}
        processes = []
        for path in logs:
            processes.append(_start(words, environment, path))
            last.callback(_end, processes[-1])
        while True:
            ended = [code for code in (p.poll() for p in processes) if code is not None]
            took_s = time.monotonic() - began
            show(total([log.status(log.read(path)) for path in logs]), took_s)
            if any(ended) or len(ended) == jobs:
                break
            if took_s > seconds + _LATE_S:
                raise Error(f"{target.name}: no end {_LATE_S} s after its time; see {folder}")
            time.sleep(_LOOK_S)
    return _session(target, logs, [p for p in _findings(found) if p not in known], ended, took_s)


def _flags(target: Target, found: Path, seconds: int) -> list[str]:
    flags = [
        f"-max_total_time={seconds}",
        f"-artifact_prefix={found}{os.sep}",
        f"-timeout={_INPUT_S}",
        f"-rss_limit_mb={_MEMORY_MB}",
        "-reload=1",
        "-print_final_stats=1",
    ]
    flags += [f"-dict={target.dictionary}"] if target.dictionary else []
    return flags + options(target).words  # of a flag that comes twice the last one counts


def _memory() -> Path | None:
    """Return a folder in memory, if there is one: a disk takes longer than most targets do."""
    folder = Path("/dev/shm")  # noqa: S108  the files go to a folder of our own in it
    return folder if os.access(folder, os.W_OK) else None


def _start(
    words: Sequence[str], environment: Mapping[str, str], path: Path
) -> subprocess.Popen[bytes]:
    with path.open("wb") as sink:
        return subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            start_new_session=True,
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _findings(folder: Path) -> list[Path]:
    return sorted(path for pattern in _FOUND for path in folder.glob(pattern))


def total(parts: Sequence[Status]) -> Status:
    """Return what several processes did: executions and speed add up, coverage is the widest."""
    return Status(
        executions=sum(part.executions for part in parts),
        per_second=sum(part.per_second for part in parts),
        coverage=max(part.coverage for part in parts),
        features=max(part.features for part in parts),
        counters=max(part.counters for part in parts),
        functions=max(part.functions for part in parts),
    )


def _session(
    target: Target, logs: list[Path], new: list[Path], codes: list[int], took_s: float
) -> Session:
    texts = [log.read(path) for path in logs]
    status = total([log.status(text) for text in texts])
    if new:
        (text,) = [text for text in texts if new[0].name in text][:1] or [texts[0]]
        return Session(target, status, took_s, new[0], log.reason(text))
    if any(codes):
        (text,) = [text for text in texts if "ERROR" in text or "Error" in text][:1] or [texts[0]]
        raise Error(f"{target.name}: it ended with {max(codes)} and no finding: {text[-2000:]}")
    if status.counters + status.functions == 0:
        raise Error(f"{target.name}: libFuzzer sees no code; expected counters, or INSTRUMENT")
    return Session(target, status, took_s, None, "")
