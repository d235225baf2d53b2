"""What streams show in figures: how their words are timed, WER against batch, streams carried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asrbench.measure.run import CaseResult, Run
from asrbench.measure.streaming.capacity import Bound, kept, reached
from asrbench.measure.streaming.metrics import BACKLOG, WAITS
from asrbench.measure.streaming.play import NAME

PERCENTILED = (*WAITS, BACKLOG)  # metrics that are shown by percentiles
_ONLY_ENDED = ("first_partial", "commit_latency", "finalisation")  # has no value of what was cut


def streamed(run: Run) -> list[CaseResult]:
    """Return the cases that are streams."""
    return [case for case in run.cases if case.scenario == NAME]


def note(case: CaseResult, metric: str) -> str:
    """Return what has to be said beside a metric of streams, to be put behind its note."""
    said = ""
    if metric == "commit_latency":
        said += f"; word ends {ends(case)}"
    if metric == "first_partial" and case.other.get("partial_results") is False:
        said += "; no partial results, the engine answers at the end"
    if metric in _ONLY_ENDED and case.other.get("behind"):
        said += "; what was cut is not among them"
    return said


def drift(case: CaseResult) -> tuple[float, str] | None:
    """Return how much higher the WER of the streams is than in batch, with its interval in words.

    None where the two could not be compared.
    """
    apart: Mapping[str, Any] | None = case.other.get("stream_minus_batch")
    if apart is None:
        return None
    low, high = 100 * apart["low"], 100 * apart["high"]
    note = f"95 % interval {low:+.2f} to {high:+.2f} points; {len(apart['lines'])} texts differ"
    return float(apart["difference"]), note


def capacity(run: Run) -> tuple[int | None, str] | None:
    """Return how many streams were carried within the bound, and what that rests on.

    None where no bound was asked for; no number where too few values tell.
    """
    cases = sorted(streamed(run), key=lambda case: int(case.other["streams"]))
    if not run.settings.get("bound") or not cases:
        return None
    bound = Bound(**run.settings["bound"])
    tried = [f"{case.other['streams']}: {_tried(case, bound.p)}" for case in cases]
    note = (
        f"p{100 * bound.p:g} of commit latency at most {bound.seconds:g} s; "
        f"by streams {', '.join(tried)}"
    )
    if run.partial or any(kept(case, bound) is None for case in cases):
        return None, note
    return max((c.other["streams"] for c in cases if kept(c, bound)), default=0), note


def ends(case: CaseResult) -> str:
    """Return how it is known where words end."""
    return "; ".join(map(str, case.other.get("word_ends", ()))) or "not known"


def _tried(case: CaseResult, p: float) -> str:
    """Return what became of one number of streams, in words."""
    if case.other.get("behind"):
        return "cut, too far behind"
    value, note = reached(case, p)
    return note if value is None else f"{value:.3g} s"
