"""Every outcome has its exit code, mapped in one place."""

import subprocess
import sys
from collections.abc import Sequence

import pytest
import typer

from asrbench import errors
from asrbench.cli.exits import Exit, run


def code_of(outcome: object, *arguments: str) -> int:
    def app(given: Sequence[str]) -> object:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    return run(app, arguments)


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (None, 0),
        (Exit.NO, 1),
        (Exit.INCONCLUSIVE, 2),
        (errors.AudioError("pcm is empty"), 1),
        (errors.DeadlineError("0.1 s are over"), 1),
        (errors.EngineError("no library"), 3),
        (errors.ModelError("no weights"), 3),
        (errors.CorpusError("no corpus"), 3),
        (errors.RunError("no run"), 3),
        (RuntimeError("unexpected"), 3),
        (MemoryError(), 3),
        (typer.BadParameter("no such engine"), 64),
        (typer.Exit(2), 2),
        (typer.Abort(), 130),
        (KeyboardInterrupt(), 130),
        (SystemExit(5), 5),
        (SystemExit("text"), 3),
    ],
)
def test_an_outcome_has_its_code(
    outcome: object, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of(outcome) == code


def test_an_expected_error_is_one_line_without_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code_of(errors.ModelError("no weights; expected some"))

    assert capsys.readouterr().err == "asrbench: no weights; expected some\n"


def test_an_unexpected_error_says_how_to_see_where(capsys: pytest.CaptureFixture[str]) -> None:
    code_of(KeyError("x"))

    assert capsys.readouterr().err == "asrbench: unexpected KeyError: 'x' (--debug shows where)\n"


def test_debug_shows_the_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code_of(KeyError("x"), "--debug")
    assert "Traceback (most recent call last)" in capsys.readouterr().err

    monkeypatch.setenv("ASRBENCH_DEBUG", "1")
    code_of(KeyError("x"))
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_debug_is_not_passed_on() -> None:
    assert run(lambda given: len(given), ["run", "--debug", "speech"]) == 2


def test_the_command_line_and_the_workload_are_light_to_import() -> None:
    heavy = {"numpy", "plotly", "jiwer", "soundfile", "scipy"}
    code = f"import sys, asrbench.cli, asrbench.speech; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"
