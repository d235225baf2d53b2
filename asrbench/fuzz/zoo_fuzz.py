"""The lane that has to find a bug's input itself: libFuzzer under ASan and UBSan, with the oracle.

The other lanes are given an input at which the bug bites, as a test gives one; this one begins from
a dictionary alone, so its seconds are those of the search.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from asrbench.fuzz import session
from asrbench.fuzz.command import Command, prepare
from asrbench.fuzz.log import Status
from asrbench.fuzz.target import Target
from asrbench.fuzz.zoo import Look


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """Fuzzes one bug of the project in a process, for `seconds`."""

    project: Path
    seconds: int = 20
    name: str = "fuzz"
    what: str = "libFuzzer with ASan, UBSan and the oracle, from an empty corpus and a dictionary"

    @property
    def target(self) -> Target:
        """The target that drives the bug that ZOO_BUG names."""
        return Target(self.project / "fuzz_zoo.py")

    def prepare(self, cache: Path) -> Look:
        """Build the zoo for libFuzzer. Raises Error where clang or atheris is missing."""
        command = prepare(self.target, "zoo", self.project, cache)

        def look(bug: str, folder: Path) -> str | None:
            """Fuzz a bug. Raises Error where libFuzzer fails or is blind."""
            aimed = Command(command.words, {**command.environment, "ZOO_BUG": bug})
            done = session.fuzz(self.target, aimed, folder, self.seconds, 1, _ignore)
            return None if done.found is None else done.reason

        return look


def _ignore(status: Status, took_s: float) -> None:
    """Show nothing: one line of the table is enough."""
    del status, took_s
