"""What performance tests share: the weights, the recognizer, and seeded audio.

Run by: python -m pytest suites/perf --benchmark-json=perf.json --benchmark-save-data
Every test uses asrbench's own pytest plugin, as a user's suite would. Budgets are wide: they catch
what is broken, on any machine; small changes are for comparing two commits on one machine.
"""

from __future__ import annotations

import pytest

from asrbench import Recognizer
from asrbench.speech.corpus import Utterance, find


@pytest.fixture(scope="session")
def recognizer() -> Recognizer:
    """The native recognizer with the default weights."""
    return Recognizer()


@pytest.fixture(scope="session")
def utterance() -> Utterance:
    """The shortest utterance of the embedded corpus."""
    return min(find("embedded").utterances, key=lambda one: one.duration_s)
