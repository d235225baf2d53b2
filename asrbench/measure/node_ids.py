"""A pytest plugin that writes down which tests measure something, for `pytest --collect-only`.

It is loaded by `-p` in a project's own pytest, and imports nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

OPTION = "--asrbench-node-ids"
_FIXTURE = "benchmark"  # pytest-benchmark's; a fixture on top of it has it in its closure


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the file to write."""
    parser.addoption(OPTION, help="write the ids of tests with the fixture benchmark, as JSON")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Write the ids of the tests that use the fixture, in their order."""
    found = [i.nodeid for i in session.items if _FIXTURE in getattr(i, "fixturenames", ())]
    Path(session.config.getoption(OPTION)).write_text(json.dumps(found), encoding="utf-8")
