"""A Run is kept while it is made, and shown when it is done: a table, or JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from asrbench.measure.run import Run
from asrbench.report import terminal
from asrbench.report.comparison import Group, groups
from asrbench.report.place import save, stem
from asrbench.report.summary import figures

_FILES = ("run", "report")


@dataclass(slots=True)
class Kept:
    """A Run being made: its progress bar, and where it is written whenever `keep` is called."""

    path: Path
    bar: terminal.Bar
    run: Run | None = field(default=None, init=False)
    files: tuple[Path, ...] = field(default=(), init=False)

    def keep(self, run: Run) -> None:
        """Write the Run and its page."""
        self.run = run
        self.files = save(run, self.path)

    def show(self, *, as_json: bool) -> None:
        """Print the Run to the standard output, and where it was written."""
        if self.run is None:
            return
        if as_json:
            print(printed(self.run, dict(zip(_FILES, self.files, strict=True))))
            return
        console = Console()
        terminal.show(self.run, console)
        for name, path in zip(_FILES, self.files, strict=True):
            print(f"{name:7} {path}")


@contextmanager
def keeping(folder: Path, words: list[str]) -> Iterator[Kept]:
    """Make the folder at once, so that a wrong one is known before anything is measured."""
    folder.mkdir(parents=True, exist_ok=True)
    with terminal.bar(Console(stderr=True)) as bar:
        kept = Kept(stem(folder, datetime.now(), words), bar)
        try:
            yield kept
        except BaseException:
            if kept.files:
                print(f"the run was cut short; what was measured is in {kept.files[0]}")
            raise


def printed(run: Run, files: Mapping[str, Path]) -> str:
    """Return what --json prints: figures of every case, checks, errors, and the files by name."""
    return json.dumps(_figures(run, files), ensure_ascii=False, indent=1)


def _figures(run: Run, files: Mapping[str, Path]) -> dict[str, Any]:
    """Return the same as JSON values."""
    return {
        **{name: str(path) for name, path in files.items()},
        "partial": run.partial,
        "passed": run.passed,
        "figures": [asdict(figure) for figure in figures(run)],
        "groups": [_group(group) for group in groups(run)],
        "checks": [
            {"case": case.name, "passed": case.check.passed, "detail": case.check.detail}
            for case in run.cases
            if case.check is not None
        ],
        "errors": [
            {"case": e.case, "item": e.item, "kind": e.kind, "message": e.message}
            for e in run.errors
        ],
    }


def _group(group: Group) -> dict[str, Any]:
    """One group of a comparison as JSON values."""
    return {
        "group": group.name,
        "threads": group.threads,
        "items": group.items,
        "amount": asdict(group.amount),
        "pairs": [
            {
                "first": pair.first,
                "second": pair.second,
                "ratio": None if pair.ratio is None else asdict(pair.ratio),
                "contrast": None if pair.contrast is None else dict(pair.contrast),
            }
            for pair in group.pairs
        ],
        "sides": [
            {
                "engine": side.engine,
                "rtf": side.rtf,
                "score": side.score.values[0] if side.score else None,
                "counts": dict(side.score.counts) if side.score else {},
                "loops": list(side.loops),
            }
            for side in group.sides
        ],
    }
