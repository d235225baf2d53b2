"""The workload of frames: filters of camera images, a frame at a time, before a detector."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from asrbench import engine, twin
from asrbench.workload import Source, Workload, later

if TYPE_CHECKING:  # listing workloads needs no NumPy
    from asrbench.frames.cases import Filtering, Output
    from asrbench.frames.corpus import Corpus

_NAME = "frames"
_PASSES = 20  # of which the median is carried


def _corpora() -> Sequence[Source]:
    from asrbench.frames.corpus import known

    return [Source(name, where, True) for name, where in known().items()]


workload: Workload[Corpus, Filtering, Output] = Workload(
    name=_NAME,
    oracle="oracle",
    engines=partial(engine.installed, _NAME),
    corpora=_corpora,
    corpus=later("asrbench.frames.corpus:find"),
    cases=later("asrbench.frames.cases:filters"),
    agree=later("asrbench.frames.agreement:agree"),
    build=twin.build,
    passes=_PASSES,
)
