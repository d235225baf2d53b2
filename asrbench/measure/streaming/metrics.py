"""The metrics of streams: every wait, backlog and word of them, as Samples.

Latencies are seconds on the clock. At a speed other than 1 audio is there sooner, so that they say
how an engine behaves under that much audio, not what a listener would wait.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate, groupby
from typing import Any

from asrbench.measure.samples import Samples
from asrbench.measure.streaming.play import Pace, Played
from asrbench.measure.streaming.threads import Streamed
from asrbench.measure.streaming.words import Story, ends_s, erasure, story
from asrbench.workload import Timing

WAITS = ("first_partial", "commit_latency", "finalisation", "chunk_latency")  # in seconds
BACKLOG = "backlog"

_Row = tuple[float, str, int, float]  # value, item, stream, at_s


def samples(
    streamed: Streamed, timings: Mapping[str, Timing], pace: Pace
) -> tuple[tuple[Samples, ...], list[dict[str, Any]]]:
    """Return the metrics of what was played, and each session as JSON values.

    `timings` are by item. `block` of a value is the number of its stream. Of what was cut or
    stopped, chunks that were waiting count with the time they had waited: what an engine left
    undone does not make it faster.
    """
    rows: dict[str, list[_Row]] = {}
    stories: list[Story] = []
    sessions: list[dict[str, Any]] = []
    for played in streamed.played:
        seen = story(played.heard)
        ends = ends_s(seen.words, timings.get(played.item, Timing((), (), "unknown")))
        stories.append(seen)
        sessions.append(_session(played, seen, ends))
        for metric, value, at_s in _waits(played, seen, ends, pace):
            rows.setdefault(metric, []).append((value, played.item, played.stream, at_s))
    for _, group in groupby(streamed.played, key=lambda played: played.stream):
        rows.setdefault(BACKLOG, []).extend(_backlog(list(group), pace.speed))
    found = [
        _samples(metric, unit, rows[metric])
        for metric, unit in [
            *((name, "s") for name in WAITS),
            (BACKLOG, "audio_s"),
            ("work", "s/audio_s"),
        ]
        if rows.get(metric)
    ]
    rate, counts = erasure(stories)
    if rate is not None:
        found.append(Samples("erasure", "fraction", "lower", (rate,), counts=counts))
    audio_s = math.fsum(_pushed_s(played, pace.speed) for played in streamed.played)
    if audio_s:
        found.append(Samples("compute", "s/audio_s", "lower", (streamed.cpu_s / audio_s,)))
    return tuple(found), sessions


def _waits(
    played: Played, seen: Story, ends: Sequence[float | None], pace: Pace
) -> list[tuple[str, float, float]]:
    """Return (metric, value, at_s) of what one item waited for, and the work it took."""
    found = [
        ("chunk_latency", done - due, done)
        for due, done in zip(played.due_s, played.done_s, strict=False)
    ]
    if played.ending in ("cut", "stopped"):
        found.extend(
            ("chunk_latency", played.ended_s - due, played.ended_s)
            for due in played.due_s[len(played.done_s) :]
            if due < played.ended_s
        )
    if seen.first_s is not None:
        found.append(("first_partial", seen.first_s - played.begins_s, seen.first_s))
    for word, end in zip(seen.words, ends, strict=True):
        if end is not None:
            said_s = played.begins_s + end / pace.speed
            found.append(("commit_latency", word.committed_s - said_s, word.committed_s))
    if seen.final_s is not None:
        found.append(("finalisation", seen.final_s - played.due_s[-1], seen.final_s))
        found.append(("work", played.work_s / _pushed_s(played, pace.speed), seen.final_s))
    return found


def _backlog(played: Sequence[Played], speed: float) -> list[_Row]:
    """Return how much audio of a stream was there and not yet pushed, as each call returned.

    Calls are pushes and finish(); what was cut goes on waiting, what was refused does not.
    """
    due_s = [due for one in played for due in one.due_s]
    lengths = [length * speed for one in played for length in _lengths(one)]
    there_s = [0.0, *accumulate(lengths)]
    found: list[_Row] = []
    done = 0  # chunks that wait no more
    for one in played:
        pushed = list(enumerate(one.done_s, start=done + 1))
        for number, at_s in (*pushed, (done + len(pushed), one.ended_s)):
            waiting = there_s[bisect_right(due_s, at_s)] - there_s[number]
            found.append((max(0.0, waiting), one.item, one.stream, at_s))
        done += len(one.due_s if one.ending in ("final", "refused") else one.done_s)
    return found


def _lengths(played: Played) -> list[float]:
    """Return how long each chunk took to arrive, seconds on the clock."""
    starts = (played.begins_s, *played.due_s)
    return [due - start for start, due in zip(starts, played.due_s, strict=False)]


def _pushed_s(played: Played, speed: float) -> float:
    """Return the seconds of audio that were pushed."""
    if not played.done_s:
        return 0.0
    return speed * (played.due_s[len(played.done_s) - 1] - played.begins_s)


def _samples(metric: str, unit: str, rows: Sequence[_Row]) -> Samples:
    values, items, streams, at_s = zip(*rows, strict=True)
    return Samples(metric, unit, "lower", values, item=items, block=streams, at_s=at_s)


def _session(played: Played, seen: Story, ends: Sequence[float | None]) -> dict[str, Any]:
    """Return all that is known of one session as JSON values; times are seconds on the clock."""
    return {
        "stream": played.stream,
        "item": played.item,
        "ending": played.ending,
        "begins_s": played.begins_s,
        "due_s": list(played.due_s),
        "began_s": list(played.began_s),
        "done_s": list(played.done_s),
        "ended_s": played.ended_s,
        "text": None if seen.final_s is None else seen.text,
        "finish_s": played.finish_s,
        "heard": [
            {"at_s": at, "kind": type(e).__name__.lower(), "text": e.text, "audio_s": e.audio_s}
            for at, e in played.heard
        ],
        "words": [
            {"text": w.text, "end_s": end, "shown_s": w.shown_s, "committed_s": w.committed_s}
            for w, end in zip(seen.words, ends, strict=True)
        ],
    }
