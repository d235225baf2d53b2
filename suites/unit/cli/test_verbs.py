"""The verbs run and compare, from the command line to the files they leave."""

import html
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.console import Console

from asrbench.cli import main
from asrbench.measure.run import Run
from asrbench.measure.run_file import SCHEMA_FILE, read
from asrbench.report import terminal
from asrbench.report.markdown import markdown
from asrbench.workload import Workload

LETTERS = Path(__file__).parents[1] / "letters"
Printed = Any  # what pytest captured: out, err
Asrbench = Callable[..., tuple[int, Printed, list[Run]]]
LISTENING = (  # a process started in the background of a shell would be deaf to Ctrl-C
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "from asrbench.cli import main; raise SystemExit(main())"
)
QUICK = ("--corpus", "abc", "--launches", "0", "--seconds", "1")


@pytest.fixture
def asrbench(
    letters: Workload[Any, Any, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Asrbench:
    """Runs the command line on the letters; returns its code, standard output and Runs."""

    def call(*arguments: str) -> tuple[int, Printed, list[Run]]:
        code = main([*arguments, "--out", str(tmp_path)])
        runs = [read(path) for path in sorted(tmp_path.glob("*.json"))]
        for path in tmp_path.glob("*.json"):
            jsonschema.validate(json.loads(path.read_text()), json.loads(SCHEMA_FILE.read_text()))
        return code, capsys.readouterr(), runs

    return call


def test_a_good_run_ends_well_and_says_where_its_files_are(
    asrbench: Asrbench, tmp_path: Path
) -> None:
    code, printed, (run,) = asrbench("run", "letters", "--engine", "echo", *QUICK)

    assert code == 0
    assert run.passed
    assert "latency p50" in printed.out
    for ending in ("json", "html"):
        (path,) = tmp_path.glob(f"*.{ending}")
        assert str(path) in printed.out


def test_json_is_all_that_is_printed_to_machines(asrbench: Asrbench) -> None:
    code, printed, _ = asrbench("run", "letters", "--engine", "echo", "--json", *QUICK)
    said = json.loads(printed.out)

    assert code == 0
    assert said["passed"]
    assert {"rtf", "wer", "latency_p50"} <= {figure["name"] for figure in said["figures"]}


@pytest.mark.parametrize(
    ("engine", "code", "kinds"),
    [
        ("wrong", 1, ["mismatch"]),
        ("picky", 1, ["refused"]),
        ("broken", 1, ["refused"] * 3),
        ("faulty", 3, ["fault"]),
    ],
)
def test_a_bad_engine_has_its_code_and_leaves_a_run_that_says_so(
    asrbench: Asrbench, engine: str, code: int, kinds: list[str]
) -> None:
    got, _, (run,) = asrbench("run", "letters", "--engine", engine, *QUICK)

    assert got == code
    assert [error.kind for error in run.errors] == kinds


@pytest.mark.parametrize(
    ("engine", "kind", "reason"),
    [
        ("crashing", "died", "killed by SIGABRT: cannot b"),
        ("hanging", "hung", "no answer within 2 s"),
        ("eating", "memory", "at most 200 MB are allowed"),
        ("raising", "raised", "RuntimeError: b is too much"),
        ("wrong", "mismatch", "'?'; the oracle says 'B'"),
    ],
)
def test_an_isolated_engine_that_fails_an_item_leaves_a_run_and_reports_that_say_why(
    asrbench: Asrbench, tmp_path: Path, engine: str, kind: str, reason: str
) -> None:
    isolated = ("--isolate", "--limit-s", "2", "--memory-mb", "200", "--json")
    code, printed, (run,) = asrbench("run", "letters", "--engine", engine, *isolated, *QUICK)
    (error,) = run.errors
    terminal.show(run, Console(file=(shown := io.StringIO()), width=200))
    (page,) = tmp_path.glob("*.html")

    assert code == 1
    assert not run.partial
    assert (error.item, error.kind) == ("b", kind)
    assert reason in error.message
    assert json.loads(printed.out)["errors"][0]["message"] == error.message
    assert reason in shown.getvalue()
    assert reason in html.unescape(page.read_text(encoding="utf-8"))
    assert reason in html.unescape(markdown(run)).replace("`", "")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("run", "letters", "--engine", "echo", "--limit-s", "2"), "--isolate"),
        (("run", "letters", "--engine", "echo", "--isolate", "--soak", "1"), "--soak"),
        (("run", "letters", "--isolate", "--engine", "echo", "--scenario", "offline"), "--isolate"),
        (("run", "letters", "--engine", "echo", "--isolate", "--memory-mb", "0"), "--memory-mb"),
        (("run", "digits"), "'letters'"),
        (("run", "letters", "--engine", "none"), "'echo'"),
        (("run", "letters", "--threads", "0"), "--threads"),
        (("run", "letters", "--bogus"), "--bogus"),
        (("run",), "workload"),
        (("compare", "letters", "--engine", "echo"), "two different engines"),
        (("compare", "letters", "--engine", "echo", "--engine", "none"), "'echo'"),
        (("nonsense",), "nonsense"),
    ],
)
def test_wrong_usage_is_64_and_names_what_is_known(
    asrbench: Asrbench, arguments: tuple[str, ...], named: str
) -> None:
    code, printed, runs = asrbench(*arguments)

    assert code == 64
    assert named in printed.err
    assert runs == []


def test_a_corpus_that_is_not_there_is_3(asrbench: Asrbench) -> None:
    code, printed, runs = asrbench("run", "letters", "--engine", "echo", "--corpus", "xyz")

    assert (code, runs) == (3, [])
    assert "no corpus 'xyz'; expected 'abc'" in printed.err


def test_a_comparison_says_how_many_times_as_long_and_which_texts_differ(
    asrbench: Asrbench,
) -> None:
    code, printed, (run,) = asrbench(
        "compare", "letters", "--engine", "slow", "--engine", "wrong", "--corpus", "abc",
        "--rounds", "6", "--launches", "0", "--json",
    )  # fmt: skip
    said = json.loads(printed.out)

    assert code == 0
    pairs = [pair for group in said["groups"] for pair in group["pairs"]]
    assert all(pair["ratio"]["low"] > 5 for pair in pairs)
    assert pairs[1]["contrast"]["lines"] == ["b: B"]
    assert len(run.cases) == 2


def test_a_comparison_of_too_few_rounds_is_inconclusive(asrbench: Asrbench) -> None:
    arguments = ("compare", "letters", "--engine", "echo", "--engine", "slow", "--corpus", "abc")
    code, printed, _ = asrbench(*arguments, "--rounds", "2")

    assert code == 2
    assert "too few rounds" in printed.out


@pytest.mark.parametrize(
    "verb", ["run", "compare", "report", "transcribe", "engines", "doctor", "pytest"]
)
def test_every_verb_has_help_with_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "--help"]) == 0
    assert "Example" in capsys.readouterr().out


def interrupted(arguments: tuple[str, ...], folder: Path) -> tuple[int, str, str]:
    """Run the command line in a process and press Ctrl-C once its engine is at work."""
    begun = folder / "begun"
    paths = [str(LETTERS), str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")]
    process = subprocess.Popen(
        [sys.executable, "-c", LISTENING, *arguments, "--out", str(folder)],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "LETTERS_BEGUN": str(begun),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    limit = time.monotonic() + 60
    while not begun.exists() and time.monotonic() < limit:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)
    return process.returncode, said, errors


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "letters", "--engine", "slow", "--launches", "0"),
        ("run", "letters", "--engine", "slow", "--launches", "1000"),
        ("run", "letters", "--engine", "slow", "--launches", "0", "--isolate"),
        ("compare", "letters", "--engine", "slow", "--engine", "echo", "--rounds", "10000"),
    ],
)
def test_ctrl_c_is_130_and_leaves_a_valid_run_marked_partial(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    code, said, errors = interrupted((*arguments, "--corpus", "abc"), tmp_path)
    (path,) = tmp_path.glob("*.json")

    assert code == 130
    assert read(path).partial
    assert "partial" in said
    assert "Traceback" not in errors
