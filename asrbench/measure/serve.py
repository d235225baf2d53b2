"""The worker's side of an isolated engine: asked for an item, it answers with output and times."""

from __future__ import annotations

import copyreg
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import asrbench.engine
import asrbench.workload
from asrbench.engine import Engine, EngineOptions
from asrbench.errors import EngineError, Error, MeterError
from asrbench.measure.allocations import counting
from asrbench.measure.meters import KINDS
from asrbench.measure.orphan import die_with
from asrbench.measure.scenario import here
from asrbench.workload import Case


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: call this item's case, with these meters of KINDS round the call."""

    item: str
    meters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """A question: how many allocations were there so far? From now on count them, or do not."""

    on: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """Its answer: how many allocations, and their bytes."""

    count: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The first answer: the engine is loaded, and this is its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A call that came out: its output, seconds on the clock, what meters read, by metric."""

    output: Any
    took_s: float
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Refused:
    """An engine that could not be loaded, or a call that raised.

    EngineError is "refused", MeterError "unread".
    """

    kind: Literal["refused", "raised", "unread"]
    message: str


def serve(
    connection: Connection[Any, Any],
    workload: str,
    engine: str,
    threads: int,
    model: str | None,
    corpus: str,
    limit: int | None,
) -> None:
    """Load an engine and answer questions until no more come."""
    try:
        options = EngineOptions(threads, Path(model) if model else None)
        built = asrbench.engine.build(workload, engine, options)
        record = asrbench.workload.find(workload)
        some = record.cases(built, record.corpus(corpus, limit), lambda: built)
    except Exception as error:  # noqa: BLE001  not to go on: who asked is told
        connection.send(_refused(error, Error))
        return
    cases = {case.item: case for case in some}
    prepared: set[str] = set()
    connection.send(Ready(built.name))
    while True:
        try:
            asked = connection.recv()
        except EOFError:
            break
        try:
            if isinstance(asked, Count):
                connection.send(Counted(*counting(built).count_allocations(asked.on)))
                continue
            case = cases[asked.item]
            if asked.item not in prepared:
                case.prepare()
                prepared.add(asked.item)
            connection.send(_answer(case, asked, built))
        except Exception as error:  # noqa: BLE001  not to go on: who asked is told, and decides
            connection.send(_refused(error, EngineError))
    built.close()


def _answer(case: Case[Any], asked: Asked, built: Engine[Any, Any]) -> Answered:
    """Call a case."""
    meters = [KINDS[name].make(built) for name in asked.meters]
    done = here(case, time.perf_counter, meters)
    return Answered(done.output, done.took_s, done.values)


def _refused(error: Exception, refusal: type[Error]) -> Refused:
    """Return an error as an answer: what is a `refusal` refuses, the rest is a fault."""
    if isinstance(error, refusal):
        return Refused("refused", str(error) or type(error).__name__)
    if isinstance(error, MeterError):
        return Refused("unread", str(error))
    return Refused("raised", f"{type(error).__name__}: {error}")


def read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    """Return a mapping that cannot be written to: by this name pickle makes one again."""
    return MappingProxyType(mapping)


def _plain(mapping: MappingProxyType[Any, Any]) -> tuple[Any, tuple[dict[Any, Any]]]:
    """Return how a read-only mapping, which pickle does not know, is made again."""
    return read_only, (dict(mapping),)


def main() -> None:
    """Be the worker: take the arguments from the connection, and serve."""
    with Connection(int(sys.argv[1])) as connection:
        parent, arguments = connection.recv()
        die_with(parent)
        copyreg.pickle(MappingProxyType, _plain)
        serve(connection, **arguments)
