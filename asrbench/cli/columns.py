"""Rows of text printed as aligned columns, plain enough for a pipe."""

from __future__ import annotations

from collections.abc import Sequence

_GAP = "  "


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Return the rows as lines, every column but the last as wide as its widest cell.

    Cells are made printable. Raises ValueError where rows differ in length.
    """
    shown = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    return "\n".join(
        _GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in shown
    )


def printable(text: str) -> str:
    """Return a text that others wrote, with what would move the cursor or colour it escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
