"""Lanes find the bugs they are for in the zoo itself, and nothing in its clean function."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from asrbench.errors import Error
from asrbench.fuzz import build
from asrbench.fuzz.build import RECIPES
from asrbench.fuzz.zoo import BUGS, CLEAN
from asrbench.fuzz.zoo_lanes import LANES, Watched

ROOT = Path(__file__).parents[3]
BY_NAME = {lane.name: lane for lane in LANES}
PLAIN = {"answers", "references", "memory", "time"}  # they share one build
EXPECTED = [
    ("answers", "length_in_16_bits", "call 0 gives 4712; the oracle 70248"),
    ("answers", "double_free", "died of SIGABRT"),
    ("references", "reference_leak", "references to argument 0 grow with each of"),
    ("memory", "leak_per_call", "resident memory grows by"),
    ("time", "quadratic", "for size 50000; expected at most"),
    ("gil", "gil_not_held", "without holding the GIL"),
    ("asan", "heap_overflow_write", "heap-buffer-overflow ... memory.cpp"),
    ("asan", "signed_overflow", "signed integer overflow"),
    ("tsan", "data_race", "data race ... threads.cpp"),
    ("memcheck", "uninitialised_read", "UninitCondition"),
    ("helgrind", "deadlock_by_lock_order", "LockOrder"),
    ("fuzz", "stack_overflow", "stack-buffer-overflow"),
]
needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="no g++")


def found(lane: str, bug: str, folder: Path) -> str | None:
    """What a lane says of a bug."""
    return BY_NAME[lane].prepare(build.cache_folder())(bug, folder)


def marked(lane: str) -> pytest.MarkDecorator:
    return pytest.mark.slow if lane in PLAIN else pytest.mark.full


@needs_compiler
@pytest.mark.parametrize(
    ("lane", "bug", "words"),
    [pytest.param(*row, marks=marked(row[0]), id=f"{row[0]}-{row[1]}") for row in EXPECTED],
)
def test_a_lane_finds_the_bug_it_is_for(lane: str, bug: str, words: str, tmp_path: Path) -> None:
    said = found(lane, bug, tmp_path)

    assert said is not None
    assert all(word in said for word in words.split(" ... "))


@needs_compiler
@pytest.mark.parametrize("lane", [pytest.param(name, marks=marked(name)) for name in BY_NAME])
def test_a_lane_finds_nothing_in_the_clean_function(lane: str, tmp_path: Path) -> None:
    assert found(lane, CLEAN, tmp_path) is None


def played(source: str, folder: Path, wall_s: float = 200.0) -> str | None:
    """What a lane says whose tool is a few lines of Python in the place of the drive."""
    tool = folder / "tool"
    tool.write_text(f"#!/usr/bin/env python3\n{source}")
    tool.chmod(0o755)
    lane = Watched(
        "played",
        "",
        RECIPES["debug"],
        lambda said, _: "told" if "BUG" in said else None,
        tool=(str(tool),),
        cpu_s=1,
        wall_s=wall_s,
    )
    return lane._look(folder / "zoo.so", "quadratic", folder)


def test_a_process_that_is_killed_or_never_ends_is_a_finding(tmp_path: Path) -> None:
    assert played("import os; os.abort()", tmp_path) == "died of SIGABRT"
    assert played("while True: pass", tmp_path) == "no end within 1 s of the processor"
    assert played("import time; time.sleep(60)", tmp_path, 1.0) == "no end within 1 s"


def test_what_a_tool_says_comes_before_how_the_process_ended(tmp_path: Path) -> None:
    assert played("import os; os.write(1, b'BUG'); os.abort()", tmp_path) == "told"
    assert played("print('end of drive')", tmp_path) is None


def test_a_drive_that_fails_by_itself_is_an_error_and_not_a_silent_lane(tmp_path: Path) -> None:
    with pytest.raises(Error, match=r"drive of quadratic ended with 1: no module"):
        played("raise SystemExit('no module')", tmp_path)
    with pytest.raises(Error, match="drive of quadratic ended with 0"):
        played("", tmp_path)


def test_a_tool_that_is_missing_is_named(tmp_path: Path) -> None:
    lane = Watched("a", "", RECIPES["debug"], lambda said, folder: None, tool=("no-such-tool",))

    with pytest.raises(Error, match="no no-such-tool; expected it on PATH"):
        lane.prepare(tmp_path)


@pytest.mark.parametrize(
    ("seconds", "command", "code", "said"),
    [
        ("1", "exec sleep 60", 124, "ci/within: no end within 1 s: sh -c exec sleep 60"),
        ("60", "exit 7", 7, ""),
        ("0", "exit 0", 64, "ci/within: '0' 'sh' '-c' 'exit 0'; expected whole seconds"),
    ],
)
def test_what_does_not_end_in_time_is_told_in_one_line(
    seconds: str, command: str, code: int, said: str
) -> None:
    words = [str(ROOT / "ci" / "within"), seconds, "sh", "-c", command]

    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=30)

    assert (done.returncode, done.stderr.partition(", at least")[0].strip()) == (code, said)


@pytest.mark.full
@pytest.mark.parametrize(
    ("words", "bug"),
    [
        (["ci/memcheck", "zoo"], "heap_overflow_write"),
        (["ci/sanitize", "zoo"], "use_after_free"),
        (["ci/sanitize", "zoo"], "data_race"),
        (["ci/sanitize", "zoo"], "out_of_range_cast"),
        (["ci/sanitize", "zoo"], "endless_loop"),
        (["ci/fuzz", "30", "zoo"], "heap_overflow_read"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_the_lanes_of_ci_are_red_on_a_bug_and_green_without(words: list[str], bug: str) -> None:
    assert bug in BUGS
    for name, code in ((bug, 1), (CLEAN, 0)):
        done = subprocess.run([*words, name], cwd=ROOT, capture_output=True, text=True, check=False)

        assert done.returncode == code, done.stdout[-2000:] + done.stderr[-2000:]
