"""The workload of the boundary: what a call costs through pybind11, nanobind, cffi and ours."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from asrbench import engine, twin
from asrbench.workload import Source, Workload, later

if TYPE_CHECKING:  # listing workloads needs no NumPy
    from asrbench.boundary.calls import Answer
    from asrbench.boundary.cases import Calling
    from asrbench.boundary.corpus import Corpus

_NAME = "boundary"
_PASSES = 20  # of which the median is carried


def _corpora() -> Sequence[Source]:
    from asrbench.boundary.calls import ARGUMENTS
    from asrbench.boundary.corpus import ALL

    return [Source(name, "asrbench.boundary", True) for name in (ALL, *ARGUMENTS)]


workload: Workload[Corpus, Calling, Answer] = Workload(
    name=_NAME,
    oracle="python",
    engines=partial(engine.installed, _NAME),
    corpora=_corpora,
    corpus=later("asrbench.boundary.corpus:find"),
    cases=later("asrbench.boundary.cases:boundary"),
    agree=later("asrbench.boundary.answer:agree"),
    build=twin.build,
    passes=_PASSES,
)
