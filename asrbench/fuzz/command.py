"""The command that fuzzes a target, with the environment its sanitizers need."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from asrbench.errors import Error
from asrbench.fuzz import build
from asrbench.fuzz.options import options
from asrbench.fuzz.target import Target

HERE = Path(__file__).parent
MODULE = "asrbench._native"
_SANITIZERS = {
    "ASAN_OPTIONS": ":".join(
        [
            # numpy and Python leave memory behind at exit; a huge request is ours to refuse
            "detect_leaks=0:allocator_may_return_null=1:handle_abort=1",
            # after each exception ASan looks through its whole store of stack frames, which by
            # default is so large that a target which refuses does little else
            "min_uar_stack_size_log=16:max_uar_stack_size_log=16",
            # who allocated, and what was freed long ago: `finding.shown` asks for that when it
            # replays. A small quarantine stays in the cache, and an input is over before it is full
            "malloc_context_size=0:quarantine_size_mb=1:thread_local_quarantine_size_kb=64",
        ]
    ),
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "ASAN_SYMBOLIZER_PATH": "/usr/bin/llvm-symbolizer-19",
}


@dataclass(frozen=True, slots=True)
class Command:
    """Words of a command line, to which libFuzzer's arguments are added, and its environment."""

    words: tuple[str, ...]
    environment: Mapping[str, str]


def prepare(target: Target, module: str, project: Path, cache: Path) -> Command:
    """Build what a target needs, and return how to run it.

    A Python target drives `module`, an extension of `project`; a native one is a program that is
    built beside its folder's own checkout. Raises Error where something is missing or fails.
    """
    if target.native:
        folder = target.folder.parent / "build" / "fuzz-native"
        build.programs(target.source.parent, folder)
        return Command((str(folder / target.source.stem),), _environment())
    spec = importlib.util.find_spec("atheris")
    if spec is None or spec.origin is None:
        raise Error('atheris is not installed; expected it: pip install "asrbench-perf[fuzz]"')
    file = build.extension(project, module, build.RECIPES[options(target).recipe], cache)
    words = (sys.executable, HERE / "instead.py", f"{module}={file}", HERE / "start.py")
    preloaded = {
        "LD_PRELOAD": str(Path(spec.origin).parents[1] / "asan_with_fuzzer.so"),
        "PYTHONHASHSEED": "0",
        "OPENBLAS_NUM_THREADS": "1",
    }
    return Command((*map(str, words), str(target.source)), _environment() | preloaded)


def _environment() -> dict[str, str]:
    return {**os.environ, **_SANITIZERS}
