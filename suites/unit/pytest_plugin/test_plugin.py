"""The pytest plugin, from a user's test file to its verdict and its JSON."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
Pytest = Callable[..., tuple[int, str, dict[str, Any]]]
WORK = "import time\nimport pytest\n"


@pytest.fixture
def pytester_of(tmp_path: Path) -> Pytest:
    """Runs pytest on a source, warnings being errors; returns its code, words and figures."""

    def run(source: str, *options: str) -> tuple[int, str, dict[str, Any]]:
        (tmp_path / "test_user.py").write_text(WORK + source)
        report = tmp_path / "report.json"
        named = ["-p", "pytest_benchmark.plugin", "-p", "asrbench.pytest_plugin"]
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-W",
                "error",
                "--strict-markers",
                "-p",
                "no:cacheprovider",
                *named,
                f"--rootdir={tmp_path}",
                "--benchmark-max-time=0.05",
                *(options or [f"--benchmark-json={report}"]),
                str(tmp_path),
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        text = report.read_text() if report.exists() else ""
        benchmarks = json.loads(text)["benchmarks"] if text else []
        figures = {b["name"]: b["extra_info"]["asrbench"] for b in benchmarks}
        return done.returncode, done.stdout + done.stderr, figures

    return run


def test_a_test_is_timed_and_its_json_has_percentiles_speed_and_memory(
    pytester_of: Pytest,
) -> None:
    code, said, figures = pytester_of(
        "def test_latency(asr_benchmark):\n"
        "    assert asr_benchmark(lambda: time.sleep(0.01) or len(bytearray(5_000_000) * 2),"
        " audio_s=0.1) == 10_000_000\n"
    )
    found = figures["test_latency"]

    assert code == 0, said
    assert found["calls_per_value"] == 1
    assert found["values"] < 20
    assert found["p50_ms"] is None  # too few values carry it
    assert found["rtf"] >= 0.1
    assert found["rtfx"] == pytest.approx(1 / found["rtf"])
    assert found["audio_s"] == 0.1
    assert found["peak_bytes"] == pytest.approx(10e6 + 5e6, rel=0.03)
    assert "asrbench" in said
    assert "RTFx" in said


def test_a_budget_that_is_kept_passes_and_brings_the_values_its_percentile_needs(
    pytester_of: Pytest,
) -> None:
    code, said, figures = pytester_of(
        "@pytest.mark.budget(p95_ms=500, rtf=1000, peak_mb=50)\n"
        "def test_latency(asr_benchmark):\n"
        "    asr_benchmark(lambda: time.sleep(0.001), audio_s=0.001)\n"
    )
    found = figures["test_latency"]

    assert code == 0, said
    assert found["values"] >= 200
    assert found["p95_ms"] >= found["p50_ms"] >= 1
    assert found["p99_ms"] is None


def test_a_budget_that_is_exceeded_fails_with_the_figures(pytester_of: Pytest) -> None:
    code, said, figures = pytester_of(
        "@pytest.mark.budget(p50_ms=0.5, rtf=0.01, peak_mb=3)\n"
        "def test_latency(asr_benchmark):\n"
        "    asr_benchmark(lambda: time.sleep(0.001) or bytearray(7_000_000), audio_s=0.01)\n"
    )

    assert code == 1
    assert "over budget: p50 is 1" in said or "over budget: p50 is 2" in said
    assert "at most 0.5 ms" in said
    assert "rtf is 0." in said
    assert "at most 0.01" in said
    assert "peak memory is 7" in said
    assert "at most 3 MB" in said
    assert figures["test_latency"]["values"] >= 20  # what failed is in the JSON all the same


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("@pytest.mark.budget(p95=3)\ndef test_a(asr_benchmark): pass", "a budget has no 'p95'"),
        ("@pytest.mark.budget(7)\ndef test_a(asr_benchmark): pass", "expected names"),
        ("@pytest.mark.budget()\ndef test_a(asr_benchmark): pass", "the budget is empty"),
        ("@pytest.mark.budget(rtf=0)\ndef test_a(asr_benchmark): pass", "more than zero"),
        ("@pytest.mark.budget(rtf=1)\ndef test_a(): pass", "expected it to use asr_benchmark"),
    ],
)
def test_a_budget_that_nobody_could_judge_is_wrong_usage(
    pytester_of: Pytest, source: str, words: str
) -> None:
    code, said, _ = pytester_of(source, "--color=no")  # and no JSON: there will be nothing in it

    assert code == 4, said
    assert words in said


def test_a_budget_is_never_passed_over_in_silence(pytester_of: Pytest) -> None:
    code, said, _ = pytester_of(
        "@pytest.mark.budget(rtf=1)\n"
        "def test_idle(asr_benchmark): pass\n"
        "@pytest.mark.budget(rtf=1)\n"
        "def test_deaf(asr_benchmark): asr_benchmark(lambda: None)\n"
    )

    assert code == 1
    assert "has a budget and never called asr_benchmark" in said
    assert "the seconds of audio are not known; expected audio_s=" in said


def test_where_benchmarks_are_disabled_the_work_is_done_once_and_it_says_so(
    pytester_of: Pytest,
) -> None:
    code, said, _ = pytester_of(
        "calls = []\n"
        "@pytest.mark.budget(p95_ms=1)\n"
        "def test_a(asr_benchmark):\n"
        "    assert asr_benchmark(lambda: calls.append(1) or 7) == 7\n"
        "    assert calls == [1]\n",
        "--benchmark-disable",
    )

    assert code == 0, said
    assert "called once, not timed: benchmarks are disabled" in said


def test_a_users_own_rounds_stay_where_they_are_more(pytester_of: Pytest) -> None:
    code, said, figures = pytester_of(
        "@pytest.mark.budget(p50_ms=500)\n"
        "@pytest.mark.benchmark(min_rounds=33, max_time=0.001)\n"
        "def test_a(asr_benchmark): asr_benchmark(lambda: time.sleep(0.001))\n"
    )

    assert code == 0, said
    assert figures["test_a"]["values"] == 33


def test_the_plugin_alone_neither_imports_numpy_nor_the_harness() -> None:
    seen = (
        "import sys, asrbench.pytest_plugin\n"
        "print([n for n in sys.modules if n.startswith(('numpy', 'asrbench.'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", seen], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "['asrbench.errors', 'asrbench.pytest_plugin']"


def test_a_project_with_other_tests_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text(
        "import sys\ndef test_a(): assert 'numpy' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "asrbench.pytest_plugin",
         "-p", "no:cacheprovider", f"--rootdir={tmp_path}", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout
    assert "asrbench" not in done.stdout
