"""`asrbench run --scenario`, from the command line to the Run that it leaves."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from asrbench.cli import main, scenarios
from asrbench.cli.run import SCENARIOS
from asrbench.measure.run import Run
from asrbench.measure.run_file import read
from asrbench.report.load import lasted_s

ROOT = Path(__file__).parents[3]
LAWFUL = Path(__file__).parents[1] / "lawful"
RUN = ("run", "lawful", "--corpus", "abcde", "--launches", "0")


@pytest.fixture(autouse=True)
def lawful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(LAWFUL))


def the_run(folder: Path) -> Run:
    (path,) = folder.glob("*.json")
    return read(path)


def test_the_help_names_every_scenario() -> None:
    assert SCENARIOS.split(", ") == list(scenarios.SCENARIOS)


@pytest.mark.parametrize(
    ("scenario", "more"),
    [
        ("single-stream", ()),
        ("multi-stream", ("--streams", "4")),
        ("server", ("--rate", "12")),
        ("offline", ("--workers", "2")),
    ],
)
def test_every_scenario_ends_in_its_time_and_says_how_fast(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], scenario: str, more: tuple[str, ...]
) -> None:
    options = ("--engine", "slow", "--scenario", scenario, "--seconds", "2", *more)
    code = main([*RUN, *options, "--out", str(tmp_path)])
    said = capsys.readouterr().out
    (case,) = the_run(tmp_path).cases
    latency = case.metric("latency")
    (page,) = tmp_path.glob("*.html")

    assert code == 0
    assert case.scenario == scenario
    assert latency is not None
    assert lasted_s(latency) == pytest.approx(2.0, rel=0.2)
    assert lasted_s(latency) == pytest.approx(case.other["traffic"]["announced_s"], rel=0.2)
    assert "throughput" in said
    assert "Latency by when a request was due" in page.read_text()


def test_a_search_says_the_capacity(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bound = ("--bound-ms", "3", "--percentile", "90")
    code = main([*RUN, "--engine", "fixed", "--scenario", "server", *bound, "--out", str(tmp_path)])
    said = capsys.readouterr().out

    assert code == 0
    assert "capacity" in said
    assert "p90 at most 3 ms" in " ".join(said.replace("│", " ").split())


@pytest.mark.parametrize(
    ("engine", "code", "kind"),
    [("picky", 1, "refused"), ("forgetful", 1, "mismatch"), ("dying", 1, "died"),
     ("faulty", 3, "fault")],
)  # fmt: skip
def test_a_bad_engine_has_its_code_and_leaves_a_run_that_says_so(
    tmp_path: Path, engine: str, code: int, kind: str
) -> None:
    load = ("--scenario", "server", "--rate", "50", "--seconds", "1.5")

    assert main([*RUN, "--engine", engine, *load, "--out", str(tmp_path)]) == code
    assert {error.kind for error in the_run(tmp_path).errors} == {kind}


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--scenario", "burst"), "'multi-stream'"),
        (("--scenario", "offline", "--rate", "3"), "offline takes no rate"),
        (("--scenario", "offline", "--meter", "cpu"), "--meter is not of --scenario offline"),
        (("--scenario", "server", "--soak", "1"), "--soak is not of --scenario server"),
        (("--scenario", "server", "--rate", "9", "--workers", "0"), "--workers"),
    ],
)
def test_wrong_usage_is_64_and_names_what_is_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], named: str
) -> None:
    assert main([*RUN, "--engine", "fixed", *options, "--out", str(tmp_path)]) == 64
    assert named in " ".join(capsys.readouterr().err.split())
    assert list(tmp_path.glob("*.json")) == []


def test_without_the_load_generator_it_is_3_and_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    options = ("--engine", "fixed", "--scenario", "offline")
    assert main([*RUN, *options, "--out", str(tmp_path)]) == 3
    assert 'pip install "asrbench-perf[load]"' in capsys.readouterr().err


LISTENING = (  # a process started in the background of a shell would be deaf to Ctrl-C
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "from asrbench.cli import main; raise SystemExit(main())"
)


def started(folder: Path, begun: Path, *options: str) -> subprocess.Popen[str]:
    """Start `asrbench run` and wait until its engine is called."""
    paths = [str(LAWFUL), str(ROOT), os.environ.get("PYTHONPATH", "")]
    process = subprocess.Popen(
        [sys.executable, "-c", LISTENING, *RUN, *options, "--out", str(folder)],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "LAWFUL_BEGUN": str(begun),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    limit = time.monotonic() + 60
    while not begun.exists() and time.monotonic() < limit:
        time.sleep(0.02)
    return process


def gone(pid: int) -> bool:
    """Whether a process ends within 10 s."""
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if " Z " in Path(f"/proc/{pid}/stat").read_text():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("wait_s", [0.0, 1.5])  # in the warm-up; under load
@pytest.mark.parametrize("rate", [("--rate", "20"), ()])
def test_ctrl_c_is_130_and_leaves_a_valid_run_marked_partial(
    tmp_path: Path, rate: tuple[str, ...], wait_s: float
) -> None:
    begun = tmp_path / "begun"
    options = ("--engine", "slow", "--scenario", "server", "--seconds", "20", *rate)
    process = started(tmp_path, begun, *options)
    time.sleep(wait_s)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)
    run = the_run(tmp_path)

    assert process.returncode == 130
    assert run.partial
    assert "partial" in said
    assert "Traceback" not in errors
    assert gone(int(begun.read_text()))


def test_the_process_under_load_does_not_outlive_who_started_it(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    process = started(
        tmp_path, begun, "--engine", "slow", "--scenario", "offline", "--seconds", "60"
    )
    process.kill()
    process.communicate(timeout=60)

    assert gone(int(begun.read_text()))


def test_progress_is_shown_while_it_lasts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[float, str]] = []

    def at(self: Any, fraction: float, note: str = "") -> None:
        told.append((fraction, note))

    monkeypatch.setattr("asrbench.report.terminal.Bar.at", at)
    main(
        [
            *RUN,
            "--engine",
            "fixed",
            "--scenario",
            "offline",
            "--seconds",
            "1",
            "--out",
            str(tmp_path),
        ]
    )
    under_load = [fraction for fraction, note in told if "announced" in note]

    assert len(under_load) > 5
    assert under_load == sorted(under_load)
    assert under_load[-1] > 0.7
