"""Draws what `perf script` prints as a flame graph: an SVG without scripts, opens anywhere.

    python -m asrbench.fuzz.flame STACKS.txt OUT.svg

Width is the share of samples in a function and what it calls; the order is alphabetical, not time.
Source: B. Gregg, "The flame graph", CACM 59(6), 2016.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

_WIDTH = 1200  # pixels
_ROW = 17
_THIN = 0.3  # pixels: what is thinner is left out
_CHARACTER = 6.4  # pixels, of the 11-pixel monospace font
_SYMBOL = re.compile(r"^\s*[0-9a-f]+ (.*) \(.*\)$")

Stack = tuple[str, ...]


def stacks(lines: Iterable[str]) -> Counter[Stack]:
    """Return how often each stack was seen, outermost function first."""
    seen: Counter[Stack] = Counter()
    frames: list[str] = []
    for line in [*lines, ""]:
        found = _SYMBOL.match(line.rstrip("\n"))
        if found:
            frames.append(re.sub(r"\+0x[0-9a-f]+$", "", found[1]))
        elif not line.strip() and frames:
            seen[tuple(reversed(frames))] += 1
            frames = []
    return seen


def hottest(seen: Counter[Stack], most: int = 10) -> list[tuple[str, float]]:
    """Return the functions that samples ended in, with their shares, the largest first."""
    own: Counter[str] = Counter()
    for stack, count in seen.items():
        own[stack[-1]] += count
    return [(name, count / seen.total()) for name, count in own.most_common(most)]


def svg(seen: Counter[Stack], title: str) -> str:
    """Return the drawing; a box tells its function and share when pointed at."""
    depth = max(len(stack) for stack in seen)
    height = (depth + 2) * _ROW
    boxes = "\n".join(_boxes(seen, 0, 0.0, _WIDTH / seen.total(), height, seen.total()))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'font-family="monospace" font-size="11">\n<rect width="100%" height="100%" fill="#fff"/>\n'
        f'<text x="4" y="13">{escape(title)}, {seen.total()} samples</text>\n{boxes}\n</svg>\n'
    )


def _boxes(
    seen: Counter[Stack], level: int, left: float, scale: float, height: int, total: int
) -> Iterator[str]:
    """Yield the boxes of a level, each followed by those above it."""
    above: dict[str, Counter[Stack]] = {}
    for stack, count in seen.items():
        if len(stack) > level:
            above.setdefault(stack[level], Counter())[stack] += count
    for name, part in sorted(above.items()):
        width = part.total() * scale
        if width >= _THIN:
            yield _box(name, level, left, width, height, part.total() / total)
            yield from _boxes(part, level + 1, left, scale, height, total)
        left += width


def _box(name: str, level: int, left: float, width: float, height: int, share: float) -> str:
    y = height - (level + 1) * _ROW
    fits = int((width - 4) / _CHARACTER)
    shown = name if len(name) <= fits else name[: fits - 2] + ".." if fits > 4 else ""
    hue = 20 + sum(name.encode()) % 35
    return (
        f'<g><title>{escape(name)}: {share:.2%}</title><rect x="{left:.1f}" y="{y}" '
        f'width="{width:.1f}" height="{_ROW - 1}" fill="hsl({hue},85%,65%)"/>'
        f'<text x="{left + 2:.1f}" y="{y + 12}">{escape(shown)}</text></g>'
    )


def main(arguments: list[str]) -> None:
    """Draw, and print the hottest functions."""
    source, out = map(Path, arguments)
    seen = stacks(source.read_text(encoding="utf-8", errors="replace").splitlines())
    if not seen:
        raise SystemExit(f"{source} has no stack; expected what perf script prints")
    out.write_text(svg(seen, out.stem), encoding="utf-8")
    for name, share in hottest(seen):
        print(f"{share:6.1%}  {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
