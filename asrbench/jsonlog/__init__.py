"""The workload of logs: GBs of JSON lines answered, made into columns, or held to rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING

from asrbench import engine, twin
from asrbench.workload import Source, Workload, later

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


def _corpora() -> Sequence[Source]:
    from asrbench.jsonlog.corpus import cache_folder

    here = str(cache_folder())
    return [Source(name, here, True) for name in ("embedded", "synthetic:100MB", "synthetic:1GB")]


workload: Workload[Corpus, Answering, Answer] = Workload(
    name=_NAME,
    oracle="oracle",
    engines=partial(engine.installed, _NAME),
    corpora=_corpora,
    corpus=later("asrbench.jsonlog.corpus:find"),
    cases=later("asrbench.jsonlog.cases:asks"),
    agree=later("asrbench.jsonlog.answer:agree"),
    build=twin.build,
    passes=_PASSES,
)
