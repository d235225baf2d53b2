"""A verdict in words: what every report of a gate says of it, and in which order.

A case is called what the outside called it; `printable` is for wherever a text is not escaped by
what it is written into, since no character of a name may move a cursor or begin a line.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from asrbench.gate.outcomes import known as metric_of
from asrbench.gate.verdict import Gated, Outcome, Unmeasured, Verdict
from asrbench.measure.statistics import Estimate

SERIOUS: tuple[Outcome, ...] = (
    "regression",
    "inconclusive",
    "improvement",
)  # told of first
COLUMNS = ("case", "metric", "change", "base -> head", "launches", "counts from", "trust", "why")
UNMEASURED_COLUMNS = ("case", "side", "kind", "why")

_ENDINGS = {0: "pass", 1: "regression", 2: "inconclusive", 3: "could not measure"}
_SCALES = {
    "s": ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")),
    "bytes": ((2.0**30, "GiB"), (2.0**20, "MiB"), (2.0**10, "KiB"), (1.0, "bytes")),
    "fraction": ((0.01, "%"),),
    "s/s": ((1.0, ""),),
}
_MANY = 9.995  # a relative change above which it is a factor


def printable(words: str) -> str:
    r"""Return a text with every character that is not printable as its escape: "\n", "\x1b"."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in words)


def of(gated: Gated, outcome: Outcome) -> list[Verdict]:
    """Return the verdicts of an outcome, what is required and what changed most first."""
    found = [verdict for verdict in gated.verdicts if verdict.outcome == outcome]
    if outcome == "pass":
        return found
    sign = -1 if outcome == "improvement" else 1
    found.sort(key=lambda verdict: -sign * verdict.change.value)
    if outcome == "inconclusive":
        found.sort(key=lambda verdict: not verdict.required)
    return found


def row(verdict: Verdict) -> tuple[str, ...]:
    """Return a verdict under COLUMNS."""
    return (
        verdict.case,
        verdict.metric,
        change(verdict.change),
        figures(verdict),
        launches(verdict),
        effect(verdict.effect),
        trust(verdict),
        why(verdict),
    )


def unmeasured_row(unmeasured: Unmeasured) -> tuple[str, ...]:
    """Return what could not be judged under UNMEASURED_COLUMNS."""
    case = "every case" if unmeasured.case is None else unmeasured.case
    return (case, unmeasured.side, unmeasured.kind, unmeasured.message)


def change(found: Estimate) -> str:
    """Return a relative change: "+5.1 % (4.2 to 6.0)"; exact ones, whose ends meet, "+1.00 %"."""
    if not math.isfinite(found.value):
        return "from none" if found.value > 0 else "to none"
    if found.value > _MANY:
        return f"{1 + found.value:.4g} times"
    if found.low == found.high:
        return percent(found.value, 2)
    low, high = (
        percent(end, 1).removesuffix(" %").removeprefix("+") for end in (found.low, found.high)
    )
    return f"{percent(found.value, 1)} ({low} to {high})"


def percent(share: float, digits: int) -> str:
    """Return a relative change in percent with its sign; never minus zero, nor a hundred digits."""
    hundred = round(100 * share, digits) + 0.0
    return f"{hundred:+.{digits}f} %" if abs(hundred) < 1e4 else f"{hundred:+.4g} %"


def figures(verdict: Verdict) -> str:
    """Return a verdict's values; with their unit, unless the metric is called the same."""
    unit = "" if verdict.unit == verdict.metric else verdict.unit
    return f"{values(verdict.base, verdict.head, unit)}{rtf(verdict)}"


def rtf(verdict: Verdict) -> str:
    """Return a time of audio as a real-time factor, which changes as it does; else nothing."""
    if verdict.audio_s is None:
        return ""
    both = values(verdict.base / verdict.audio_s, verdict.head / verdict.audio_s, "s/s")
    return f" (RTF {both})"


def values(base: float, head: float, unit: str) -> str:
    """Return both values in the unit that suits the larger: "1.203 -> 1.264 ms", "12 -> 14"."""
    scales = _SCALES.get(unit)
    if scales is None:
        return f"{_counted(base)} -> {_counted(head)} {unit}".rstrip()
    largest = max(abs(base), abs(head))
    scale, name = next((s for s in scales if largest >= s[0]), scales[-1])
    return f"{_digits(base / scale)} -> {_digits(head / scale)} {name}".rstrip()


def launches(verdict: Verdict) -> str:
    """Return how many launches were judged, and how many fresh ones confirmed: "6 + 10"."""
    return f"{verdict.launches}" + (f" + {verdict.confirmed}" if verdict.confirmed else "")


def effect(share: float) -> str:
    """Return the relative change that counts: "2 %"."""
    return f"{100 * share:.3g} %"


def trust(verdict: Verdict) -> str:
    """Return how often the case alarms though nothing changed, and the least change it sees.

    What is exact has no noise that a calibration could tell of.
    """
    known = verdict.trust
    if known is None:
        return "exact" if is_exact(verdict) else "not calibrated"
    seen = "none of those tried" if known.visible is None else f"+{effect(known.visible)}"
    return (
        f"false alarms {100 * known.false_alarms:.3g} %, sees {seen} "
        f"({known.runs} replays of {known.launches} launches)"
    )


def is_exact(verdict: Verdict) -> bool:
    """Whether a verdict is not on samples: a count, a size, a figure of one's own, an answer."""
    return metric_of(verdict.metric).exact


def why(verdict: Verdict) -> str:
    """Return the reason of a verdict, and that it will not do where it is required."""
    if verdict.outcome == "inconclusive" and verdict.required:
        return f"{verdict.reason}; the policy requires an answer"
    return verdict.reason


def sentence(verdict: Verdict) -> str:
    """Return all that is known of a verdict but its case, metric and outcome, in one line."""
    rest = row(verdict)[2:]
    found, both, judged, counts, known, reason = rest
    return f"{found}, {both}; launches {judged}; counts from {counts}; {known}; {reason}"


def title(gated: Gated) -> str:
    """Return which revisions were judged, where the settings say so by "base" and "head"."""
    base, head = gated.settings.get("base"), gated.settings.get("head")
    return f"gate: {base} -> {head}" if base and head else "gate"


def counts(gated: Gated) -> str:
    """Return how many verdicts there are of each outcome, and what was not measured."""
    found = [(len(of(gated, outcome)), outcome) for outcome in (*SERIOUS, "pass")]
    words = [counted(n, outcome) for n, outcome in found if n]
    words += [f"{len(gated.unmeasured)} not measured"] * bool(gated.unmeasured)
    return ", ".join(words) or "nothing was judged"


def counted(number: int, outcome: Outcome) -> str:
    """Return a number of verdicts of an outcome: "2 regressions", "1 pass"."""
    plural = {"pass": "passes", "inconclusive": "inconclusive"}.get(outcome, f"{outcome}s")
    return f"{number} {outcome if number == 1 else plural}"


def conclusion(gated: Gated) -> str:
    """Return the whole outcome in one line, with its exit code."""
    return f"{ending(gated)}: {counts(gated)}; exit code {gated.code}"


def ending(gated: Gated) -> str:
    """Return the whole outcome in a word or two, as the exit code has it."""
    return _ENDINGS[gated.code] + (", on nothing that is required" if gated.warns_only else "")


def by_case(verdicts: Sequence[Verdict]) -> dict[str, list[Verdict]]:
    """Return verdicts case by case, in the order in which they come."""
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        found.setdefault(verdict.case, []).append(verdict)
    return found


def _counted(value: float) -> str:
    """Return a count whole, with commas; what is none, with digits."""
    return f"{value:,.0f}" if math.isfinite(value) and value == int(value) else f"{value:,.5g}"


def _digits(value: float) -> str:
    """Return a value with four digits, and no exponent up to millions."""
    if not math.isfinite(value) or abs(value) >= 1e6:
        return f"{value:.4g}"
    whole = len(f"{abs(value):.0f}") if abs(value) >= 1 else 0
    return f"{value:.{max(0, 4 - whole)}f}" if abs(value) >= 0.1 else f"{value:.4g}"
