"""The workload of logs: GBs of JSON lines answered, made into columns, or held to rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import EntryPoint
from os import PathLike
from typing import TYPE_CHECKING

from asrbench import engine
from asrbench.workload import Build, Case, Check, Source, Workload

if TYPE_CHECKING:  # listing workloads needs no NumPy
    from asrbench.jsonlog.answer import Answer
    from asrbench.jsonlog.cases import Answering
    from asrbench.jsonlog.corpus import Corpus
    from asrbench.jsonlog.rules import Buffer, Report, Rule
    from asrbench.jsonlog.table import Table, Type

_NAME = "jsonlog"
_PASSES = 6  # of which the median is carried


def columns(
    path: str | PathLike[str], wanted: Mapping[str, Type], *, strict: bool = False
) -> Table:
    """Return fields of a log as NumPy arrays: see asrbench.jsonlog.table."""
    from asrbench.jsonlog.table import read

    return read(path, wanted, strict=strict)


def validate(source: Buffer, rules: Mapping[str, Rule], *, strict: bool = False) -> Report:
    """Hold the records in a bytes-like buffer to rules: see asrbench.jsonlog.rules."""
    from asrbench.jsonlog.rules import check

    return check(source, rules, strict=strict)


def _engines() -> Mapping[str, EntryPoint]:
    return engine.installed(_NAME)


def _corpora() -> Sequence[Source]:
    from asrbench.jsonlog.corpus import cache_folder

    here = str(cache_folder())
    return [Source(name, here, True) for name in ("embedded", "synthetic:100MB", "synthetic:1GB")]


def _corpus(name: str, limit: int | None) -> Corpus:
    from asrbench.jsonlog.corpus import find

    return find(name, limit)


def _cases(
    built: Answering, corpus: Corpus, oracle: Callable[[], Answering]
) -> Sequence[Case[Answer]]:
    from asrbench.jsonlog.cases import asks

    return asks(built, corpus, oracle)


def _agree(oracle: Answer, output: Answer) -> Check:
    from asrbench.jsonlog.answer import agree

    return agree(oracle, output)


def _build() -> Build | None:
    try:
        from asrbench import _native
    except ImportError:
        return None
    return Build(_native.isa(), _native.compiler(), _native.build_flags())


workload: Workload[Corpus, Answering, Answer] = Workload(
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
