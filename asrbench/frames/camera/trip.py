"""A trip is what a run of the camera gave: times of every frame, and the frames that were lost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_TAIL = 200  # values from which a 95th percentile is shown as such: 10 / (1 - 0.95)


@dataclass(frozen=True, slots=True)
class Trip:
    """One run of the camera.

    filter_s, detect_s, work_s, latency_s  of each frame that was taken, in order: in the filters;
        in the detector (empty without one); from taken to done; from when it came to done
    read, dropped  frames the source gave, and those of them nobody took in time
    took_s         from the first frame's coming to the end
    decode_s       in reading files, which another thread does
    faces          of each frame, empty without a detector

    Invariants: every list is as long as `filter_s`, or empty as said; nothing is negative; no more
    frames were taken and dropped than read.
    """

    rate_hz: float
    read: int
    dropped: int
    took_s: float
    decode_s: float
    filter_s: tuple[float, ...]
    detect_s: tuple[float, ...]
    work_s: tuple[float, ...]
    latency_s: tuple[float, ...]
    faces: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse times that belong to no frame."""
        taken = len(self.filter_s)
        for name in ("work_s", "latency_s", "detect_s", "faces"):
            count = len(getattr(self, name))
            if count != taken and (count or name in ("work_s", "latency_s")):
                raise ValueError(f"{name} has {count} values; expected {taken}")
        if self.read < taken + self.dropped:
            raise ValueError(f"read is {self.read}; expected at least {taken} + {self.dropped}")
        times = (*self.filter_s, *self.detect_s, *self.work_s, *self.latency_s, self.took_s)
        if not min(times) >= 0 or not self.rate_hz > 0:
            raise ValueError("a time is negative, or the rate not positive; expected neither")

    @property
    def taken(self) -> int:
        """Frames that went all the way."""
        return len(self.filter_s)

    @property
    def filter_fps(self) -> float | None:
        """Frames per second that the filters alone could do; None without a frame."""
        return _rate(self.filter_s)

    @property
    def work_fps(self) -> float | None:
        """Frames per second that all work on a frame allows, in the thread that does it."""
        return _rate(self.work_s)

    @property
    def end_to_end_fps(self) -> float | None:
        """Frames that came out, by the time it took; no more than the source's rate."""
        return self.taken / self.took_s if self.taken and self.took_s > 0 else None

    @property
    def real_time_factor(self) -> float | None:
        """Seconds of work by seconds of frames at the source's rate: above 1 it falls behind."""
        rate = self.work_fps
        return None if rate is None else self.rate_hz / rate

    def summary(self) -> dict[str, object]:
        """Return the figures as JSON values; times in milliseconds.

        A p95 is given from 200 frames on, and else said to be of too few.
        """
        return {
            "source_fps": self.rate_hz,
            "read": self.read,
            "taken": self.taken,
            "dropped": self.dropped,
            "took_s": self.took_s,
            "decode_ms": 1e3 * self.decode_s / self.read if self.read else None,
            "filter_fps": self.filter_fps,
            "work_fps": self.work_fps,
            "end_to_end_fps": self.end_to_end_fps,
            "real_time_factor": self.real_time_factor,
            "filter_ms_p50": _percentile_ms(self.filter_s, 0.5),
            "detect_ms_p50": _percentile_ms(self.detect_s, 0.5),
            "latency_ms_p50": _percentile_ms(self.latency_s, 0.5),
            "latency_ms_p95": (
                _percentile_ms(self.latency_s, 0.95)
                if self.taken >= _TAIL
                else f"{self.taken} of {_TAIL} values"
            ),
            "faces": sum(self.faces) if self.detect_s else None,
        }


def _rate(times_s: Sequence[float]) -> float | None:
    total = math.fsum(times_s)
    return len(times_s) / total if total > 0 else None


def _percentile_ms(times_s: Sequence[float], part: float) -> float | None:
    """Return the value that `part` of the values do not exceed (nearest rank)."""
    if not times_s:
        return None
    return 1e3 * sorted(times_s)[math.ceil(part * len(times_s)) - 1]
