"""A revision is built once, kept by what it is of, and whole or not at all."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from asrbench.gate import building
from asrbench.gate.building import BuildError, Built, build
from asrbench.gate.project import Project, read
from asrbench.gate.revisions import Revision, laid_out
from suites.unit.gate.built import committed, git, project

ROOT = Path(__file__).parents[3]
SLOW = "pathlib.Path(os.environ['BUILDS'] + '.at').touch(); time.sleep({})"
BOTH = """
here = pathlib.Path(os.environ["BUILDS"] + ".here")
here.mkdir(exist_ok=True)
(here / str(os.getpid())).touch()
until = time.monotonic() + 30
while len(list(here.iterdir())) < 2:
    assert time.monotonic() < until, "nobody else builds"
    time.sleep(0.02)
"""
AGAIN = """
import sys
from pathlib import Path
from suites.unit.gate import test_building
test_building.building._environment = test_building.no_environment
test_building.building._packages = test_building.no_packages
print(test_building.built(Path(sys.argv[1])).wheel_bytes)
"""
pytestmark = pytest.mark.slow


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BUILDS", str(tmp_path / "builds"))
    return project(tmp_path / "tiny project")


def built(tiny: Path, name: str = "main", *words: str, install: tuple[str, ...] = ()) -> Built:
    """What a revision is built to, in a cache beside the project."""
    with laid_out(tiny, name) as revision:
        told = read(revision.folder)
        told = replace(told, build=(*told.build, *words), install=install)
        return build(told, revision, tiny.parent / "cache")


def no_environment(project: Project, revision: Revision, wheel: Path, venv: Path) -> Path:
    """An environment that is this one: to make one takes seconds."""
    python = venv / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return python


def no_packages(python: Path, own: str) -> dict[str, str]:
    return {}


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what is built, and when."""
    monkeypatch.setattr(building, "_environment", no_environment)
    monkeypatch.setattr(building, "_packages", no_packages)


def builds(tiny: Path) -> list[str]:
    """A line for every build there was."""
    path = tiny.parent / "builds"
    return path.read_text().splitlines() if path.exists() else []


def entries(tiny: Path) -> list[Path]:
    return sorted(path for path in (tiny.parent / "cache").iterdir() if path.is_dir())


def test_a_revision_runs_from_its_own_environment(tiny: Path) -> None:
    made = built(tiny)
    asked = "import tiny, json; print(tiny.__file__, len(tiny.cases()))"
    line = [str(made.python), "-c", asked]
    said = subprocess.run(line, capture_output=True, text=True, check=True, cwd="/").stdout

    assert said.endswith("/tiny/__init__.py 1\n")
    assert str(entries(tiny)[0]) in said
    assert made.extension_bytes == 1000
    assert made.wheel_bytes == (entries(tiny)[0] / "wheel/tiny-1-py3-none-any.whl").stat().st_size
    assert "pip" in made.packages
    assert "tiny" not in made.packages


@pytest.mark.usefixtures("_quick")
def test_a_revision_is_built_once(tiny: Path) -> None:
    assert built(tiny) == built(tiny)
    assert len(builds(tiny)) == 1
    assert git(tiny, "status", "--porcelain") == ""


@pytest.mark.usefixtures("_quick")
def test_another_commit_or_way_to_build_is_built_apart(tiny: Path) -> None:
    first = built(tiny)
    other = built(tiny, "main", "--no-cache-dir")
    (tiny / "tiny" / "__init__.py").write_text("def cases():\n    return [1, 2]\n")
    committed(tiny, "two")

    assert len({first.python, other.python, built(tiny).python}) == 3
    assert len(builds(tiny)) == 3
    assert built(tiny, "main~1") == first


@pytest.mark.usefixtures("_quick")
def test_ccache_is_told_where_the_sources_lie_unless_the_user_says(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(tiny)
    monkeypatch.setenv("CCACHE_BASEDIR", "/mine")
    built(tiny, "main", "--no-cache-dir")
    (base, nohash, sources), (mine, *_) = (line.split(" ", 2) for line in builds(tiny))

    assert Path(base) in Path(sources).parents
    assert (nohash, mine) == ("1", "/mine")


@pytest.mark.usefixtures("_quick")
def test_a_build_that_breaks_is_told_and_tried_again(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUILD", "raise ValueError('no compiler')")
    with pytest.raises(BuildError, match=r"(?s)main .*no compiler") as broken:
        built(tiny)
    monkeypatch.delenv("BUILD")

    assert broken.value.kind == "build"
    assert built(tiny).extension_bytes == 1000


def test_what_cannot_be_installed_is_told(tiny: Path) -> None:
    with pytest.raises(BuildError, match="no_such_folder") as broken:
        built(tiny, install=("./no_such_folder",))

    assert broken.value.kind == "install"


@pytest.mark.usefixtures("_quick")
def test_an_entry_of_a_build_that_was_cut_short_is_built_again(tiny: Path) -> None:
    first = built(tiny)
    entry = entries(tiny)[0]
    (entry / "built.json").unlink()
    (entry / "venv" / "left").touch()
    (entry / "wheel" / "another-1-py3-none-any.whl").touch()

    assert built(tiny) == first
    assert not (entry / "venv" / "left").exists()
    assert len(builds(tiny)) == 2


@pytest.mark.usefixtures("_quick")
def test_an_environment_that_somebody_removed_is_built_again(tiny: Path) -> None:
    first = built(tiny)
    first.python.unlink()

    assert built(tiny) == first
    assert first.python.exists()


def again(tiny: Path, **variables: str) -> subprocess.Popen[str]:
    """A process that builds the project's last commit."""
    return subprocess.Popen(
        [sys.executable, "-c", AGAIN, str(tiny)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(path: Path) -> None:
    end = time.monotonic() + 60
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.02)
    assert path.exists()


@pytest.mark.usefixtures("_quick")
def test_a_killed_build_leaves_nothing_that_is_taken_for_whole(tiny: Path) -> None:
    process = again(tiny, BUILD=SLOW.format(60))
    wait_for(tiny.parent / "builds.at")
    process.send_signal(signal.SIGKILL)
    process.communicate()

    assert built(tiny).extension_bytes == 1000
    assert len(builds(tiny)) == 2


@pytest.mark.usefixtures("_quick")
def test_of_two_gates_at_once_the_second_waits_for_the_firsts_build(tiny: Path) -> None:
    first = again(tiny, BUILD=SLOW.format(3))
    wait_for(tiny.parent / "builds.at")
    second = again(tiny)
    said = [process.communicate(timeout=120) for process in (first, second)]

    assert [process.returncode for process in (first, second)] == [0, 0], said
    assert said[0][0] == said[1][0]
    assert len(builds(tiny)) == 1


@pytest.mark.usefixtures("_quick")
def test_two_revisions_are_built_at_the_same_time(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed(tiny, "two")
    monkeypatch.setenv("BUILD", BOTH)
    threads = [threading.Thread(target=built, args=(tiny, name)) for name in ("main", "main~1")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(entries(tiny)) == 2
    assert all((entry / building._DONE).exists() for entry in entries(tiny))
