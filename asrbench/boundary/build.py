"""How long each toolkit's module takes to compile and how large it is: builds each alone.

    python -m asrbench.boundary.build [--project .] [--rounds 3] [--out asrbench-runs/build.json]

Each round builds, in random order and by one job: a module from nothing, with the library that its
toolkit compiles into it, and then what a change of the bindings' source asks for. The size is that
of the module without symbols. All values are kept in a Run.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from asrbench.errors import Error, MeterError
from asrbench.measure import environment, run_file
from asrbench.measure.run import CaseResult, Run
from asrbench.measure.samples import Samples
from asrbench.measure.statistics import median
from asrbench.workload import Amount

SOURCES = {  # what is changed when the bindings are
    "pybind11": "boundary_pybind11.cpp",
    "nanobind": "boundary_nanobind.cpp",
    "cffi": "boundary_c.h",
}
_FUNCTIONS = Amount(5.0, "functions")
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Built:
    """One build of a toolkit's module: seconds from nothing and after a change, bytes of it."""

    compile_s: float
    recompile_s: float
    size: int


def _make(words: Iterable[str | Path]) -> str:
    """Run a command of the build. Raises Error with what it said where it fails."""
    command = [str(word) for word in words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise Error(f"no {command[0]}; expected it on PATH") from error
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip()[-2000:]
        raise Error(f"{' '.join(command)} failed: {said}")
    return done.stdout


def configure(project: Path, build: Path) -> None:
    """Prepare a build of the modules. Raises Error where CMake, nanobind or cffi is missing."""
    found = _make([sys.executable, "-m", "pybind11", "--cmakedir"]).strip()
    _make(
        [
            *("cmake", "-S", project, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release"),
            *("-DASRBENCH_PYTHON=OFF", "-DASRBENCH_BOUNDARY=ON"),
            *(f"-DPython_EXECUTABLE={sys.executable}", f"-DCMAKE_PREFIX_PATH={found}"),
        ]
    )


def build_once(toolkit: str, project: Path, build: Path, clock: Clock) -> Built:
    """Build a toolkit's module from nothing, and again after its source was touched."""
    target = ["cmake", "--build", str(build), "-j", "1", "--target"]
    _make([*target, "clean"])
    began = clock()
    _make([*target, f"_boundary_{toolkit}"])
    compiled = clock()
    (project / "native" / "bindings" / SOURCES[toolkit]).touch()
    touched = clock()
    _make([*target, f"_boundary_{toolkit}"])
    ended = clock()
    (module,) = build.glob(f"_boundary_{toolkit}*.so")
    bare = build / "bare.so"
    _make(["strip", "--strip-unneeded", "-o", bare, module])
    return Built(compiled - began, ended - touched, bare.stat().st_size)


def measured(toolkit: str, builds: Sequence[Built]) -> CaseResult:
    """Return a toolkit's builds as a case, by round."""
    block = tuple(range(len(builds)))
    samples = (
        Samples("compile", "s", "lower", tuple(b.compile_s for b in builds), block=block),
        Samples("recompile", "s", "lower", tuple(b.recompile_s for b in builds), block=block),
        Samples("module_size", "bytes", "lower", tuple(float(b.size) for b in builds), block=block),
    )
    name = f"boundary/{toolkit}/build"
    return CaseResult(name, "boundary", toolkit, "build", _FUNCTIONS, None, samples)


def run(project: Path, rounds: int, clock: Clock, seed: int = 0) -> Run:
    """Build every module so many times. Raises MeterError for less than one round."""
    if rounds < 1:
        raise MeterError(f"rounds is {rounds}; expected one or more")
    order = list(SOURCES)
    done: dict[str, list[Built]] = {toolkit: [] for toolkit in order}
    shuffle = random.Random(seed).shuffle  # noqa: S311  an order, no secret
    folder = Path(tempfile.mkdtemp(prefix="asrbench-boundary-"))
    try:
        configure(project, folder)
        for _ in range(rounds):
            shuffle(order)
            for toolkit in order:
                done[toolkit].append(build_once(toolkit, project, folder, clock))
    finally:
        shutil.rmtree(folder)
    return Run(
        partial=False,
        environment=environment.describe(1, None, project),
        items=(),
        errors=(),
        cases=tuple(measured(toolkit, builds) for toolkit, builds in done.items()),
        settings={"rounds": rounds, "seed": seed},
    )


def lines(done: Run) -> list[str]:
    """Return the medians, a line a toolkit."""
    head = f"{'':10}{'compile':>10}{'recompile':>11}{'size':>10}"
    found = []
    for case in done.cases:
        compiled, again, size = (median(samples.values) for samples in case.samples)
        found.append(f"{case.engine:10}{compiled:8.2f} s{again:9.2f} s{size / 1000:7.0f} kB")
    return [head, *found]


def main(arguments: list[str] | None = None) -> None:
    """Build as the command line asks, print the medians, keep the Run."""
    parser = argparse.ArgumentParser(prog="asrbench.boundary.build", description=__doc__)
    parser.add_argument("--project", type=Path, default=Path(__file__).parents[2])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("asrbench-runs/build.json"))
    chosen = parser.parse_args(arguments)
    done = run(chosen.project.resolve(), chosen.rounds, time.perf_counter)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    run_file.write(done, chosen.out)
    print("\n".join([*lines(done), f"kept in {chosen.out}"]))


if __name__ == "__main__":
    main()
