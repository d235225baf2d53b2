"""One case in full, as text: its launches as a plot of characters, and where instructions went."""

from __future__ import annotations

import math
from collections.abc import Sequence

from asrbench.errors import OptionError
from asrbench.gate.verdict import Gated, Launch, Verdict
from asrbench.report.gate import functions, wording
from asrbench.report.gate.plots import bound, changes
from asrbench.report.gate.wording import printable

_WIDTH = 61  # characters of the plot
_SHOWN = 30  # functions
_INDENT = "  "
_LEGEND = "o judged, x confirmed; | no change, : what counts; [=] the interval, * the estimate"


def explain(gated: Gated, case: str) -> list[str]:
    """Return lines on a case: verdicts and launches, then functions where it regressed.

    No line begins with a text from outside, which a log's reader may take for a command. Raises
    OptionError for a case that the gate knows nothing of.
    """
    verdicts = [verdict for verdict in gated.verdicts if verdict.case == case]
    unmeasured = [one for one in gated.unmeasured if one.case in (case, None)]
    if not verdicts and not unmeasured:
        known = dict.fromkeys(
            [verdict.case for verdict in gated.verdicts]
            + [one.case for one in gated.unmeasured if one.case is not None]
        )
        raise OptionError(f"case is {case!r}; expected one of {list(known)}")
    lines = [f"case {printable(case)}"]
    for verdict in verdicts:
        lines += ["", *_verdict(gated, verdict)]
    for one in unmeasured:
        _, side, kind, message = map(printable, wording.unmeasured_row(one))
        lines += ["", f"not measured: {kind} ({side})", f"{_INDENT}why: {message}"]
    if any(verdict.outcome == "regression" for verdict in verdicts):
        lines += _functions(gated, case)
    return lines


def _verdict(gated: Gated, verdict: Verdict) -> list[str]:
    """Return a verdict, what it rests on, and its launches."""
    lines = [
        f"{verdict.outcome}: {printable(verdict.metric)} {wording.change(verdict.change)}",
        f"{_INDENT}{printable(wording.values(verdict.base, verdict.head, verdict.unit))}"
        f"{wording.rtf(verdict)}",
        f"{_INDENT}launches {wording.launches(verdict)}; counts from "
        f"{wording.effect(verdict.effect)}; {wording.trust(verdict)}",
        f"{_INDENT}why: {printable(wording.why(verdict))}",
    ]
    launches = gated.launches.get((verdict.case, verdict.metric), ())
    shown = changes(gated, verdict)
    if shown is not None:
        lines += [f"{_INDENT}{line}".rstrip() for line in _plot(verdict, shown)]
    if left := len(launches) - len(shown or ()):
        lines.append(f"{_INDENT}{left} launches without a relative change: nothing at the base")
    return lines


def _plot(verdict: Verdict, shown: Sequence[tuple[Launch, float, bool]]) -> list[str]:
    """Return a line a launch with a dot at its change, then the interval, then the axis."""
    marks = (verdict.change.low, verdict.change.high, bound(verdict))
    every = [0.0, *filter(math.isfinite, marks), *(change for _, change, _ in shown)]
    low, high = min(every), max(every)
    half = (high / 2 - low / 2) or 1.0  # of the whole, which may be too large for a float

    def at(change: float) -> int:
        return round((min(max(change, low), high) / 2 - low / 2) / half * (_WIDTH - 1))

    bare = [" "] * _WIDTH
    if math.isfinite(bound(verdict)):
        bare[at(bound(verdict))] = ":"
    bare[at(0.0)] = "|"
    lines = []
    for launch, change, confirms in shown:
        row = list(bare)
        row[at(change)] = "x" if confirms else "o"
        both = printable(wording.values(launch.base, launch.head, verdict.unit))
        lines.append(f"{launch.number:4} {wording.percent(change, 2):>10}  {''.join(row)}  {both}")
    band = list(bare)
    start, stop = at(verdict.change.low), at(verdict.change.high)
    band[start : stop + 1] = "=" * (stop + 1 - start)
    band[start], band[stop], band[at(verdict.change.value)] = "[", "]", "*"
    left, right = wording.percent(low, 1), wording.percent(high, 1)
    lines.append(f"{'change':>15}  {''.join(band)}")
    lines.append(f"{'':15}  {left}{right:>{_WIDTH - len(left)}}")
    return [*lines, _LEGEND]


def _functions(gated: Gated, case: str) -> list[str]:
    """Return the functions of a case, the largest difference first; none where none are known."""
    found = functions.spent(gated, case)
    if not found:
        return []
    lines = ["", "instructions by function, inclusive"]
    if place := functions.place(gated, case):
        lines.append(f"most of it {printable(place)}")
    lines.append(f"{'base':>16} {'head':>16} {'difference':>16}   share  function")
    lines += [
        f"{one.base:16,} {one.head:16,} {one.difference:+16,} {100 * one.share:6.1f}%  "
        f"{printable(one.function)}"
        for one in found[:_SHOWN]
    ]
    if (more := len(found) - _SHOWN) > 0:
        lines.append(f"and {more} more")
    return lines
