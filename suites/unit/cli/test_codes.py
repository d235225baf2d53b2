"""Every verb ends with the codes it is documented with: each is seen to occur, verb by verb."""

import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import typer

from asrbench.cli import app, main
from asrbench.cli.checkup import Finding
from asrbench.errors import CorpusError
from asrbench.fuzz.zoo import CLEAN, Lane, Trial
from asrbench.gate.calibration import Calibration
from asrbench.gate.calibration import write as write_calibration
from asrbench.gate.verdict import Gated, Launch, Outcome, Verdict
from asrbench.measure.run_file import write
from asrbench.measure.statistics import Estimate
from asrbench.workload import Workload
from suites.unit.report.runs import plain

ROOT = Path(__file__).parents[3]
LETTERS = Path(__file__).parents[1] / "letters"
WELL = Finding("weights", "tiny", True, "there", needed=True)
TESTS = """
def test_right(benchmark):
    benchmark.pedantic(lambda: 1, rounds=1)

def test_wrong(benchmark):
    assert benchmark.pedantic(lambda: 1, rounds=1) == 2
"""


def raising(error: Exception) -> Callable[..., Any]:
    """A function that raises."""

    def function(*words: object, **names: object) -> None:
        raise error

    return function


def giving(value: object) -> Callable[..., Any]:
    """A function that returns a value."""
    return lambda *words, **names: value


class Said:
    """A recognizer that says one word."""

    def __init__(self, model: str | None, threads: int, **_: str | None) -> None: ...

    def transcribe_pcm(self, pcm: object, deadline_s: float | None, decoding: object) -> Any:
        from asrbench.speech.transcript import Transcript

        return Transcript("word")


def nothing_found(lanes: Sequence[Lane], bugs: Sequence[str], *_: object) -> Iterator[Trial]:
    """Yield that no lane found any bug."""
    for lane in lanes:
        yield from (Trial(lane.name, bug, None, 0.0) for bug in (CLEAN, *bugs))


@dataclass(frozen=True)
class Way:
    """Words after which a verb ends with a code; `plants` are functions replaced for it by name."""

    verb: str
    code: int
    words: str
    plants: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return f"{self.verb}-{self.code}"


def judged(*outcomes: Outcome) -> tuple[str, object]:
    """A gate that says so of a case for each of the outcomes."""
    same = Estimate(0.0, 0.0, 0.0)
    verdicts = [
        Verdict(f"case {number}", "time", "s", outcome, 1.0, 1.0, same, 0.02, "it was said")
        for number, outcome in enumerate(outcomes)
    ]
    return "asrbench.gate.gate.run", giving((Gated(tuple(verdicts)), ()))


FAULT = RuntimeError("a fault")
GATE = "gate --base main --project PROJECT --out OUT"
ABC = "letters --corpus abc"
RUN = f"run {ABC} --launches 0 --seconds 1 --out OUT"
COMPARE = f"compare {ABC} --launches 0 --out OUT --engine echo"
PYTEST = "pytest --rootdir PROJECT --launches 1 --out OUT"
FUZZ = "fuzz pcm --replay INPUT"
PREPARE = ("asrbench.cli.fuzz.prepare", giving(None))
SHOWN = "asrbench.cli.fuzz.finding.shown"
CHECKUP = "asrbench.cli.doctor.checkup"
RECOGNIZER = ("asrbench.speech.recognizer.Recognizer", Said)
WAYS = [
    Way("run", 0, f"{RUN} --engine echo"),
    Way("run", 1, f"{RUN} --engine wrong"),
    Way("run", 3, f"{RUN} --engine faulty"),
    Way("run", 64, f"{RUN} --engine none"),
    Way("compare", 0, f"{COMPARE} --engine slow --rounds 6"),
    Way("compare", 1, f"{COMPARE} --engine picky --rounds 6"),
    Way("compare", 2, f"{COMPARE} --engine slow --rounds 2"),
    Way("compare", 3, f"{COMPARE} --engine faulty --rounds 6"),
    Way("compare", 64, COMPARE),
    Way("report", 0, "report RUN"),
    Way("report", 3, "report INPUT"),
    Way("report", 64, "report RUN --json --markdown"),
    Way("pytest", 0, f"{PYTEST} test_it.py::test_right"),
    Way("pytest", 1, f"{PYTEST} test_it.py::test_wrong"),
    Way("pytest", 3, f"{PYTEST} test_it.py::test_none"),
    Way("pytest", 64, f"{PYTEST} --rootdir /nowhere test_it.py"),
    Way("transcribe", 0, "transcribe AUDIO", (RECOGNIZER,)),
    Way("transcribe", 1, "transcribe /nowhere.wav", (RECOGNIZER,)),
    Way("transcribe", 1, "transcribe /nowhere.wav AUDIO", (RECOGNIZER,)),
    Way("transcribe", 3, "transcribe AUDIO --model /nowhere"),
    Way("transcribe", 64, "transcribe"),
    Way("transcribe", 64, "transcribe AUDIO --format doc"),
    Way("camera", 0, "camera --source synthetic --frames 3"),
    Way("camera", 3, "camera --source /nowhere.avi"),
    Way("camera", 64, "camera --source synthetic --save INPUT"),
    Way("price", 0, "price european --paths 1024 --repeat 20"),
    Way("price", 1, "price european --deadline-ms 0"),
    Way("price", 3, "price asian", (("asrbench.pricing.service.PricingService", raising(FAULT)),)),
    Way("price", 64, "price european --volatility -1"),
    Way("logs", 0, "logs LOG"),
    Way("logs", 1, "logs --strict INPUT"),
    Way("logs", 3, "logs /nowhere.jsonl"),
    Way("logs", 64, "logs LOG --where latency_ms>fast"),
    Way("gate", 0, GATE, (judged("pass"),)),
    Way("gate", 1, GATE, (judged("pass", "regression", "inconclusive"),)),
    Way("gate", 2, GATE, (judged("pass", "inconclusive"),)),
    Way("gate", 0, f"{GATE} --warn-inconclusive", (judged("pass", "inconclusive"),)),
    Way("gate", 3, GATE, (judged(),)),
    Way("gate", 64, "gate --project PROJECT"),
    Way("calibrate", 0, "calibrate --replay CALIBRATION"),
    Way("calibrate", 3, "calibrate --replay INPUT"),
    Way("calibrate", 64, "calibrate --launches 3"),
    Way("engines", 0, "engines", (("asrbench.cli.engines.availability", giving([])),)),
    Way("engines", 3, "engines", (("letters.Echo", raising(FAULT)),)),
    Way("engines", 64, "engines --no-such"),
    Way("corpus list", 0, "corpus list"),
    Way("corpus list", 3, "corpus list", (("asrbench.workload.installed", raising(FAULT)),)),
    Way("corpus list", 64, "corpus list --no-such"),
    Way("corpus show", 0, "corpus show embedded"),
    Way("corpus show", 3, "corpus show nonsense"),
    Way("corpus show", 64, "corpus show"),
    Way("doctor", 0, "doctor", ((CHECKUP, giving([WELL])),)),
    Way("doctor", 1, "doctor", ((CHECKUP, giving([replace(WELL, well=False)])),)),
    Way("doctor", 3, "doctor", ((CHECKUP, raising(FAULT)),)),
    Way("doctor", 64, "doctor --no-such"),
    Way("fuzz", 0, FUZZ, (PREPARE, (SHOWN, giving((False, ""))))),
    Way("fuzz", 1, FUZZ, (PREPARE, (SHOWN, giving((True, "it broke"))))),
    Way("fuzz", 3, FUZZ, (("asrbench.cli.fuzz.prepare", raising(CorpusError("no clang"))),)),
    Way("fuzz", 64, "fuzz no-such"),
    Way("zoo", 0, "zoo --list"),
    Way("zoo", 1, "zoo --lane references", (("asrbench.cli.zoo.trials", nothing_found),)),
    Way("zoo", 3, "zoo", (("asrbench.cli.zoo.PROJECT", Path("/nowhere")),)),
    Way("zoo", 64, "zoo --bug no-such"),
]
WORK = {  # what a verb does that takes long: there Ctrl-C finds it
    "run": (f"{RUN} --engine slow", "asrbench.measure.job.single_stream"),
    "compare": (f"{COMPARE} --engine slow", "asrbench.measure.contest.interleave"),
    "report": ("report RUN", "asrbench.measure.run_file.read"),
    "pytest": (f"{PYTEST} test_it.py", "asrbench.measure.nodes.collected"),
    "transcribe": ("transcribe AUDIO", "asrbench.speech.audio.read"),
    "camera": ("camera --source synthetic", "asrbench.frames.camera.source.find"),
    "price": ("price european", "asrbench.pricing.service.PricingService"),
    "logs": ("logs LOG", "asrbench.jsonlog.logs.ask"),
    "gate": (GATE, "asrbench.gate.gate.run"),
    "calibrate": ("calibrate --replay CALIBRATION", "asrbench.gate.figures.figures"),
    "engines": ("engines", "asrbench.cli.engines.availability"),
    "corpus list": ("corpus list", "asrbench.workload.installed"),
    "corpus show": ("corpus show embedded", "asrbench.speech.corpus.find"),
    "doctor": ("doctor", "asrbench.cli.doctor.checkup"),
    "fuzz": ("fuzz pcm", "asrbench.cli.fuzz.prepare"),
    "zoo": ("zoo", "asrbench.cli.zoo.trials"),
}
WAITING = """
import importlib, pathlib, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
begun, planted, *words = sys.argv[1:]
module, _, name = planted.rpartition(".")

def wait(*given, **names):
    pathlib.Path(begun).touch()
    time.sleep(60)

setattr(importlib.import_module(module), name, wait)
from asrbench.cli import main
raise SystemExit(main(words))
"""


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    """The files that words in capitals stand for."""
    write(plain(), tmp_path / "run.json")
    (tmp_path / "input").write_bytes(b"\0")
    soundfile.write(tmp_path / "audio.wav", np.zeros(1600), 16_000)
    (tmp_path / "log.jsonl").write_bytes(b'{"latency_ms": 1.5}\n')
    one = tuple(Launch(number, 1.0, 1.0) for number in range(20))
    write_calibration(Calibration("here", {("case", "time"): one}), tmp_path / "calibration.json")
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "test_it.py").write_text(TESTS)
    return {
        "RUN": str(tmp_path / "run.json"),
        "INPUT": str(tmp_path / "input"),
        "LOG": str(tmp_path / "log.jsonl"),
        "CALIBRATION": str(tmp_path / "calibration.json"),
        "AUDIO": str(tmp_path / "audio.wav"),
        "PROJECT": str(tmp_path / "project"),
        "OUT": str(tmp_path / "out"),
    }


def verbs(of: typer.Typer = app, before: str = "") -> set[str]:
    """Every verb of the command line, "corpus list" being one."""
    found = {f"{before}{command.name}" for command in of.registered_commands}
    for group in of.registered_groups:
        assert group.typer_instance is not None
        found |= verbs(group.typer_instance, f"{before}{group.name} ")
    return found


def test_every_verb_is_seen_to_end_well_to_fail_and_to_refuse_wrong_usage() -> None:
    seen = {(way.verb, way.code) for way in WAYS}

    for code in (0, 3, 64):
        assert {verb for verb in verbs() if (verb, code) not in seen} == set(), code
    assert set(WORK) == verbs()


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_verb_ends_with_its_code(
    way: Way,
    places: dict[str, str],
    letters: Workload[Any, Any, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for planted, function in way.plants:
        module, _, name = planted.rpartition(".")
        monkeypatch.setattr(owner(module), name, function)

    assert main([places.get(word, word) for word in way.words.split()]) == way.code


def owner(name: str) -> object:
    """The module of that name, or the module that another one has by that name."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        module, _, attribute = name.rpartition(".")
        return getattr(importlib.import_module(module), attribute)


@pytest.mark.parametrize("verb", sorted(WORK))
def test_ctrl_c_ends_any_verb_with_130(verb: str, places: dict[str, str], tmp_path: Path) -> None:
    words, planted = WORK[verb]
    begun = tmp_path / "begun"
    given = [places.get(word, word) for word in words.split()]
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING, str(begun), planted, *given],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(LETTERS), str(ROOT)])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + 60
    while not begun.exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)

    assert begun.exists(), errors
    assert process.returncode == 130
    assert "Traceback" not in errors
