"""The workload of the boundary: what a call costs through pybind11, nanobind, cffi and ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING

from asrbench import engine
from asrbench.workload import Build, Case, Check, Source, Workload

if TYPE_CHECKING:  # listing workloads needs no NumPy
    from asrbench.boundary.calls import Answer
    from asrbench.boundary.cases import Calling
    from asrbench.boundary.corpus import Corpus

_NAME = "boundary"
_PASSES = 20  # of which the median is carried


def _engines() -> Mapping[str, EntryPoint]:
    return engine.installed(_NAME)


def _corpora() -> Sequence[Source]:
    from asrbench.boundary.calls import ARGUMENTS
    from asrbench.boundary.corpus import ALL

    return [Source(name, "asrbench.boundary", True) for name in (ALL, *ARGUMENTS)]


def _corpus(name: str, limit: int | None) -> Corpus:
    from asrbench.boundary.corpus import find

    return find(name, limit)


def _cases(built: Calling, corpus: Corpus, oracle: Callable[[], Calling]) -> Sequence[Case[Answer]]:
    from asrbench.boundary.cases import boundary

    return boundary(built, corpus, oracle)


def _agree(oracle: Answer, output: Answer) -> Check:
    from asrbench.boundary.answer import agree

    return agree(oracle, output)


def _build() -> Build | None:
    try:
        from asrbench import _native
    except ImportError:
        return None
    return Build(_native.isa(), _native.compiler(), _native.build_flags())


workload: Workload[Corpus, Calling, Answer] = Workload(
    name=_NAME,
    oracle="python",
    engines=_engines,
    corpora=_corpora,
    corpus=_corpus,
    cases=_cases,
    agree=_agree,
    build=_build,
    passes=_PASSES,
)
