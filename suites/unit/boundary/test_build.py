"""The modules of the boundary are built alone, and every value of a build is kept."""

from __future__ import annotations

import importlib.util
import shutil
import time
from pathlib import Path

import pytest

from asrbench.boundary import build
from asrbench.boundary.build import SOURCES, Built, lines, measured
from asrbench.errors import Error, MeterError
from asrbench.measure import run_file

ROOT = Path(__file__).parents[3]


def test_every_value_of_a_build_is_kept() -> None:
    case = measured("cffi", [Built(2.0, 0.5, 30_000), Built(3.0, 0.7, 30_000)])

    assert {s.metric: s.values for s in case.samples} == {
        "compile": (2.0, 3.0),
        "recompile": (0.5, 0.7),
        "module_size": (30_000.0, 30_000.0),
    }
    assert all(s.better == "lower" and s.block == (0, 1) for s in case.samples)


def test_no_round_and_no_project_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MeterError, match="rounds is 0; expected one or more"):
        build.run(ROOT, 0, time.perf_counter)
    if shutil.which("cmake"):
        with pytest.raises(Error, match=r"cmake -S .* failed"):
            build.run(tmp_path, 1, time.perf_counter)


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("nanobind") is None or importlib.util.find_spec("cffi") is None,
    reason='needs nanobind and cffi: pip install "asrbench-perf[peers-boundary]"',
)
def test_each_module_is_built_alone_and_the_run_comes_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build.main(["--project", str(ROOT), "--rounds", "1", "--out", str(tmp_path / "build.json")])

    done = run_file.read(tmp_path / "build.json")
    sizes = {case.engine: case.samples[2].values[0] for case in done.cases}
    assert set(sizes) == set(SOURCES)
    assert sizes["cffi"] < sizes["nanobind"] < sizes["pybind11"]
    for case in done.cases:
        compiled, again, _ = case.samples
        assert 0 < again.values[0] < compiled.values[0] * 1.5
    assert capsys.readouterr().out.splitlines()[:4] == lines(done)
