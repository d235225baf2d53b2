"""The lanes that look at the zoo, each with the tools and options of the lane of its name in ci/.

A lane's finding is what its own tool reports. A process that dies or does not end is a finding in
any lane, since no one could overlook it; a wrong answer only in the lane that has the oracle.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from asrbench.errors import Error
from asrbench.fuzz import build, memcheck, zoo_drive
from asrbench.fuzz.build import RECIPES, Recipe
from asrbench.fuzz.command import HERE
from asrbench.fuzz.zoo import Lane, Look
from asrbench.fuzz.zoo_fuzz import Fuzzed

PROJECT = HERE.parents[1] / "fuzz" / "zoo"
_QUIET = {"OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
_MALLOC = {"PYTHONMALLOC": "malloc"}
_REPORT = "report.xml"
_OURS = "zoo.cpython"  # what is in the path of our extension, and in no other's
_SANITIZER = re.compile(r"SUMMARY: (\w+Sanitizer: .*)|(runtime error: .*)")
_GIL = re.compile(r"Fatal Python error: (.*)|(\S+ is being called while the GIL .*)")
_GUARDED = Recipe("gil", "gcc", "g++", ("-g", "-DPYBIND11_ASSERT_GIL_HELD_INCREF_DECREF"))
Read = Callable[[str, Path], str | None]


def _said(pattern: re.Pattern[str]) -> Read:
    """Return what reads the first match of a pattern in what a process said."""

    def read(said: str, folder: Path) -> str | None:
        del folder
        found = pattern.search(said)
        return next((group for group in found.groups() if group), "?") if found else None

    return read


def _of_valgrind(said: str, folder: Path) -> str | None:
    """Return the first error of a report that has a frame of ours."""
    del said
    text = (folder / _REPORT).read_text(encoding="utf-8", errors="replace")
    mine = [fault for fault in memcheck.faults(text, _OURS) if fault.where is not None]
    return f"{mine[0].kind}: {mine[0].what} in {mine[0].where}" if mine else None


@dataclass(frozen=True, slots=True)
class Watched:
    """A lane that drives the zoo in a process under some tool.

    `watch` is what the drive itself looks at; `libraries` are gcc's, to be loaded before Python;
    `tool` are the words before Python's. The process may use `cpu_s` seconds of the processor
    and last `wall_s`: a busy machine is no finding, a process that waits for ever is.
    """

    name: str
    what: str
    recipe: Recipe
    read: Read
    watch: str = "answers"
    tool: Sequence[str] = ()
    libraries: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    cpu_s: int = 10
    wall_s: float = 200.0

    def prepare(self, cache: Path) -> Look:
        """Build the zoo by the lane's recipe. Raises Error where a tool is missing."""
        for tool in self.tool[:1]:
            if shutil.which(tool) is None:
                raise Error(f"no {tool}; expected it on PATH: apt-get install {tool}")
        return partial(self._look, build.extension(PROJECT, "zoo", self.recipe, cache))

    def _look(self, file: Path, bug: str, folder: Path) -> str | None:
        """Drive a bug and return what was found. Raises Error where the drive itself fails."""
        words = [*self.tool, sys.executable, HERE / "instead.py", f"zoo={file}"]
        words += [Path(zoo_drive.__file__), bug, self.watch]
        log = folder / "said.txt"
        code = self._run([str(word) for word in words], log)
        if code is None:
            return f"no end within {self.wall_s:.0f} s"
        if code == -signal.SIGXCPU:
            return f"no end within {self.cpu_s} s of the processor"
        said = log.read_text(encoding="utf-8", errors="replace")
        finding = self.read(said, folder)
        if finding is not None:
            return finding
        if code < 0:
            return f"died of {signal.Signals(-code).name}"
        if not said.rstrip().endswith(zoo_drive.END):
            raise Error(f"{self.name}: the drive of {bug} ended with {code}: {said[-2000:]}")
        return None

    def _run(self, words: Sequence[str], log: Path) -> int | None:
        """Return the exit code of a process, None where it had to be ended; `log` is what it said.

        It runs in the folder of its log, where a report of its tool then lies.
        """
        with log.open("wb") as sink:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=self._environment(),
                cwd=log.parent,
            )
            try:
                resource.prlimit(process.pid, resource.RLIMIT_CPU, (self.cpu_s, self.cpu_s + 1))
                return process.wait(self.wall_s)
            except subprocess.TimeoutExpired:
                return None
            finally:
                process.kill()
                process.wait()

    def _environment(self) -> dict[str, str]:
        preload = " ".join(_library(name) for name in self.libraries)
        chosen = {**os.environ, **_QUIET, **self.environment}
        return chosen | ({"LD_PRELOAD": preload} if preload else {})


def _library(name: str) -> str:
    """Return the file of one of gcc's libraries. Raises Error where it has none."""
    done = subprocess.run(
        ["gcc", f"-print-file-name={name}"], capture_output=True, text=True, check=True
    )
    path = Path(done.stdout.strip())
    if not path.is_absolute():
        raise Error(f"gcc has no {name}; expected it: apt-get install {name.partition('.')[0]}-dev")
    return str(path.resolve())


def _valgrind(tool: str, *options: str) -> tuple[str, ...]:
    common = ("--num-callers=40", "--keep-debuginfo=yes", "--fair-sched=yes", "--quiet")
    report = ("--xml=yes", f"--xml-file={_REPORT}")
    return ("valgrind", f"--tool={tool}", *options, *common, *report)


_FOUND = _said(re.compile(rf"^{zoo_drive.FOUND}(.*)", re.MULTILINE))
LANES: tuple[Lane, ...] = (
    Watched("answers", "the oracle, and a time limit", RECIPES["debug"], _FOUND),
    Watched(
        "references",
        "references and blocks of the interpreter over many calls",
        RECIPES["debug"],
        _FOUND,
        watch="references",
    ),
    Watched("memory", "resident memory over many calls", RECIPES["debug"], _FOUND, watch="memory"),
    Watched("time", "a bound of time for the size", RECIPES["debug"], _FOUND, watch="time"),
    Watched(
        "gil",
        "pybind11's assertions and Python's debugging allocator",
        _GUARDED,
        _said(_GIL),
        environment={"PYTHONMALLOC": "debug"},
    ),
    Watched(
        "asan",
        "AddressSanitizer and UndefinedBehaviorSanitizer",
        RECIPES["asan"],
        _said(_SANITIZER),
        libraries=("libasan.so", "libubsan.so"),
        environment={
            **_MALLOC,
            "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1",
            "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
        },
    ),
    Watched(
        "tsan",
        "ThreadSanitizer",
        RECIPES["tsan"],
        _said(_SANITIZER),
        libraries=("libtsan.so",),
        environment={**_MALLOC, "TSAN_OPTIONS": "halt_on_error=0:exitcode=66"},
    ),
    Watched(
        "memcheck",
        "Valgrind's memcheck, errors with a frame of ours",
        RECIPES["debug"],
        _of_valgrind,
        tool=_valgrind(
            "memcheck",
            "--leak-check=full",
            "--show-leak-kinds=definite",
            "--errors-for-leak-kinds=definite",
        ),
        environment=_MALLOC,
        cpu_s=40,
        wall_s=600.0,
    ),
    Watched(
        "helgrind",
        "Valgrind's helgrind, errors with a frame of ours",
        RECIPES["debug"],
        _of_valgrind,
        tool=_valgrind("helgrind"),
        environment=_MALLOC,
        cpu_s=40,
        wall_s=600.0,
    ),
    Fuzzed(PROJECT),
)
