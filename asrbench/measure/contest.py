"""A Contest says which engines to compare; running it gives all of them the same items in turns."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asrbench.engine
from asrbench.engine import EngineOptions
from asrbench.errors import EngineError
from asrbench.measure import start
from asrbench.measure.interleave import Clock, interleave
from asrbench.measure.run import Failure, Run
from asrbench.measure.tally import Contender, Tally
from asrbench.measure.watch import Watch
from asrbench.workload import Case, Workload


@dataclass(frozen=True, slots=True)
class Contest:
    """Which engines to compare, with how many threads each, on what, and for how many rounds.

    Every engine contends once with each number of `threads`; a round gives every item once to each
    contender, in random order. `launches` fresh processes of each show start-up and memory.
    Invariants: two engines or more, all different; one number of threads or more, all different,
    each one or more; one round or more; `launches` is not negative.
    """

    workload: Workload[Any, Any, Any]
    engines: tuple[str, ...]
    corpus: str
    threads: tuple[int, ...] = (1,)
    model: Path | None = None
    rounds: int = 20
    launches: int = 3
    limit: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse a contest that cannot be held."""
        if len(self.engines) < 2 or len(set(self.engines)) < len(self.engines):
            raise ValueError(f"engines are {self.engines}; expected two different names or more")
        if not self.threads or len(set(self.threads)) < len(self.threads) or min(self.threads) < 1:
            raise ValueError(f"threads are {self.threads}; expected different numbers from 1 on")
        if self.rounds < 1:
            raise ValueError(f"rounds is {self.rounds}; expected one or more")
        if self.launches < 0:
            raise ValueError(f"launches is {self.launches}; expected 0 or more")

    @property
    def contenders(self) -> tuple[Contender, ...]:
        """Every engine with every number of threads."""
        return tuple(Contender(name, threads) for threads in self.threads for name in self.engines)


def run(contest: Contest, watch: Watch, clock: Clock, keep: Callable[[Run], None]) -> Run:
    """Compare: fresh processes, then every item once, untimed, then rounds of random turns, timed.

    `keep` is given the Run however the work ends, as in `asrbench.measure.job.run`. An item that an
    engine refuses is listed and left out for all. Raises CorpusError, ModelError or EngineError,
    and keeps nothing, when there is nothing to compare.
    """
    watch.begin("load")
    workload = contest.workload
    corpus = workload.corpus(contest.corpus, contest.limit)
    options = {c.name: EngineOptions(c.threads, contest.model) for c in contest.contenders}
    engines = {
        c.name: asrbench.engine.build(workload.name, c.engine, options[c.name])
        for c in contest.contenders
    }
    oracle = functools.partial(
        asrbench.engine.build, workload.name, workload.oracle, EngineOptions(model=contest.model)
    )
    cases = {name: workload.cases(engine, corpus, oracle) for name, engine in engines.items()}
    settings = {
        "workload": workload.name,
        "engines": list(contest.engines),
        "threads": list(contest.threads),
        "corpus": contest.corpus,
        "licence": corpus.licence,
        "limit": contest.limit,
        "model": dict(workload.model(contest.model)),
        "rounds": contest.rounds,
        "launches": contest.launches,
        "seed": contest.seed,
    }
    tally = Tally(workload, contest.contenders, corpus, cases, settings)
    try:
        _fill(tally, contest, watch, clock)
        tally.partial = False
    except KeyboardInterrupt:
        tally.partial = True
    except Exception as error:
        message = f"{type(error).__name__}: {error}"
        tally.failures.append(Failure(workload.name, None, "fault", message))
        raise
    finally:
        whole = tally.run()
        keep(whole)
    for engine in engines.values():
        engine.close()
    return whole


def _fill(tally: Tally, contest: Contest, watch: Watch, clock: Clock) -> None:
    """Do the work; what each turn brings is in the tally at once."""
    watch.begin("start")
    for contender in contest.contenders:
        arguments = {
            "workload": contest.workload.name,
            "engine": contender.engine,
            "threads": contender.threads,
            "model": None if contest.model is None else str(contest.model),
            "corpus": contest.corpus,
            "limit": contest.limit,
        }
        name = tally.start_name(contender)
        found, failures = start.launches(arguments, name, contest.launches, watch)
        tally.starts[contender.name] = found
        tally.failures.extend(failures)
    watch.begin("warm up")
    pieces: dict[str, dict[str, Callable[[], Any]]] = {}
    together = list(zip(*tally.cases.values(), strict=True))
    for number, cases in enumerate(together):
        watch.at(number / len(together), cases[0].item)
        if _answer(tally, cases):
            runs = (case.run for case in cases)
            pieces[cases[0].item] = dict(zip(tally.cases, runs, strict=True))
    watch.begin("measure")
    calls = contest.rounds * len(pieces) * len(tally.cases)
    if calls == 0:
        return
    for number, turn in enumerate(interleave(pieces, contest.rounds, contest.seed, clock)):
        tally.turns.append(turn)
        watch.at(number / calls, f"round {turn.round + 1} of {contest.rounds}")


def _answer(tally: Tally, cases: Sequence[Case[Any]]) -> bool:
    """Let each contender answer an item, untimed; say whether all did."""
    outputs = {}
    for name, case in zip(tally.cases, cases, strict=True):
        case.prepare()
        try:
            outputs[name] = case.run()
        except EngineError as error:
            failure = Failure(tally.case_name(name), case.item, "refused", str(error))
            tally.failures.append(failure)
    if len(outputs) < len(cases):
        return False
    for name, output in outputs.items():
        tally.outputs[name][cases[0].item] = output
    return True
