"""What unit tests share: the plug-in workload `letters`, as if a package had installed it."""

from pathlib import Path
from typing import Any

import pytest

from asrbench import workload
from asrbench.workload import Workload


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Workload[Any, Any, Any]:
    """The workload record of suites/unit/letters, found through its entry points."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "letters"))
    return workload.find("letters")
