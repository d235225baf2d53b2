"""What the gate can judge: metrics, the smallest change of each that counts, how it is read.

Two kinds. A metric that is *sampled* has one value a side in each launch, and is judged over the
launches. A metric that is *exact* is the same every time it is read on one machine, is read once a
side, and may be kept as a baseline: counts and sizes cross machines within an image, times do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from asrbench.workload import Better

PROJECT = "project"  # the case that metrics of a whole revision are of: its size, its load time


@dataclass(frozen=True, slots=True)
class Metric:
    """Something that is judged.

    `effect` is the smallest relative change that counts, `least` the smallest in the metric's own
    unit: a change has to be larger than both. What has to be `asked` for is judged where a policy
    names it: it says of a change what another metric says already. Invariants: neither is negative.
    """

    name: str
    unit: str
    effect: float
    least: float = 0.0
    exact: bool = False
    asked: bool = False
    better: Better = "lower"
    about: str = ""

    def __post_init__(self) -> None:
        """Refuse a change that nothing is smaller than."""
        for name in ("effect", "least"):
            if not getattr(self, name) >= 0:
                raise ValueError(
                    f"{self.name}: {name} is {getattr(self, name)}; expected 0 or more"
                )


_KNOWN = (
    Metric("time", "s", 0.02, about="seconds a call, the mean of a launch's fastest quarter"),
    Metric("p95", "s", 0.10, about="the 95th percentile of 200 calls"),
    Metric("rtf", "s/s", 0.02, asked=True, about="time by seconds of audio"),
    Metric("load", "s", 0.10, 0.02, about="seconds from the start of a process to its first call"),
    Metric("peak_memory", "bytes", 0.05, 256 * 1024, about="what a call needs at most"),
    Metric("resident", "bytes", 0.05, 1024 * 1024, about="what the process held at most"),
    Metric("allocations", "times", 0.01, 1.0, exact=True, about="calls of operator new in a call"),
    Metric("allocated_bytes", "bytes", 0.01, 1024, exact=True, about="the bytes they asked for"),
    Metric(
        "instructions", "instructions", 0.005, 1000, exact=True, about="of a call, by callgrind"
    ),
    Metric("wheel_size", "bytes", 0.02, 4096, exact=True, about="of the wheel as it is built"),
    Metric("extension_size", "bytes", 0.02, 4096, exact=True, about="of its compiled modules"),
    Metric("wer", "fraction", 0.0, 0.005, exact=True, about="word errors by words of a corpus"),
)
METRICS: Mapping[str, Metric] = MappingProxyType({metric.name: metric for metric in _KNOWN})
STAGE = "stage:"  # "stage:encoder": seconds a call spends in one stage, sampled
_STAGE_EFFECT = 0.05


def metric(name: str) -> Metric:
    """Return a metric by its name; a stage is one, too. Raises KeyError for a name that is none."""
    if name.startswith(STAGE):
        return Metric(name, "s", _STAGE_EFFECT, about="seconds a call spends in the stage")
    return METRICS[name]
