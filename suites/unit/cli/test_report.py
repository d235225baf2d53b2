"""The verb report shows a Run that was kept, in every form, and measures nothing."""

import json
from pathlib import Path

import pytest

from asrbench.cli import main
from asrbench.measure.run_file import write
from asrbench.report.markdown import markdown
from suites.unit.report.runs import comparison, plain


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "run.json"
    write(plain(), path)
    return path


def test_a_kept_run_is_shown_as_a_table(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(kept)]) == 0
    assert "latency p50" in capsys.readouterr().out


def test_it_is_printed_as_markdown_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = comparison()
    write(run, tmp_path / "run.json")

    assert main(["report", str(tmp_path / "run.json"), "--markdown"]) == 0
    assert capsys.readouterr().out == markdown(run)


def test_it_is_printed_for_machines(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(kept), "--json"]) == 0

    said = json.loads(capsys.readouterr().out)
    assert said["passed"]
    assert said["run"] == str(kept)
    assert "report" not in said


def test_its_page_is_made_again(kept: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"

    assert main(["report", str(kept), "--html", str(page)]) == 0
    assert "2 of 2 answers agree" in page.read_text(encoding="utf-8")


def test_what_is_no_run_could_not_be_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run.json").write_text('{"schema": "asrbench.run/2"}')

    assert main(["report", str(tmp_path / "run.json")]) == 3
    assert main(["report", str(tmp_path / "none.json")]) == 3
    assert "expected 'asrbench.run/1'" in capsys.readouterr().err


def test_two_forms_at_once_are_wrong_usage(kept: Path) -> None:
    assert main(["report", str(kept), "--json", "--markdown"]) == 64
