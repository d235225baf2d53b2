"""The table of the zoo: a row for each bug, a column for each lane, who found what and how soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from asrbench.errors import RunError
from asrbench.fuzz.zoo import BUGS, CLEAN, Lane, Trial

SCHEMA = "asrbench.zoo/1"


@dataclass(frozen=True, slots=True)
class Table:
    """All that some lanes said of some bugs.

    Invariants: no lane says two things of one bug; each lane was tried on the same bugs.
    """

    lanes: tuple[str, ...]
    bugs: tuple[str, ...]
    trials: tuple[Trial, ...]

    def __post_init__(self) -> None:
        """Refuse a trial that is missing, or there twice."""
        expected = sorted((lane, bug) for lane in self.lanes for bug in (CLEAN, *self.bugs))
        found = sorted((trial.lane, trial.bug) for trial in self.trials)
        if found != expected:
            raise ValueError(f"trials are {found}; expected one for each of {expected}")

    def of(self, lane: str, bug: str) -> Trial:
        """Return what a lane said of a bug, or of the clean function."""
        return next(trial for trial in self.trials if (trial.lane, trial.bug) == (lane, bug))

    def finders(self, bug: str) -> list[Trial]:
        """Return the trials that found a bug, the quickest first."""
        found = [trial for trial in self.trials if trial.bug == bug and trial.finding is not None]
        return sorted(found, key=lambda trial: trial.took_s)

    @property
    def without_finder(self) -> list[str]:
        """The bugs that no lane found."""
        return [bug for bug in self.bugs if not self.finders(bug)]

    @property
    def false_alarms(self) -> list[Trial]:
        """What lanes found in the clean function."""
        return self.finders(CLEAN)

    def rows(self) -> list[tuple[str, ...]]:
        """Return the table as text, its heading first; the last row is the clean function."""
        heading = ("bug", *self.lanes)
        return [heading, *(self._row(bug) for bug in (*self.bugs, CLEAN))]

    def _row(self, bug: str) -> tuple[str, ...]:
        return (bug, *(_cell(self.of(lane, bug)) for lane in self.lanes))

    def record(self, lane: str, environment: dict[str, Any]) -> dict[str, Any]:
        """Return all that a lane said as JSON values, with the machine it said it on."""
        return {
            "schema": SCHEMA,
            "environment": environment,
            "lane": lane,
            "trials": [asdict(self.of(lane, bug)) for bug in (CLEAN, *self.bugs)],
        }

    def markdown(self, lanes: Sequence[Lane]) -> str:
        """Return the table, what each lane is, and the words of every finding."""
        heading, *rows = self.rows()
        lines = ["# The zoo: which lane finds which planted bug", ""]
        lines += [
            "Seconds from the start of the lane's process; **bold** where it found the bug.",
            "",
        ]
        lines += [_line(heading), _line(["---"] * len(heading))]
        lines += [_line([row[0], *map(_bold, row[1:])]) for row in rows]
        lines += ["", "## The lanes", ""]
        lines += [f"- `{lane.name}`: {lane.what}" for lane in lanes if lane.name in self.lanes]
        lines += ["", "## What they said", ""]
        for bug in self.bugs:
            lines += [f"- `{bug}`, which {BUGS[bug]}:"]
            found = self.finders(bug) or [Trial("no lane", bug, "found it", 0.0)]
            lines += [f"  - {trial.lane}: {_escaped(trial.finding or '')}" for trial in found]
        alarms = [f"- {trial.lane}: {_escaped(trial.finding or '')}" for trial in self.false_alarms]
        lines += ["", "## False alarms at the clean function", "", *(alarms or ["None."])]
        return "\n".join(lines) + "\n"


def read(records: Sequence[dict[str, Any]]) -> Table:
    """Return the table of lanes that were kept apart, of the bugs that each was tried on.

    Raises RunError for a record of another schema, ValueError for what makes no table.
    """
    for record in records:
        if record.get("schema") != SCHEMA:
            raise RunError(f"schema is {record.get('schema')!r}; expected {SCHEMA!r}")
    said = [Trial(**trial) for record in records for trial in record["trials"]]
    lanes = [record["lane"] for record in records]
    tried = [{trial.bug for trial in said if trial.lane == lane} for lane in lanes]
    shared = [bug for bug in BUGS if all(bug in bugs for bugs in tried)]
    kept = [trial for trial in said if trial.bug in (CLEAN, *shared)]
    return Table(tuple(lanes), tuple(shared), tuple(kept))


def _cell(trial: Trial) -> str:
    return f"{'FOUND' if trial.finding is not None else 'not found'} {trial.took_s:.1f}"


def _bold(cell: str) -> str:
    mark, _, seconds = cell.rpartition(" ")
    return f"**{seconds}**" if mark == "FOUND" else f"not found {seconds}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """Return text of a tool as Markdown shows it: nothing in it is markup."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#&" else char for char in text)
