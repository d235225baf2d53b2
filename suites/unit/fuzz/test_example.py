"""The example, an extension of somebody else, is built and fuzzed, and its planted bug found."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from asrbench.cli import main

EXAMPLE = Path(__file__).parents[3] / "fuzz" / "example"
USER = ("--module", "runs", "--project", str(EXAMPLE))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("clang++-19") is None, reason="no clang++-19"),
    pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="no atheris"),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What fuzzing the example for a minute at most found, as --json says it."""
    out = tmp_path_factory.mktemp("out")
    with pytest.MonkeyPatch.context() as patch:
        said: list[str] = []
        patch.setattr("builtins.print", lambda *words, **_: said.append(str(words[0])))
        target = str(EXAMPLE / "fuzz_runs.py")
        code = main(["fuzz", target, *USER, "--seconds", "60", "--json", "--out", str(out)])
    assert code == 1
    (outcome,) = json.loads(said[-1])
    return outcome["found"]


def test_the_overflow_is_found_and_made_small(found: Any) -> None:
    assert "heap-buffer-overflow" in found["reason"]
    assert Path(found["input"]).read_bytes()[:5] == b"RLE1\xff"
    assert found["bytes"] <= 8


def test_it_is_seen_again_with_the_command_that_is_given(found: Any) -> None:
    _, *words = found["command"].split()

    assert main(words) == 1


def test_an_input_that_breaks_nothing_ends_well(tmp_path: Path) -> None:
    (tmp_path / "good").write_bytes(b"RLE1\3a")

    code = main(["fuzz", str(EXAMPLE / "fuzz_runs.py"), *USER, "--replay", str(tmp_path / "good")])

    assert code == 0
