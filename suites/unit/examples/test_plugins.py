"""The examples, installed into an environment of their own, get every report from asrbench."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from asrbench.measure.run_file import read

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with both examples, which borrows what this one has; nothing is downloaded."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    own = folder / "bin" / "python"
    shown = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(subprocess.check_output([own, "-c", shown], text=True).strip())
    borrowed = sysconfig.get_path("purelib")
    (site / "borrowed.pth").write_text(f"import site; site.addsitedir({borrowed!r})\n")
    for name in ("bursts", "checksum"):
        command = [str(own), "-m", "pip", "install", "--quiet", "--no-index", "--no-deps",
                   "--no-build-isolation", str(EXAMPLES / name)]  # fmt: skip
        subprocess.run(command, check=True, cwd=folder, env=clean())
    return own


def clean() -> dict[str, str]:
    """The environment of a process that knows nothing of this one's."""
    return {
        **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
    }


def asrbench(python: Path, folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the command line of that environment; return its code and what it printed."""
    done = subprocess.run(
        [str(python), "-m", "asrbench", *arguments, "--out", str(folder)],
        cwd=folder,
        env=clean(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_examples_are_found_there_and_not_here(python: Path) -> None:
    shown = "from asrbench import engine, workload\n"
    shown += "print('bursts' in engine.installed('speech'), 'checksum' in workload.installed())"
    for interpreter, words in ((str(python), "True True"), (sys.executable, "False False")):
        said = subprocess.check_output([interpreter, "-c", shown], text=True, env=clean(), cwd="/")

        assert said.strip() == words


def test_an_engine_of_ten_lines_gets_a_run_and_a_page(python: Path, tmp_path: Path) -> None:
    source = (EXAMPLES / "bursts" / "bursts" / "__init__.py").read_text().partition("class ")[2]
    code, said = asrbench(
        python, tmp_path, "run", "speech", "--engine", "bursts", "--check", "0", "--seconds", "1",
        "--launches", "1", "--events", str(tmp_path / "calls.jsonl"),
    )  # fmt: skip
    (run,) = [read(path) for path in tmp_path.glob("*.json")]
    (page,) = tmp_path.glob("*.html")
    calls = [json.loads(line) for line in (tmp_path / "calls.jsonl").read_text().splitlines()]

    assert len([line for line in source.splitlines() if line.strip()]) <= 11  # its head and ten
    assert code == 0, said
    assert run.passed
    assert {"latency", "cpu", "switches", "wer"} <= {s.metric for s in run.cases[1].samples}
    assert "speech/bursts/transcribe" in said
    assert "Real-time factor" in page.read_text()
    assert len(calls) == len(run.cases[1].samples[0].values)
    assert {call["status"] for call in calls} == {"ok"}
    assert calls[0]["text"].startswith("speech")


def test_a_workload_of_ones_own_is_checked_measured_and_compared(
    python: Path, tmp_path: Path
) -> None:
    code, said = asrbench(
        python, tmp_path, "run", "checksum", "--engine", "zlib", "--corpus", "blocks",
        "--seconds", "1", "--launches", "1",
    )  # fmt: skip
    (run,) = [read(path) for path in tmp_path.glob("*.json")]

    assert code == 0, said
    assert "8 of 8 answers agree with the oracle" in said
    assert run.cases[1].amount.unit == "bytes"
    assert "latency p50" in said


def test_engines_of_ones_own_workload_are_compared(python: Path, tmp_path: Path) -> None:
    code, said = asrbench(
        python, tmp_path, "compare", "checksum", "--engine", "zlib", "--engine", "oracle",
        "--corpus", "blocks", "--rounds", "6",
    )  # fmt: skip

    assert code == 0, said
    assert {"oracle", "zlib"} <= set(said.split())
    assert [case.engine for case in read(next(tmp_path.glob("*.json"))).cases[:2]]
