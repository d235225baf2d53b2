"""The verbs engines and corpus list what there is, and say how to get what is not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from asrbench.cli import main
from asrbench.cli.engines import Availability
from asrbench.errors import EngineError
from asrbench.workload import Source, Workload


def printed_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code = main([*arguments, "--json"])

    assert code == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("letters")
def test_an_installed_plug_in_is_among_the_engines(capsys: pytest.CaptureFixture[str]) -> None:
    found = printed_json(capsys, "engines")

    assert {
        "workload": "letters",
        "engine": "echo",
        "available": True,
        "reason": "",
    } in found


@pytest.mark.usefixtures("letters")
def test_an_engine_whose_library_is_missing_says_what_installs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def without_its_library(options: object) -> None:
        raise EngineError('needs echolib: pip install "letters[echo]"')

    monkeypatch.setattr("letters.Echo", without_its_library)

    code = main(["engines"])
    (line,) = [
        s for s in capsys.readouterr().out.splitlines() if s.split()[:2] == ["letters", "echo"]
    ]

    assert code == 0
    assert line.split(None, 3)[2:] == ["no", 'needs echolib: pip install "letters[echo]"']


def test_an_engine_is_not_missing_without_a_reason() -> None:
    with pytest.raises(ValueError, match="available is False with reason ''"):
        Availability("letters", "echo", False, "")


@pytest.mark.usefixtures("letters")
def test_every_corpus_that_has_a_name_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    found = printed_json(capsys, "corpus", "list")

    (abc,) = [corpus for corpus in found if corpus["workload"] == "letters"]
    assert (abc["name"], abc["where"], abc["available"]) == ("abc", "here", True)


def test_a_corpus_that_is_not_here_is_listed_with_how_to_get_it(
    letters: Workload[Any, Any, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    gone = Source("xyz", "nowhere", False, "apt-get install xyz")
    monkeypatch.setattr("letters.workload", replace(letters, corpora=lambda: [gone]))

    code = main(["corpus", "list"])

    assert code == 0
    assert any(
        line.split(None, 3) == ["letters", "xyz", "no", "apt-get install xyz"]
        for line in capsys.readouterr().out.splitlines()
    )


def test_a_corpus_shows_its_utterances(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["corpus", "show", "embedded"])
    *lines, total = capsys.readouterr().out.splitlines()

    assert code == 0
    assert lines[1].split(None, 3) == [
        "light",
        "3.35",
        "s",
        "Please turn on the light in the kitchen and close the window.",
    ]
    assert total.startswith(f"{len(lines)} utterances, 64.3 s; licence: Apache-2.0")


def test_a_corpus_shown_to_machines_has_its_licence(capsys: pytest.CaptureFixture[str]) -> None:
    found = printed_json(capsys, "corpus", "show", "embedded")

    assert found["name"] == "embedded"
    assert found["licence"].startswith("Apache-2.0")
    assert found["utterances"][0]["id"] == "train"


def test_a_corpus_that_is_not_known_could_not_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["corpus", "show", "nonsense"])

    assert code == 3
    assert "expected one of embedded, asterisk, speech-dev" in capsys.readouterr().err
