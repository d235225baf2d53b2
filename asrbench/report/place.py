"""Where a Run and its page are written; no name from outside becomes part of a path."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from asrbench.measure.run import Run
from asrbench.measure.run_file import write, write_whole
from asrbench.report import html


def stem(folder: Path, taken_at: datetime, words: list[str]) -> Path:
    """Return <folder>/<date>-<words>, without ending; words keep only a-z, 0-9 and dashes."""
    safe = "-".join(re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")[:40] for word in words)
    return folder / f"{taken_at:%Y%m%dT%H%M%S}-{safe}"


def save(run: Run, path: Path) -> tuple[Path, Path]:
    """Write a Run and its page beside it; `path` has no ending. Returns both paths."""
    run_file, page = path.with_name(path.name + ".json"), path.with_name(path.name + ".html")
    write(run, run_file)
    write_whole(page, html.page(run))
    return run_file, page
