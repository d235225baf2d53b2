"""The verb transcribe writes files, from folders, the standard input and a microphone."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import srt

from asrbench.cli import main
from asrbench.cli.transcribe import _FORMATS
from asrbench.speech import microphone, synthetic
from asrbench.speech.audio import Pcm
from asrbench.speech.outputs import FORMATS

RATE = 16_000
EXAMPLE = Path(__file__).parents[3] / "examples" / "patterns.toml"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A model of dims of 8 that says nonsense, though always the same."""
    folder = tmp_path_factory.mktemp("model")
    synthetic.write(folder, synthetic.TINY, seed=3)
    return str(folder)


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASRBENCH_CACHE", str(tmp_path / "cache"))


def noise(seed: int, seconds: float = 0.7) -> Pcm:
    """Noise, another for each seed."""
    pcm = np.random.default_rng(seed).normal(0, 0.1, round(seconds * RATE))
    return pcm.astype(np.float32)


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """A folder of three files, one of them deeper, and one that is no audio."""
    folder = tmp_path / "recordings"
    (folder / "deep").mkdir(parents=True)
    for seed, name in enumerate(("a.wav", "c.flac", "deep/d.wav")):
        soundfile.write(folder / name, noise(seed), RATE)
    (folder / "b.wav").write_text("no audio")
    return folder


def names(folder: Path) -> set[str]:
    """Every file below a folder that is not hidden."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def test_the_help_names_every_format() -> None:
    assert _FORMATS.split(", ") == list(FORMATS)


def test_a_folder_is_written_to_another_and_what_is_no_audio_is_told(
    recordings: Path, model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["transcribe", str(recordings), "--model", model, "--out", str(tmp_path / "out")]

    code = main([*words, "--format", "srt,json"])
    printed = capsys.readouterr()

    assert code == 1
    assert names(tmp_path / "out") == {
        f"{name}.{ending}" for name in ("a", "c", "deep/d") for ending in ("srt", "json")
    }
    assert sum("b.wav" in line for line in printed.err.splitlines()) == 1
    assert [line.split(",")[0] for line in printed.out.splitlines()] == [
        str(tmp_path / "out" / f"{name}.srt") for name in ("a", "c", "deep/d")
    ]
    assert list(srt.parse((tmp_path / "out" / "a.srt").read_text()))


def test_outputs_lie_beside_the_audio_where_no_folder_is_given(
    recordings: Path, model: str
) -> None:
    code = main(["transcribe", str(recordings / "a.wav"), "--model", model, "--format", "txt"])

    assert code == 0
    assert names(recordings) == {"a.wav", "a.txt", "b.wav", "c.flac", "deep/d.wav"}


def test_what_is_there_is_skipped_until_an_option_changes(
    recordings: Path, model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["transcribe", str(recordings / "a.wav"), "--model", model, "--format", "txt"]

    def said(*more: str) -> str:
        assert main([*words, *more]) == 0
        return capsys.readouterr().out

    assert "there already" not in said()
    assert "there already" in said()
    assert "there already" in said("--threads", "2")  # changes how long it takes alone
    assert "there already" not in said("--again")
    assert "there already" not in said("--precision", "float32")
    assert "there already" not in said("--beam", "2")
    assert "there already" in said("--set", "beam_size=2")  # the same choice
    assert "there already" not in said("--fallback")
    assert "there already" not in said("--vad", "energy")
    assert "there already" not in said("--extract", str(EXAMPLE))
    assert json.loads(said("--extract", str(EXAMPLE), "--json"))["skipped"] is True


def test_jobs_change_no_byte_and_no_order(
    recordings: Path, model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = []
    for jobs in ("1", "3"):
        out = tmp_path / jobs
        words = ["transcribe", str(recordings), "--model", model, "--out", str(out)]
        assert main([*words, "--format", "txt,json", "--jobs", jobs]) == 1
        printed.append(capsys.readouterr().out.replace(str(out), "OUT"))

    assert printed[0] == printed[1]
    for name in names(tmp_path / "1"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "3" / name).read_bytes()


def test_two_files_of_one_name_are_wrong_usage(recordings: Path, model: str) -> None:
    (recordings / "deep" / "a.wav").write_bytes((recordings / "a.wav").read_bytes())
    files = [str(recordings / "a.wav"), str(recordings / "deep" / "a.wav")]

    assert main(["transcribe", *files, "--model", model, "--out", str(recordings)]) == 64


@pytest.mark.parametrize(
    "words",
    [
        "--format txt,doc a.wav",
        "--vad loud a.wav",
        "--extract /nowhere.toml a.wav",
        "--format txt -",
        "--format txt --microphone",
        "--out OUT --microphone --device",
        "--jobs 0 a.wav",
        "--set beams=2 a.wav",
        "--beam 0 a.wav",
    ],
)
def test_words_that_mean_nothing_are_wrong_usage(words: str, model: str) -> None:
    assert main(["transcribe", "--model", model, *words.split()]) == 64


class Stdin:
    """A standard input of bytes."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


@pytest.mark.parametrize("raw", [False, True])
def test_the_standard_input_is_a_file_or_raw_pcm(
    raw: bool,
    recordings: Path,
    model: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["transcribe", str(recordings / "a.wav"), "--model", model])
    expected = capsys.readouterr().out
    data = (recordings / "a.wav").read_bytes()
    monkeypatch.setattr(sys, "stdin", Stdin(data[44:] if raw else data))

    code = main(["transcribe", "-", "--model", model, *(["--raw"] if raw else [])])

    assert code == 0
    assert capsys.readouterr().out == expected != "\n"


@pytest.mark.parametrize("data", [b"", b"no audio"])
def test_a_standard_input_without_audio_ends_with_1(
    data: bytes, model: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(data))

    assert main(["transcribe", "-", "--model", model]) == 1
    assert "standard input" in capsys.readouterr().err


def test_what_a_microphone_hears_is_written(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def heard(*words: Any) -> Pcm:
        asked.append(words)
        return noise(1)

    monkeypatch.setattr(microphone, "record", heard)
    words = ["transcribe", "--microphone", "--seconds", "5", "--device", "usb", "--model", model]

    assert main([*words, "--out", str(tmp_path / "out")]) == 0
    assert asked == [(5.0, "usb")]
    assert names(tmp_path / "out") == {"microphone.txt"}


def test_json_says_of_each_input_what_became_of_it(
    recordings: Path, model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["transcribe", str(recordings), "--model", model, "--json", "--format", "txt"])
    first, second, *_ = map(json.loads, capsys.readouterr().out.splitlines())

    assert code == 1
    assert first["written"] == [str(recordings / "a.txt")]
    assert first["audio_s"] == 0.7
    assert "b.wav" in second["error"]


def test_silence_is_left_out_where_it_is_asked(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    soundfile.write(tmp_path / "silent.wav", np.zeros(RATE), RATE)

    assert (
        main(["transcribe", str(tmp_path / "silent.wav"), "--model", model, "--vad", "energy"]) == 0
    )
    assert capsys.readouterr().out == "\n"


def read_all(terminal: int) -> str:
    """What was written to a terminal that nobody writes to any more."""
    found = b""
    with contextlib.suppress(OSError):  # so does its end show
        while block := os.read(terminal, 1 << 16):
            found += block
    os.close(terminal)
    return found.decode()


def test_texts_go_to_the_standard_output_while_a_bar_is_shown(recordings: Path, model: str) -> None:
    ours, theirs = pty.openpty()
    words = [str(recordings / "a.wav"), str(recordings / "c.flac")]
    command = [sys.executable, "-m", "asrbench", "transcribe", *words, "--model", model]
    process = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, timeout=60, check=True)
    os.close(theirs)
    shown = read_all(ours)

    texts = process.stdout.decode().splitlines()
    assert [line.partition(":")[0] for line in texts] == words
    assert "2/2" in shown
    assert not any(line in shown for line in texts)


WAITING = """
import pathlib, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from asrbench.cli import main
from asrbench.speech import audio

def wait(source):
    pathlib.Path(sys.argv[1]).touch()
    time.sleep(60)

audio.read = wait
raise SystemExit(main(sys.argv[2:]))
"""


def test_ctrl_c_does_not_wait_for_the_jobs_that_have_begun(
    recordings: Path, model: str, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    words = ["transcribe", str(recordings), "--model", model, "--jobs", "2"]
    process = subprocess.Popen([sys.executable, "-c", WAITING, str(begun), *words])
    end = time.monotonic() + 60
    while not begun.exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)

    assert process.wait(20) == 130
