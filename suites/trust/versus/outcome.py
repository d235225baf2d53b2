"""How a run of a tool ended, many of them as a file, and as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from asrbench.errors import RunError
from asrbench.gate.figures import wilson
from asrbench.measure.run_file import write_whole

SCHEMA = "asrbench.versus/1"
COLUMNS = (
    "tool",
    "alarms when nothing changed, of runs",
    "of kernels",
    "a slowdown of 5 % found, of runs",
    "of kernels",
    "inconclusive, of kernels",
    "minutes a run",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run: the tool, what it judged, how long it took, and on what it alarmed.

    `alarmed` and `open` (inconclusive) name kernels, or a kernel and what but its time. Invariants:
    the kind is "same" or "slow"; it took some time.
    """

    tool: str
    kind: str
    took_s: float
    alarmed: tuple[str, ...]
    open: tuple[str, ...] = ()
    code: int = 0

    def __post_init__(self) -> None:
        """Refuse what is no run."""
        if self.kind not in ("same", "slow"):
            raise ValueError(f"kind is {self.kind!r}; expected same or slow")
        if not self.took_s > 0:
            raise ValueError(f"took_s is {self.took_s}; expected more than zero")


def write(outcomes: Sequence[Outcome], settings: Mapping[str, Any], path: Path) -> None:
    """Write outcomes, whole or not at all."""
    told = {"schema": SCHEMA, **settings, "outcomes": [asdict(one) for one in outcomes]}
    write_whole(path, json.dumps(told, indent=1, allow_nan=False) + "\n")


def read(path: Path) -> list[Outcome]:
    """Read outcomes; none where there is no file. Raises RunError for another one."""
    if not path.exists():
        return []
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["schema"] != SCHEMA:
            raise RunError(f"{path}: schema is {told['schema']!r}; expected {SCHEMA!r}")
        return [
            Outcome(**{**one, "alarmed": tuple(one["alarmed"]), "open": tuple(one["open"])})
            for one in told["outcomes"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise RunError(f"{path}: {error!r}; expected outcomes by {SCHEMA}") from error


def table(outcomes: Sequence[Outcome], kernels: Sequence[str]) -> str:
    """Return what became of the runs of each tool as Markdown; shares with 95 % intervals.

    A run counts as an alarm if any of its alarms, on whatever metric, stands.
    """
    rows = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    for tool in dict.fromkeys(one.tool for one in outcomes):
        same, slow = ([o for o in outcomes if (o.tool, o.kind) == (tool, kind)]
                      for kind in ("same", "slow"))  # fmt: skip
        both = [*same, *slow]
        cells = [
            tool,
            _share(sum(bool(one.alarmed) for one in same), len(same)),
            _share(_hits(same, kernels), len(same) * len(kernels)),
            _share(sum(bool(_named(one.alarmed, kernels)) for one in slow), len(slow)),
            _share(_hits(slow, kernels), len(slow) * len(kernels)),
            _share(sum(len(_named(o.open, kernels)) for o in both), len(both) * len(kernels)),
            f"{median(one.took_s for one in both) / 60:.1f}",
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _hits(outcomes: Iterable[Outcome], kernels: Sequence[str]) -> int:
    return sum(len(_named(one.alarmed, kernels)) for one in outcomes)


def _named(names: Sequence[str], kernels: Sequence[str]) -> set[str]:
    """Return the kernels whose time is among the names."""
    return set(names) & set(kernels)


def _share(count: int, of: int) -> str:
    if not of:
        return "none of none"
    found = wilson(count / of, of)
    return f"{count} of {of} ({100 * found.low:.0f} to {100 * found.high:.0f} %)"
