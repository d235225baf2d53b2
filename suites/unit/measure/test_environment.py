"""The environment: what changes times, and nothing that names its owner."""

import json
import socket
import subprocess
from pathlib import Path

import numpy as np
import pytest

from asrbench.measure.environment import describe
from asrbench.workload import Build


def test_every_field_of_the_schema_is_there() -> None:
    found = describe(threads=2, build=Build("avx2", "g++ 12.2", "-O3"))

    assert (found["isa"], found["compiler"], found["flags"]) == ("avx2", "g++ 12.2", "-O3")
    assert found["threads"] == 2
    assert found["cores"] >= 1
    assert len(found["load"]) == 3
    assert found["python"].startswith("CPython 3.")


def test_packages_are_those_that_were_imported() -> None:
    assert describe(1)["packages"]["numpy"] == np.__version__


def test_no_environment_variable_and_no_host_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hunter2-very-secret")
    text = json.dumps(describe(1))

    assert "hunter2" not in text
    assert "SECRET_TOKEN" not in text
    if len(socket.gethostname()) > 4:  # "vm" is part of other words
        assert socket.gethostname() not in text


@pytest.fixture
def checkout(tmp_path: Path) -> tuple[Path, str]:
    def git(*arguments: str) -> str:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        command = ["git", "-C", str(tmp_path), *who, *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    git("init", "--quiet")
    (tmp_path / "file").write_text("one")
    git("add", "file")
    git("commit", "--quiet", "--message", "one")
    return tmp_path, git("rev-parse", "HEAD")


def test_the_commit_is_noted_and_a_changed_file_makes_it_dirty(checkout: tuple[Path, str]) -> None:
    folder, commit = checkout
    clean = describe(1, source=folder)
    (folder / "file").write_text("two")
    dirty = describe(1, source=folder)

    assert (clean["commit"], clean["dirty"]) == (commit, False)
    assert (dirty["commit"], dirty["dirty"]) == (commit, True)


def test_outside_a_checkout_there_is_no_commit(tmp_path: Path) -> None:
    found = describe(1, source=tmp_path)

    assert (found["commit"], found["dirty"]) == (None, None)
