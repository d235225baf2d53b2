"""Every input that is kept is played to its target again: what was found stays fixed."""

from __future__ import annotations

import runpy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from asrbench.fuzz import corpus
from asrbench.fuzz.target import Target, targets

FOLDER = Path(__file__).parents[3] / "fuzz"
TARGETS = targets(FOLDER)
PYTHON = [target for target in TARGETS if not target.native]
MOST_BYTES = 5 << 20  # of all corpora together


@cache
def contents(target: Target) -> dict[str, Any]:
    return runpy.run_path(str(target.source))


@pytest.mark.parametrize("target", PYTHON, ids=lambda target: target.name)
def test_a_target_lets_nothing_out_for_its_corpus(target: Target) -> None:
    inputs = corpus.inputs(target)
    assert inputs, f"no input in {target.corpus}: python fuzz/seed.py"

    for path in inputs:
        contents(target)["one_input"](path.read_bytes())


@pytest.mark.parametrize("target", PYTHON, ids=lambda target: target.name)
def test_a_target_lets_nothing_out_for_its_seeds(target: Target) -> None:
    for seed in contents(target)["seeds"]():
        contents(target)["one_input"](seed)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_a_target_fits_on_two_screens_and_has_a_corpus(target: Target) -> None:
    assert len(target.source.read_text(encoding="utf-8").splitlines()) <= 150
    assert corpus.inputs(target)


def test_the_corpora_stay_small() -> None:
    files = [path for target in TARGETS for path in corpus.inputs(target)]

    assert sum(path.stat().st_size for path in files) <= MOST_BYTES


def test_a_fault_would_be_let_out(tmp_path: Path) -> None:
    (tmp_path / "fuzz_bad.py").write_text("def one_input(data):\n    assert data != b'x'\n")
    target = Target(tmp_path / "fuzz_bad.py")
    corpus.plant(target.corpus, [b"x"])

    with pytest.raises(AssertionError):
        contents(target)["one_input"](corpus.inputs(target)[0].read_bytes())
