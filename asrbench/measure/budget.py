"""A budget says what a call may take at most, and what was taken is held against it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from asrbench.measure.statistics import carried, needed, percentile

_PERCENTILE = re.compile(r"p(\d{1,2}(?:_\d+)?)_ms")  # p95_ms, p99_9_ms
_SHOWN = (0.5, 0.95, 0.99)
_MB = 1e6


@dataclass(frozen=True, slots=True)
class Taken:
    """What calls of one piece of work took.

    `values_s` are seconds, each the mean of `calls` calls; `audio_s` the seconds of audio a call
    works on; `peak_bytes` the memory a call needs at most beyond what was held before it, None
    where `no_peak` says why. Invariants: one value or more; audio above zero.
    """

    values_s: tuple[float, ...]
    calls: int = 1
    audio_s: float | None = None
    peak_bytes: float | None = None
    no_peak: str = ""

    def __post_init__(self) -> None:
        """Refuse what no figure could be made of."""
        if not self.values_s:
            raise ValueError("nothing was timed; expected one value or more")
        if self.audio_s is not None and not self.audio_s > 0:
            raise ValueError(f"audio_s is {self.audio_s}; expected more than zero")

    @property
    def rtf(self) -> float | None:
        """Seconds of work a second of audio, over all calls; None where the work is not audio."""
        if self.audio_s is None:
            return None
        return math.fsum(self.values_s) / (len(self.values_s) * self.audio_s)

    def figures(self) -> dict[str, float | int | None]:
        """Return what a JSON file keeps; a percentile that too few values carry is None."""
        count, rtf = len(self.values_s), self.rtf
        found: dict[str, float | int | None] = {"values": count, "calls_per_value": self.calls}
        for p in _SHOWN:
            enough = carried(p, count)
            found[f"p{100 * p:g}_ms"] = 1000 * percentile(self.values_s, p) if enough else None
        return {
            **found,
            "audio_s": self.audio_s,
            "rtf": rtf,
            "rtfx": None if rtf is None else 1 / rtf,
            "peak_bytes": self.peak_bytes,
        }


@dataclass(frozen=True, slots=True)
class Budget:
    """The most a call may take: milliseconds by percentile, real-time factor, 10^6 bytes of memory.

    Invariants: one limit or more, all above zero; percentiles lie between 0 and 1.
    """

    percentiles_ms: Mapping[float, float] = field(default_factory=lambda: MappingProxyType({}))
    rtf: float | None = None
    peak_mb: float | None = None

    def __post_init__(self) -> None:
        """Refuse a budget that says nothing, or that nothing could keep."""
        limits = [*self.percentiles_ms.values(), self.rtf, self.peak_mb]
        given = [limit for limit in limits if limit is not None]
        if not given:
            raise ValueError("the budget is empty; expected p95_ms=…, rtf=… or peak_mb=…")
        for limit in given:
            if not limit > 0:
                raise ValueError(f"a limit of the budget is {limit}; expected more than zero")
        for p in self.percentiles_ms:
            needed(p)

    @property
    def values(self) -> int:
        """How many values carry every percentile of the budget."""
        return max((needed(p) for p in self.percentiles_ms), default=1)

    def broken_by(self, taken: Taken) -> list[str]:
        """Return a sentence for each limit that is exceeded, or that cannot be judged."""
        said = []
        count = len(taken.values_s)
        for p, limit in sorted(self.percentiles_ms.items()):
            if not carried(p, count):
                said.append(f"p{100 * p:g}: {count} of the {needed(p)} values that carry it")
            elif (value := 1000 * percentile(taken.values_s, p)) > limit:
                said.append(
                    f"p{100 * p:g} is {value:.4g} ms of {count} values; at most {limit:g} ms"
                )
        if self.rtf is not None:
            if taken.rtf is None:
                said.append("rtf: the seconds of audio are not known; expected audio_s=…")
            elif taken.rtf > self.rtf:
                said.append(f"rtf is {taken.rtf:.4g}; at most {self.rtf:g}")
        if self.peak_mb is not None:
            if taken.peak_bytes is None:
                said.append(f"peak memory was not read: {taken.no_peak}")
            elif taken.peak_bytes > self.peak_mb * _MB:
                peak = taken.peak_bytes / _MB
                said.append(f"peak memory is {peak:.4g} MB; at most {self.peak_mb:g} MB")
        return said


def budget(limits: Mapping[str, float]) -> Budget:
    """Return the budget of limits by name: p95_ms, p99_9_ms, rtf, peak_mb.

    Raises ValueError that names a limit nobody knows.
    """
    percentiles = {}
    for name, limit in limits.items():
        found = _PERCENTILE.fullmatch(name)
        if found is not None:
            percentiles[round(float(found[1].replace("_", ".")) / 100, 9)] = limit
        elif name not in ("rtf", "peak_mb"):
            raise ValueError(f"a budget has no {name!r}; expected p95_ms, p50_ms …, rtf or peak_mb")
    return Budget(percentiles, limits.get("rtf"), limits.get("peak_mb"))
