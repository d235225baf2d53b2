"""What unit tests share: Ctrl-C, an environment, and a plug-in workload as if it were installed."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from asrbench import workload
from asrbench.workload import Workload


@pytest.fixture(autouse=True, scope="session")
def ctrl_c() -> Iterator[None]:
    """Let Ctrl-C interrupt, as at a terminal: a shell's background jobs are told to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True, scope="session")
def nobody_else() -> None:
    """Let a pytest that a test starts not believe that it is one of this one's workers."""
    for name in [name for name in os.environ if name.startswith("PYTEST_XDIST_")]:
        del os.environ[name]


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Workload[Any, Any, Any]:
    """The workload record of suites/unit/letters, found through its entry points."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "letters"))
    return workload.find("letters")
