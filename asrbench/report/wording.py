"""A figure in words: what it is called, and its value."""

from __future__ import annotations

from asrbench.report.summary import STAGE, Figure
from asrbench.report.units import shown

_NAMES = {
    "rtf": "real-time factor (RTF)",
    "rtfx": "speed (RTFx)",
    "wer": "word error rate",
    "farthest": "farthest price from its reference",
    "load": "import and load",
    "ready": "ready with a first answer",
    "peak_memory": "peak memory",
    "first_latency": "first call of a process",
    "cpu": "CPU time a call",
    "thread_cpu": "CPU time a call, its thread",
    "switches": "involuntary context switches a call",
    "minor_faults": "page faults a call, from memory",
    "major_faults": "page faults a call, from disk",
    "peak": "memory a call needs at most",
    "fresh_peak": "memory a first call needs at most",
    "allocations": "native allocations a call",
    "allocated_bytes": "native bytes allocated a call",
    "instructions": "instructions of a call, by callgrind",
    "resident_memory": "resident memory",
    "memory_slope": "memory growth an utterance",
    "latency_drift": "latency drift an hour",
    "first_partial": "first partial latency",
    "commit_latency": "commit latency a word",
    "finalisation": "finalisation latency",
    "chunk_latency": "chunk latency",
    "erasure": "words taken back of those shown",
    "work": "time in the engine, by session",
    "compute": "CPU time",
    "wer_stream_minus_batch": "WER, stream minus batch",
    "service": "time in the engine",
    "warm_up": "time in the engine before the load",
    "query_latency": "latency of requests at once, the last",
    "throughput": "throughput",
    "late": "answers later than the bound",
    "issue_delay": "load generator late",
    "capacity": "capacity: highest rate that keeps the bound",
    "rate": "rate",
    "share_of_limit": "part of its limit",
    "streams_carried": "streams carried within the bound",
}


def metric_name(metric: str) -> str:
    """Return what a metric is called, its own name where it has no other."""
    return _NAMES.get(metric, metric)


def label(figure: Figure) -> str:
    """Return what a figure is called."""
    if figure.name.startswith(STAGE):
        return f"stage {figure.name[len(STAGE) :]}, mean"
    metric, _, percentile = figure.name.rpartition("_p")
    if metric and percentile.replace(".", "").isdigit():
        return f"{_NAMES.get(metric, metric)} p{percentile}"
    name, _, group = figure.name.partition("/")
    return _NAMES.get(name, name) + (f", {group}" if group else "")


def quantity(figure: Figure) -> str:
    """Return a figure's value with its unit; a dash where there is none."""
    if figure.value is None:
        return "-"
    return f"{figure.value:.2f} x" if figure.name == "rtfx" else shown(figure.value, figure.unit)
