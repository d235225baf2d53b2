"""A value with its unit, as a reader wants it."""

from __future__ import annotations


def shown(value: float, unit: str) -> str:
    """Return a value with its unit: "612 ms", "143.2 MiB", "2.31 %", "0.0625"."""
    if unit == "s":
        return duration(value)
    if unit == "bytes":
        return f"{value / 2**20:.1f} MiB"
    if unit == "fraction":
        return f"{100 * value:.2f} %"
    return f"{value:.5g} {unit}" if unit else f"{value:.4f}"


def duration(seconds: float) -> str:
    """Return seconds in the unit that keeps three digits: "1.23 s", "45.6 ms", "7.89 µs"."""
    for scale, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if abs(seconds) >= scale:
            return f"{seconds / scale:.3g} {unit}" if abs(seconds) < 1000 else f"{seconds:.0f} s"
    return f"{seconds / 1e-9:.3g} ns"


def points(fraction: float) -> str:
    """Return a difference of two rates in points: "+0.31 points"."""
    return f"{100 * fraction:+.2f} points"


def times(value: float) -> str:
    """Return a ratio: "0.812 x"."""
    return f"{value:.3f} x"


def work(value: float, unit: str) -> str:
    """Return an amount of work: "64.3 s of audio", "12 files"."""
    return f"{value:.1f} s of audio" if unit == "audio_s" else f"{value:g} {unit}"
