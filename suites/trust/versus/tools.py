"""Each tool judges one commit against the base, on the wheels that are there, as its users do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from asrbench.errors import MeterError
from suites.trust.versus.outcome import Outcome
from suites.trust.versus.scratch import BASE, KERNELS, Kind, Scratch, see_ours

FACTOR = 1.05
_ASV = (sys.executable, "-m", "asv")
_LIMIT_S = 1800.0
_LAST = 2000  # characters of what a tool said that an error has
_ASV_ROW = re.compile(r"^\|?\s*([-+x!*]?)\s*\|.*kernels\.time_(\w+)", re.MULTILINE)
_REGRESSED = re.compile(r"test_kernel\[(\w+)\] .*has failed PercentageRegressionCheck")


def asv(scratch: Scratch, kind: Kind, folder: Path) -> Outcome:
    """Run `asv continuous`, which calls the head's benchmarks, then the base's, twice."""
    told = {
        "version": 1,
        "project": "four",
        "repo": str(scratch.project),
        "branches": ["main"],
        "environment_type": "virtualenv",
        "pythons": [".".join(map(str, sys.version_info[:2]))],
        "benchmark_dir": str(scratch.project / "benchmarks"),
        "env_dir": str(scratch.folder / "asv"),
        "results_dir": str(folder / "results"),
        "html_dir": str(folder / "html"),
        "build_command": [  # asv finds no program but those of its environment
            f"python {scratch.project}/prebuilt.py {scratch.folder}/wheels/{{commit}} "
            "{build_cache_dir}"
        ],
        "install_command": [
            "in-dir={env_dir} python -m pip install --quiet --no-index --no-deps "
            "--force-reinstall {wheel_file}"
        ],
    }
    (folder / "asv.conf.json").write_text(json.dumps(told))
    _asv_environment(scratch, folder)
    words = ["continuous", "--factor", str(FACTOR), "--machine", "here", BASE, kind]
    code, said, took_s = _run([*_ASV, *words], scratch, folder)
    return Outcome("asv", kind, took_s, asv_alarms(said), code=code)


def asv_alarms(said: str) -> tuple[str, ...]:
    """Return the kernels that asv calls slower. Raises MeterError where it judged nothing."""
    if "SIGNIFICANTLY" not in said:
        raise MeterError(f"asv judged nothing: {said[-_LAST:]}")
    return tuple(kernel for mark, kernel in _ASV_ROW.findall(said) if mark == "+")


def _asv_environment(scratch: Scratch, folder: Path) -> None:
    """Make asv's machine and environment once; both lie in the scratch folder, not at home."""
    for tag in scratch.built:
        wheels = scratch.folder / "wheels" / _commit(scratch, tag)
        wheels.mkdir(parents=True, exist_ok=True)
        wheel = scratch.wheel("slow" if tag == "slow" else BASE)
        shutil.copy(wheel, wheels)
    environments = scratch.folder / "asv"
    if not environments.exists():
        for words in (["machine", "--yes", "--machine", "here"], ["setup"]):
            _, said, _ = _run(
                [*_ASV, *words], scratch, folder
            )  # setup ends with 1 when all is well
        if not list(environments.glob("*/bin/python")):
            shutil.rmtree(environments, ignore_errors=True)
            raise MeterError(f"asv made no environment: {said[-_LAST:]}")
    for environment in environments.iterdir():
        see_ours(environment)


def _commit(scratch: Scratch, tag: str) -> str:
    line = ["git", "-C", str(scratch.project), "rev-parse", tag]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()


def pytest_benchmark(scratch: Scratch, kind: Kind, folder: Path) -> Outcome:
    """Run pytest-benchmark on the base, keep it, and compare the head with it: min, 5 %."""
    test = folder / "test_four.py"  # elsewhere: beside it lies the package without its extension
    shutil.copy(scratch.project / test.name, test)
    (folder / "pytest.ini").write_text("[pytest]\n")
    took_s = 0.0
    common = [str(test), "-q", "-p", "no:asrbench", "-c", str(folder / "pytest.ini")]
    common.append(f"--benchmark-storage=file://{folder}/kept")
    for tag, words in (
        (BASE, ["--benchmark-save=base"]),
        (kind, ["--benchmark-compare", "--benchmark-compare-fail=min:5%"]),
    ):
        line = [str(scratch.built[tag].python), "-m", "pytest", *common, *words]
        code, said, seconds = _run(line, scratch, folder)
        took_s += seconds
        if f"{len(KERNELS)} passed" not in said:
            raise MeterError(f"pytest-benchmark judged nothing: {said[-_LAST:]}")
    return Outcome("pytest-benchmark", kind, took_s, regressed(said), code=code)


def regressed(said: str) -> tuple[str, ...]:
    """Return the kernels on which pytest-benchmark failed."""
    return tuple(_REGRESSED.findall(said))


def gate(scratch: Scratch, kind: Kind, folder: Path) -> Outcome:
    """Run `asrbench gate` with all that it judges unless told otherwise."""
    line = [sys.executable, "-m", "asrbench", "gate", "--base", BASE, "--head", kind, "--json"]
    line += ["--project", str(scratch.project), "--out", str(folder)]
    line += ["--seed", str(time.time_ns() % 2**31)]
    code, said, took_s = _run(line, scratch, folder, errors=False)
    if code not in (0, 1, 2):
        raise MeterError(f"the gate judged nothing: {said[-_LAST:]}")
    told = json.loads(said)

    def ended(outcome: str) -> tuple[str, ...]:
        return tuple(
            f"{one['case']}" if one["metric"] == "time" else f"{one['case']} {one['metric']}"
            for one in told["verdicts"]
            if one["outcome"] == outcome
        )

    return Outcome("gate", kind, took_s, ended("regression"), ended("inconclusive"), code)


TOOLS: Mapping[str, Callable[[Scratch, Kind, Path], Outcome]] = {
    "asv": asv,
    "pytest-benchmark": pytest_benchmark,
    "gate": gate,
}


def _run(
    line: Sequence[str], scratch: Scratch, folder: Path, errors: bool = True
) -> tuple[int, str, float]:
    """Return the code, the output and the seconds of a command; `errors` are part of its output."""
    rust = os.environ.get("RUSTUP_HOME", str(Path.home() / ".rustup"))  # pip asks it its version
    began = time.monotonic()
    done = subprocess.run(
        line,
        cwd=folder,
        env={**scratch.variables(), "HOME": str(scratch.folder), "RUSTUP_HOME": rust},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if errors else None,
        text=True,
        timeout=_LIMIT_S,
        check=False,
    )
    return done.returncode, done.stdout, time.monotonic() - began
