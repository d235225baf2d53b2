"""What only a process of its own shows of `logs`: following until Ctrl-C, and the progress bar."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from asrbench.cli import main

LIMIT_S = 60
VERB = (sys.executable, "-m", "asrbench", "logs")


@contextmanager
def started(*words: str) -> Iterator[subprocess.Popen[str]]:
    """The verb as a process, killed if it is still there in the end."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process: subprocess.Popen[str] = subprocess.Popen([*VERB, *words], text=True, **pipes)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def answer(process: subprocess.Popen[str]) -> Any:
    """The next line that a process printed, read as JSON; a failure where none comes."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], LIMIT_S)

    assert ready, "nothing was printed"
    return json.loads(process.stdout.readline())


def test_a_followed_log_is_answered_again_as_it_grows_until_ctrl_c(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"model": "a", "latency_ms": 1}\n')
    with started("--follow", "--json", "--by", "model", str(path)) as process:
        assert [group["key"] for group in answer(process)["groups"]] == ["a"]
        with path.open("ab") as file:
            file.write(b'{"model": "b", "latency_ms": 2}\nbad\n')
        again = answer(process)
        process.send_signal(signal.SIGINT)

        assert process.wait(LIMIT_S) == 130
    assert [(group["key"], group["p50"]) for group in again["groups"]] == [("a", 1.0), ("b", 2.0)]
    assert again["files"][0]["bad"] == {"object": 1}


def test_a_log_that_does_not_grow_is_answered_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"model": "a"}\n')
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            path.write_bytes(b'{"model": "a"}\n{"model": "a"}\n')
        if len(waited) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", wait)

    assert main(["logs", "--follow", "--json", str(path)]) == 130
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["groups"][0]["count"] for one in said] == [1, 2]
    assert all(seconds > 0 for seconds in waited)


@pytest.mark.parametrize("files", [["-"], ["a.jsonl", "b.jsonl"]])
def test_what_cannot_be_followed_is_wrong_usage(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["logs", "--follow", *files]) == 64
    assert f"--follow is given {len(files)} files" in " ".join(capsys.readouterr().err.split())


def test_a_bar_runs_to_the_end_of_each_file_on_a_terminal_alone(tmp_path: Path) -> None:
    for name in ("one.jsonl", "two.jsonl"):
        (tmp_path / name).write_bytes(b'{"model": "a"}\n' * 1000)
    command = [*VERB, "one.jsonl", "two.jsonl"]
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
        done = subprocess.run(
            command,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=theirs,
            env=environment,
            timeout=LIMIT_S,
            check=True,
        )
        os.close(theirs)
        seen = _all_of(terminal).decode()

    assert seen.count("one.jsonl") >= 1
    last = seen[seen.rindex("one.jsonl") :]
    assert last.count("100%") == 2, last
    assert b"jsonl" not in done.stdout
    plain = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=LIMIT_S, check=True)
    assert (plain.stderr, plain.stdout) == (b"", done.stdout)


def _all_of(terminal: Any) -> bytes:
    """What was written to a terminal whose other end is closed."""
    seen = b""
    while True:
        try:
            piece = terminal.read(65536)
        except OSError:  # EIO: how Linux says that nobody writes any more
            return seen
        if not piece:
            return seen
        seen += piece
