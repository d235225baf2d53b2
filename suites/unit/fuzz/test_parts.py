"""The parts of the fuzzer: targets by name, choices of bytes, what libFuzzer's words mean."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from asrbench.errors import Error, OptionError
from asrbench.fuzz import build, corpus, log, session
from asrbench.fuzz.chooser import Chooser
from asrbench.fuzz.command import HERE, Command
from asrbench.fuzz.finding import minimise, shown
from asrbench.fuzz.log import Status
from asrbench.fuzz.target import Target, find

FOLDER = Path(__file__).parents[3] / "fuzz"
RUNNING = """INFO: Loaded 1 modules   (5201 inline 8-bit counters): 5201 [0x1, 0x2),
#2\tINITED cov: 90 ft: 91 corp: 1/1b exec/s: 0 rss: 70Mb
#4096\tpulse  cov: 345 ft: 1042 corp: 32/1024b lim: 43 exec/s: 2048 rss: 75Mb
#5000\tNEW    cov: 346 ft: 1050 corp: 33/1030b lim: 43 exec/s: 2500 rss: 75Mb L: 6/9 MS: 1 Cross-
"""


def test_the_last_line_of_a_log_says_how_far_it_is() -> None:
    assert log.status(RUNNING) == Status(5000, 2500, 346, 1050, 5201)


def test_python_functions_are_no_native_places() -> None:
    said = log.status("INFO: Instrumented 72 Python functions\n")

    assert (said.counters, said.functions) == (0, 72)


def test_a_log_that_says_nothing_yet_is_at_the_beginning() -> None:
    assert log.status("") == Status()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("a.cpp:3:1: runtime error: signed integer overflow\n", "runtime error: signed integer"),
        ("==1==\nSUMMARY: AddressSanitizer: heap-buffer-overflow a.cpp:3\n", "heap-buffer"),
        (" === Uncaught Python exception: ===\nValueError: no\n", "ValueError: no"),
        ("==1== ERROR: libFuzzer: timeout after 10 seconds\n", "timeout after 10 seconds"),
    ],
)
def test_the_reason_is_the_first_thing_a_sanitizer_says(said: str, reason: str) -> None:
    assert reason in log.reason(f"INFO: noise\n{said}more noise\n")


def test_a_target_is_found_by_its_name_or_its_file() -> None:
    assert find("native/json", FOLDER).native
    assert find(str(FOLDER / "fuzz_pcm.py"), FOLDER) == find("pcm", FOLDER)


@pytest.mark.parametrize("name", ["pcn", "../secret", "missing/fuzz_a.py"])
def test_an_unknown_target_is_refused(name: str) -> None:
    with pytest.raises(OptionError, match="expected"):
        find(name, FOLDER)


@pytest.mark.parametrize("name", ["pcm.py", "fuzz_a.cpp", "fuzz_a.txt"])
def test_a_file_that_is_no_target_is_refused(name: str) -> None:
    with pytest.raises(OptionError, match=r"is no target; expected fuzz_NAME\.py"):
        Target(Path("folder", name))


def test_choices_are_within_their_bounds_and_an_input_that_ended_gives_zeros() -> None:
    for first in range(256):
        chooser = Chooser(bytes([first, 7]))

        assert -3 <= chooser.number(-3, 3) <= 3
        assert chooser.rest() == b"\7"
        assert chooser.left == 0
        assert chooser.number(5, 300) == 5
        assert chooser.take(2) == b"\0\0"


def test_a_choice_among_one_takes_no_byte() -> None:
    chooser = Chooser(b"\5")

    assert chooser.pick(["only"]) == "only"
    assert chooser.left == 1


def test_seeds_are_planted_once(tmp_path: Path) -> None:
    assert corpus.plant(tmp_path, [b"a", b"b"]) == 2
    assert corpus.plant(tmp_path, [b"a", b"c"]) == 1
    assert len(list(tmp_path.iterdir())) == 3


def test_jobs_add_up() -> None:
    parts = [Status(10, 5, 3, 4, 9, 1), Status(20, 6, 2, 7, 9, 1)]

    assert session.total(parts) == Status(30, 11, 3, 7, 9, 1)


def program(folder: Path, source: str) -> tuple[Target, Command]:
    """Return a target whose process is a few lines of Python that play libFuzzer."""
    (folder / "fuzz_played.py").write_text("")
    words = (sys.executable, "-c", f"import sys, pathlib, time\n{source}")
    return Target(folder / "fuzz_played.py"), Command(words, {})


def ignore(status: Status, took_s: float) -> None:
    """Watch nothing."""


def test_a_fuzzer_that_sees_no_code_is_an_error_and_no_success(tmp_path: Path) -> None:
    target, command = program(tmp_path, "print('#9\\tDONE cov: 4 ft: 4')")

    with pytest.raises(Error, match="sees no code"):
        session.fuzz(target, command, tmp_path, 1, 1, ignore)


def test_a_process_that_fails_without_a_finding_is_an_error(tmp_path: Path) -> None:
    target, command = program(tmp_path, "sys.exit('ImportError: no module')")

    with pytest.raises(Error, match="no finding: ImportError: no module"):
        session.fuzz(target, command, tmp_path, 1, 1, ignore)


LOOKS = """
print("Loaded 1 modules   (9 inline 8-bit counters)")
print("at", os.environ["TMPDIR"], "with", sys.argv[1:])
"""


def test_temporary_files_of_a_target_are_gone_afterwards(tmp_path: Path) -> None:
    target, command = program(tmp_path, f"import os{LOOKS}")
    (tmp_path / "options").mkdir()
    (tmp_path / "options" / "played.options").write_text("[libfuzzer]\nmax_len = 7\n")

    session.fuzz(target, command, tmp_path, 1, 1, ignore)

    said = log.read(tmp_path / "job-0.log")
    scratch = Path(said.partition("at ")[2].split()[0])
    assert scratch.name.startswith("asrbench-fuzz-")
    assert not scratch.exists()
    assert "'-max_len=7'" in said


FINDS = """
prefix = next(w for w in sys.argv if w.startswith("-artifact_prefix=")).partition("=")[2]
try:
    pathlib.Path(prefix + "crash-1").open("xb").write(b"long and bad")
except FileExistsError:  # the other job was first
    time.sleep(60)
print("SUMMARY: AddressSanitizer: heap-buffer-overflow a.cpp:3 crash-1")
sys.exit(77)
"""


def test_a_finding_ends_all_jobs_at_once_and_has_its_reason(tmp_path: Path) -> None:
    target, command = program(tmp_path, FINDS)

    done = session.fuzz(target, command, tmp_path, 30, 2, ignore)

    assert done.found == tmp_path / "found" / "crash-1"
    assert "heap-buffer-overflow" in done.reason
    assert done.took_s < 20


SHRINKS = """
exact = [w.partition("=")[2] for w in sys.argv if w.startswith("-exact_artifact_path=")]
if exact:
    pathlib.Path(exact[0]).write_bytes(b"bad")
sys.exit(b"bad" in pathlib.Path(sys.argv[-1]).read_bytes() and "runtime error: bad")
"""


def test_a_finding_is_made_small_and_told_how_to_see_again(tmp_path: Path) -> None:
    _, command = program(tmp_path, SHRINKS)
    found = tmp_path / "crash-1"
    found.write_bytes(b"long and bad")

    made = minimise(command, found, "asrbench fuzz played --replay", 1)

    assert made.input.read_bytes() == b"bad"
    assert (made.size, made.found_size) == (3, 12)
    assert made.reason == "runtime error: bad"
    assert made.command == f"asrbench fuzz played --replay {made.input}"
    assert "runtime error" in made.input.with_name(f"{made.input.name}.txt").read_text()


def test_a_replay_asks_asan_for_all_that_it_knows(tmp_path: Path) -> None:
    _, command = program(tmp_path, "import os; print(os.environ['ASAN_OPTIONS'])")
    quick = Command(command.words, {"ASAN_OPTIONS": "malloc_context_size=2"})

    _, said = shown(quick, [tmp_path])

    assert said.strip().endswith(
        "malloc_context_size=30:quarantine_size_mb=256:thread_local_quarantine_size_kb=1024"
    )


def test_a_finding_that_does_not_come_again_says_so(tmp_path: Path) -> None:
    _, command = program(tmp_path, "sys.exit(0)")
    found = tmp_path / "crash-1"
    found.write_bytes(b"x")

    assert "not seen again" in minimise(command, found, "again", 1).reason


def test_a_project_that_pip_cannot_build_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Error, match=r"no pyproject.toml; expected a project"):
        build.extension(tmp_path, "a", build.RECIPES["debug"], tmp_path)


def test_a_module_is_taken_from_the_file_given(tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("where = 'here'")
    (tmp_path / "script.py").write_text("import json.tool, sys; print(json.tool.where, sys.argv)")

    given = f"json.tool={tmp_path / 'other.py'}"
    done = subprocess.run(
        [sys.executable, HERE / "instead.py", given, tmp_path / "script.py", "a"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == f"here ['{tmp_path / 'script.py'}', 'a']\n"
