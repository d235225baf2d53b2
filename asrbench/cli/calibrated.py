"""What a calibration says is shown: a table, or JSON for machines."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from asrbench.gate.figures import Figures


def show(found: Figures, path: Path, *, as_json: bool) -> None:
    """Print it, and where it lies."""
    if as_json:
        print(json.dumps({"file": str(path), **_json(found)}, ensure_ascii=False, indent=1))
        return
    console = Console()
    shares = sorted({share for case in found.cases for share in case.found})
    table = Table(title=Text(f"{found.machine}, {found.runs} gate runs replayed"))
    table.add_column("case", overflow="fold")
    for name in ("metric", "launches", "spread", "effect", "alarms", "open", "visible"):
        table.add_column(name, justify="right")
    for share in shares:
        table.add_column(f"finds +{share:.0%}", justify="right")
    for case in found.cases:
        table.add_row(
            Text(case.case),
            case.metric,
            str(case.launches),
            f"{case.spread:.1%}",
            f"{case.effect:.0%}",
            f"{case.alarms:.1%}",
            f"{case.open:.1%}",
            "-" if case.visible is None else f"+{case.visible:.0%}",
            *(f"{case.found[s]:.0%}" if s in case.found else "-" for s in shares),
        )
    console.print(table)
    for word, of in (("alarm", found.alarms), ("are inconclusive", found.open)):
        said = f"{of.value:.1%} ({of.low:.1%} to {of.high:.1%})"
        console.print(f"of gate runs in which nothing changed, {said} {word}")
    print(f"file {path}")


def _json(found: Figures) -> dict[str, object]:
    value = asdict(found)
    for case in value["cases"]:
        case["found"] = [{"slower": s, "share": v} for s, v in sorted(case["found"].items())]
    return value
