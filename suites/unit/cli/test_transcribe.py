"""The verb transcribe prints what a recognizer says, as text or as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import soundfile

from asrbench.cli import main
from asrbench.cli.exits import Exit
from asrbench.errors import DeadlineError, OptionError
from asrbench.speech.audio import Pcm
from asrbench.speech.decoding import Decoding
from asrbench.speech.transcript import Segment, Transcript


class Counting:
    """Says how many values it was given, and takes longer than no time at all."""

    def __init__(self, model: str | None, threads: int, **_: str | None) -> None:
        self.spoken = f" model {model}, threads {threads},"

    def transcribe_pcm(self, pcm: Pcm, deadline_s: float | None, _: Decoding) -> Transcript:
        """Refuse a deadline of zero."""
        if deadline_s == 0:
            raise DeadlineError("transcription took longer than 0.0 s")
        text = f"{self.spoken} {pcm.size} values"
        segment = Segment(0.0, 1.0, text, (50363, 7, 50413), -0.25, 0.125)
        return Transcript(text, segment.tokens, (segment,), -0.25, 0.125, {"encoder": 0.5})


@pytest.fixture(autouse=True)
def recognizer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The counting recognizer stands where the real one does."""
    module = ModuleType("asrbench.speech.recognizer")
    module.Recognizer = Counting  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Two files of 0.5 s, at 16 and at 8 kHz."""
    paths = [tmp_path / "a.wav", tmp_path / "b.flac"]
    for path, rate_hz in zip(paths, (16_000, 8_000), strict=True):
        soundfile.write(path, np.zeros(rate_hz // 2), rate_hz)
    return [str(path) for path in paths]


def test_the_text_of_one_file_stands_alone(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["transcribe", files[0], "--threads", "2", "--model", "m"])

    assert code == 0
    assert capsys.readouterr().out == "model m, threads 2, 8000 values\n"


def test_the_texts_of_several_files_are_told_apart(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["transcribe", *files])

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{file}: model None, threads 1, 8000 values" for file in files
    ]


def test_json_is_one_object_a_file(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["transcribe", "--json", *files])
    first, second = map(json.loads, capsys.readouterr().out.splitlines())

    assert code == 0
    assert second["file"] == files[1]
    assert first["audio_s"] == second["audio_s"] == 0.5
    assert first["text"] == "model None, threads 1, 8000 values"
    assert first["stages"] == {"encoder": 0.5}
    assert first["segments"][0]["end_s"] == 1.0
    assert first["segments"][0]["tokens"] == [50363, 7, 50413]


def test_audio_that_cannot_be_used_ends_with_1_and_its_name(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "text.wav"
    text.write_text("no audio")

    code = main(["transcribe", files[0], str(text)])
    printed = capsys.readouterr()

    assert code == 1
    assert "8000 values" in printed.out  # the file before it was good
    assert "text.wav" in printed.err


def test_a_deadline_that_has_passed_ends_with_1(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["transcribe", files[0], "--deadline", "0"])

    assert code == 1
    assert "longer than 0.0 s" in capsys.readouterr().err


def test_no_file_is_wrong_usage() -> None:
    assert main(["transcribe"]) == 64


@pytest.mark.parametrize("option", ["--precision", "--windows"])
def test_a_word_that_is_no_choice_is_wrong_usage(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refusing(*_: object, **__: object) -> None:
        raise OptionError("precision is x; expected another")

    module = ModuleType("asrbench.speech.recognizer")
    monkeypatch.setattr(module, "Recognizer", refusing, raising=False)
    monkeypatch.setitem(sys.modules, module.__name__, module)

    assert main(["transcribe", option, "x", str(tmp_path / "any.wav")]) == Exit.USAGE
    assert "expected another" in capsys.readouterr().err
