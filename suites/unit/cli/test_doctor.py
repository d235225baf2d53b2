"""The verb doctor finds what is there, and names the command for what is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from asrbench.cli import doctor as verb
from asrbench.cli import main
from asrbench.cli.checkup import Finding, checkup, counters, tools, trained_weights
from asrbench.speech import weights

WELL = Finding("tool", "hammer", True, "hit nails")
WANTED = Finding("tool", "saw", False, "cut boards", "apt-get install saw")
NEEDED = Finding("weights", "tiny.en", False, "none", "pip install weights", needed=True)


@pytest.fixture
def findings(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets the verb find what a test says."""

    def found(*findings: Finding) -> None:
        monkeypatch.setattr(verb, "checkup", lambda: list(findings))

    return found


def test_what_is_missing_comes_with_its_remedy(
    findings: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    findings(WELL, WANTED)

    code = main(["doctor"])

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        "ok  tool  hammer  hit nails",
        "-   tool  saw     cut boards  ->  apt-get install saw",
    ]


def test_what_the_main_job_needs_is_a_no(
    findings: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    findings(WELL, NEEDED)

    assert main(["doctor"]) == 1
    assert "MISSING" in capsys.readouterr().out


def test_machines_get_every_finding(
    findings: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    findings(WELL, WANTED)

    main(["doctor", "--json"])
    first, second = json.loads(capsys.readouterr().out)

    assert (first["name"], first["well"], first["remedy"]) == ("hammer", True, "")
    assert (second["name"], second["well"], second["remedy"]) == ("saw", False, WANTED.remedy)


def test_this_machine_is_examined_in_every_respect() -> None:
    found = {(finding.topic, finding.name): finding for finding in checkup()}

    assert found["corpus", "embedded"].well
    assert "cores usable" in found["machine", "cpu"].detail
    for name in ("load", "governor", "memory", "hardware counters"):
        assert ("machine", name) in found
    assert found["native", "asrbench._native"].needed
    assert found["weights", "tiny.en"].needed


def test_every_tool_that_is_missing_names_what_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))

    found = tools()

    assert len(found) > 5
    for tool in found:
        assert not tool.well
        assert tool.remedy.startswith(("apt-get install ", "pip install "))


def test_absent_weights_name_the_one_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(weights, "_wheel_folder", lambda: None)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))

    found = trained_weights()

    assert not found.well
    assert found.remedy == weights.HOW_TO_GET


def says(text: str) -> Callable[[Sequence[str]], str]:
    return lambda command: text


@pytest.mark.parametrize(
    ("answer", "well"),
    [
        ("1234567,,cycles,1000,100.00,,\n987654,,instructions,1000,100.00,,\n", True),
        ("<not supported>,,cycles,0,100.00,,\n<not supported>,,instructions,0,100.00,,\n", False),
        ("Error: Access to performance monitoring is limited.\n", False),
        ("", False),
    ],
)
def test_hardware_counters_are_believed_only_when_they_count(
    tmp_path: Path, answer: str, well: bool
) -> None:
    assert counters(tmp_path, says(answer)).well is well


def test_hardware_counters_without_a_device_are_absent(tmp_path: Path) -> None:
    found = counters(tmp_path / "nothing", says("1,,cycles\n1,,instructions\n"))

    assert (found.well, found.detail) == (False, "absent")


def test_what_is_well_has_no_remedy() -> None:
    with pytest.raises(ValueError, match="hammer is well but has the remedy"):
        Finding("tool", "hammer", True, "", "buy another")
