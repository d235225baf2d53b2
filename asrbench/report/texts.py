"""The texts of a Run on a page: what was said, what was heard, and the words that differ marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from asrbench.measure.run import Item, Run


def section(run: Run) -> str:
    """Return a table of all items with texts, the worst first; empty where no item has one."""
    rows = [
        (kept.get("errors") or 0, _row(item, engine, kept))
        for item in run.items
        for engine, kept in _heard(item)
        if "hypothesis" in kept
    ]
    if not rows:
        return ""
    rows.sort(key=lambda row: -row[0])
    return (
        "<h2>Texts</h2>"
        '<p class="note">Words after normalisation, most errors first: '
        "<del>said but not heard</del>, <ins>heard but not said</ins>.</p>"
        f'<div class="scroll"><table>{"".join(row for _, row in rows)}</table></div>'
    )


def marked(words: Sequence[Sequence[str]]) -> str:
    """Aligned words (kind, said, heard) as HTML, with those that differ in <del> and <ins>."""
    made = []
    for kind, said, heard in words:
        if kind == "equal":
            made.append(escape(heard))
            continue
        if said:
            made.append(f"<del>{escape(said)}</del>")
        if heard:
            made.append(f"<ins>{escape(heard)}</ins>")
    return " ".join(made)


def _heard(item: Item) -> list[tuple[str, Mapping[str, Any]]]:
    """Return (engine, what is kept of its output); the engine is "" where only one ran."""
    engines: Mapping[str, Mapping[str, Any]] | None = item.kept.get("engines")
    if engines is None:
        return [("", item.kept)]
    reference = item.kept.get("reference")
    return [(name, {"reference": reference, **kept}) for name, kept in engines.items()]


def _row(item: Item, engine: str, kept: Mapping[str, Any]) -> str:
    """One text as a row: id, length and errors, marked words, the texts as they were written."""
    reference, hypothesis = kept.get("reference"), str(kept["hypothesis"])
    words = kept.get("words")
    text = marked(words) if words else escape(hypothesis)
    errors = ""
    if "errors" in kept:
        errors = f"{kept['errors']} of {kept['reference_words']} words"
    if kept.get("loop"):
        errors += ' <span class="badge bad">loop</span>'
    said = "not written down" if reference is None else escape(str(reference))
    name = f"{escape(item.id)}<br>{escape(engine)}" if engine else escape(item.id)
    return (
        f'<tr><td class="id">{name}<br>{item.amount.value:.1f} s<br>{errors}</td>'
        f"<td>{text}<details><summary>as written</summary>"
        f"<dl><dt>reference</dt><dd>{said}</dd><dt>hypothesis</dt><dd>{escape(hypothesis)}</dd></dl>"
        "</details></td></tr>"
    )
