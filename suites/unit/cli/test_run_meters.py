"""`asrbench run` with meters, events and a soak, from the command line to what they leave."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from asrbench.cli import main
from asrbench.cli.run import METERS
from asrbench.measure.meters import KINDS
from asrbench.measure.run_file import read
from asrbench.workload import Workload

ROOT = Path(__file__).parents[3]
LETTERS = Path(__file__).parents[1] / "letters"
RUN = ("run", "letters", "--engine", "slow", "--corpus", "abc", "--launches", "0", "--check", "0")


def test_the_help_names_every_meter() -> None:
    assert METERS.split(", ") == list(KINDS)


def test_meters_that_are_asked_for_are_in_the_table(
    letters: Workload[Any, Any, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meters = ("--meter", "thread-cpu", "--meter", "minor-faults", "--meter", "peak")
    code = main([*RUN, "--seconds", "0.1", *meters, "--out", str(tmp_path)])
    said = capsys.readouterr().out

    assert code == 0
    for words in ("CPU time a call, its thread", "page faults a call", "memory a call needs"):
        assert words.split()[0] in said
    (run,) = [read(path) for path in tmp_path.glob("*.json")]
    metrics = {samples.metric for samples in run.cases[0].samples}
    assert {"latency", "thread_cpu", "minor_faults", "peak"} <= metrics
    assert "cpu" not in metrics


def test_a_meter_that_nobody_knows_is_wrong_usage_and_one_that_cannot_be_read_is_3(
    letters: Workload[Any, Any, Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert main([*RUN, "--meter", "gpu", "--out", str(tmp_path)]) == 64
    assert "no meter 'gpu'; expected one of ['wall', 'cpu'" in capsys.readouterr().err
    monkeypatch.setenv("PATH", "/nowhere")
    assert main([*RUN, "--meter", "instructions", "--out", str(tmp_path)]) == 3
    assert "apt-get install valgrind" in capsys.readouterr().err
    assert list(tmp_path.glob("*.json")) == []


def test_a_soak_lasts_as_long_as_it_was_told_and_says_what_grew(
    letters: Workload[Any, Any, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    code = main([*RUN, "--soak", "0.03", "--out", str(tmp_path)])
    took_s = time.monotonic() - began
    said = capsys.readouterr().out
    (page,) = tmp_path.glob("*.html")

    assert code == 0
    assert 1.8 <= took_s < 8
    assert "memory growth" in said
    assert "latency drift" in said
    assert "Memory over time" in page.read_text()


def test_ctrl_c_in_a_soak_leaves_a_partial_run_and_whole_events(tmp_path: Path) -> None:
    listening = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from asrbench.cli import main; raise SystemExit(main())"
    )
    calls = tmp_path / "calls.jsonl"
    paths = [str(LETTERS), str(ROOT), os.environ.get("PYTHONPATH", "")]
    process = subprocess.Popen(
        [sys.executable, "-c", listening, *RUN, "--soak", "5", "--events", str(calls),
         "--out", str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    limit = time.monotonic() + 60
    while (not calls.exists() or calls.stat().st_size < 2000) and time.monotonic() < limit:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    rows = [json.loads(line) for line in calls.read_text().splitlines()]
    (run,) = [read(path) for path in tmp_path.glob("*.json")]
    (latency,) = [s for s in run.cases[0].samples if s.metric == "latency"]

    assert process.returncode == 130
    assert "Traceback" not in errors
    assert run.partial
    assert 0 <= len(rows) - len(latency.values) <= 1
    assert {row["engine"] for row in rows} == {"slow"}
