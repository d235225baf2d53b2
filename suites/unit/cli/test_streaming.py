"""`asrbench run --scenario streaming`, from the command line to what it leaves."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from asrbench.cli import main
from asrbench.measure.run_file import read

ROOT = Path(__file__).parents[3]
SPOKEN = Path(__file__).parents[1] / "spoken"
WHAT = ("run", "spoken", "--corpus", "texts", "--scenario", "streaming")
RUN = (*WHAT, "--pace", "5", "--launches", "0")


@pytest.fixture(autouse=True)
def spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SPOKEN))


def test_streams_are_measured_shown_and_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = tmp_path / "events.jsonl"
    more = ("--streams", "2", "--seconds", "0.1", "--events", str(events), "--launches", "1")
    code = main([*RUN, "--engine", "quick", *more, "--out", str(tmp_path / "runs"), "--json"])
    said = json.loads(capsys.readouterr().out)
    (file,) = (tmp_path / "runs").glob("*.json")
    names = {figure["name"] for figure in said["figures"]}

    assert code == 0
    assert [case.name for case in read(file).cases] == [
        "spoken/quick/start",
        "spoken/quick/stream@2",
    ]
    assert {"first_partial_p50", "commit_latency_p50", "erasure", "backlog_p50"} <= names
    assert "Streaming timeline" in file.with_suffix(".html").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in events.read_text().splitlines()]
    assert [row["status"] for row in rows] == ["ok"] * 4
    assert {row["text"] for row in rows} == {"a b c d e f g h i j", "k l m n o p q r s t"}


def test_a_bound_is_a_search_for_the_most_streams(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ("--bound-ms", "500", "--percentile", "50", "--streams", "3", "--seconds", "0.1")
    code = main([*RUN, "--engine", "quick", *more, "--out", str(tmp_path), "--json"])
    said = json.loads(capsys.readouterr().out)
    (carried,) = [f for f in said["figures"] if f["name"] == "streams_carried"]

    assert code == 0
    assert carried["value"] == 3
    assert carried["note"].startswith("p50 of commit latency at most 0.5 s; by streams 1: ")


def test_a_virtual_clock_skips_the_waits_and_chunks_are_as_long_as_asked(tmp_path: Path) -> None:
    began = time.monotonic()
    more = ("--virtual", "--chunk-ms", "60000", "--pace", "1", "--seconds", "300")
    code = main([*RUN, "--engine", "quick", *more, "--out", str(tmp_path)])
    (file,) = tmp_path.glob("*.json")
    run = read(file)

    assert code == 0
    assert time.monotonic() - began < 60
    assert (run.settings["virtual"], run.settings["chunk_s"]) == (True, 60.0)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--rate", "1"), "--rate and --workers are not of --scenario streaming"),
        (("--percentile", "90"), "--percentile is of --bound-ms; give both"),
        (("--soak", "1"), "--soak is not of --scenario streaming"),
        (("--pace", "0"), "--pace"),
        (("--virtual", "--streams", "2"), "--virtual is for one stream, without --bound-ms"),
        (("--virtual", "--bound-ms", "500"), "--virtual is for one stream, without --bound-ms"),
        (("--chunk-ms", "0"), "--chunk-ms"),
    ],
)
def test_options_that_mean_nothing_here_are_wrong_usage(
    more: tuple[str, ...], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*RUN, "--engine", "quick", *more, "--out", str(tmp_path)]) == 64
    assert message in capsys.readouterr().err


def test_ctrl_c_leaves_a_valid_run_marked_partial_and_is_130(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    # a process started from a background shell ignores the interrupt; Python's own answer is set
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import sys; from asrbench.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    more = ("--engine", "quick", "--seconds", "60", "--events", str(events))
    process = subprocess.Popen(
        [sys.executable, "-c", code, *RUN, *more, "--out", str(tmp_path / "runs")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(SPOKEN), str(ROOT)])},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    end = time.monotonic() + 60
    while not (events.exists() and events.read_bytes()) and time.monotonic() < end:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)

    assert process.returncode == 130, said
    (file,) = (tmp_path / "runs").glob("*.json")
    done = read(file)
    assert done.partial
    assert not done.errors
    assert done.cases[0].metric("commit_latency") is not None
    assert "cut short" in said.decode()
