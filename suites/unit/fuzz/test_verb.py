"""The verb fuzz: what it lists and refuses, and the seeds that its targets begin from."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from asrbench import _native
from asrbench.cli import main
from asrbench.fuzz import small

ROOT = Path(__file__).parents[3]


def test_it_lists_every_target_with_its_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fuzz", "--list", "--json"]) == 0

    listed = json.loads(capsys.readouterr().out)
    assert {"model_file", "kernels", "native/kernels"} <= {target["name"] for target in listed}
    assert all(int(target["inputs"]) > 0 for target in listed)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ([], "no target; expected names, or --all"),
        (["no-such"], "no target 'no-such'"),
        (["pcm", "options", "--replay", "a"], "expected one target"),
        (["pcm", "--replay", "/nowhere"], "'/nowhere' to be there"),
        (["pcm", "--jobs", "0"], "--jobs"),
    ],
)
def test_wrong_usage_is_told_apart(
    words: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fuzz", *words]) == 64
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize("multilingual", [False, True])
@pytest.mark.parametrize("dtype", ["f16", "f32"])
@pytest.mark.parametrize("state", [2, 4])
def test_the_smallest_model_works(multilingual: bool, dtype: str, state: int) -> None:
    model = _native.Model(*small.files(multilingual=multilingual, dtype=dtype, state=state))

    logits = model.logits(model.encode(np.ones((3, 2), np.float32)), [0, 1])
    assert np.isfinite(logits).all()
    assert model.multilingual == multilingual
    assert model.dims["vocabulary"] < 32
    assert model.dims["state"] == state


def test_the_seeds_of_every_target_can_be_made_again() -> None:
    done = subprocess.run(
        [sys.executable, "fuzz/seed.py", "--count"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    for line in done.stdout.splitlines():
        assert int(line.rpartition(": ")[2].split()[0]) >= 2, line
