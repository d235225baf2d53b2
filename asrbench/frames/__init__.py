"""The workload of frames: filters of camera images, a frame at a time, before a detector."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING

from asrbench import engine
from asrbench.workload import Build, Case, Check, Source, Workload

if TYPE_CHECKING:  # listing workloads needs no NumPy
    from asrbench.frames.cases import Filtering, Output
    from asrbench.frames.corpus import Corpus

_NAME = "frames"
_PASSES = 20  # of which the median is carried


def _engines() -> Mapping[str, EntryPoint]:
    return engine.installed(_NAME)


def _corpora() -> Sequence[Source]:
    from asrbench.frames.corpus import known

    return [Source(name, where, True) for name, where in known().items()]


def _corpus(name: str, limit: int | None) -> Corpus:
    from asrbench.frames.corpus import find

    return find(name, limit)


def _cases(
    built: Filtering, corpus: Corpus, oracle: Callable[[], Filtering]
) -> Sequence[Case[Output]]:
    from asrbench.frames.cases import filters

    return filters(built, corpus, oracle)


def _agree(oracle: Output, output: Output) -> Check:
    from asrbench.frames.agreement import agree

    return agree(oracle, output)


def _build() -> Build | None:
    try:
        from asrbench import _native
    except ImportError:
        return None
    return Build(_native.isa(), _native.compiler(), _native.build_flags())


workload: Workload[Corpus, Filtering, Output] = Workload(
    name=_NAME,
    oracle="oracle",
    engines=_engines,
    corpora=_corpora,
    corpus=_corpus,
    cases=_cases,
    agree=_agree,
    build=_build,
    passes=_PASSES,
)
