"""Runs for reports to show: a plain one, a comparison, and one written by an enemy."""

from typing import Any

from asrbench.measure.environment import describe
from asrbench.measure.run import CaseResult, Failure, Item, Run
from asrbench.measure.samples import Samples
from asrbench.workload import Amount, Check

HOSTILE = "</script><img src=x onerror=alert(1)>'\"&[red]\u2028{{7*7}}"


def samples(metric: str, values: list[float], **parallel: Any) -> Samples:
    unit = "fraction" if metric.startswith("wer") else "s"
    counts = {"errors": 0, "words": 10} if metric.startswith("wer") else {}
    return Samples(metric, unit, "lower", tuple(values), counts=counts, **parallel)


def plain(
    name: str = "a", passes: int = 10, engine: str = "echo", text: str = "set a timer"
) -> Run:
    """Two utterances of 2 s and 8 s that take 0.5 s and 1.5 s, in every pass."""
    ids = (name, "long")
    latency = samples(
        "latency",
        [0.5, 1.5] * passes,
        item=ids * passes,
        block=tuple(block for block in range(passes) for _ in ids),
    )
    encoder = samples("stage/encoder", [0.4, 1.0] * passes, item=ids * passes)
    memory = Samples("peak_memory", "bytes", "lower", (2.0 * 2**20, 4.0 * 2**20), launch=(0, 1))
    words = [["equal", "set", "set"], ["substitute", "a", text], ["delete", "timer", ""]]
    kept = {"reference": text, "hypothesis": text, "words": words}
    return Run(
        partial=False,
        environment=describe(1),
        items=(
            Item(name, Amount(2.0, "audio_s"), {**kept, "errors": 2, "reference_words": 3}),
            Item("long", Amount(8.0, "audio_s"), {"reference": None, "hypothesis": "x"}),
        ),
        errors=(),
        cases=(
            CaseResult(
                f"speech/{engine}/transcribe",
                "speech",
                engine,
                "single-stream",
                Amount(10.0, "audio_s"),
                Check(True, "2 of 2 answers agree"),
                (latency, encoder, samples("wer", [0.125]), memory),
            ),
        ),
        settings={"workload": "speech", "engine": engine, "corpus": name},
    )


def hostile() -> Run:
    """A Run whose every text was written by an enemy."""
    run = plain(HOSTILE, engine=HOSTILE, text=HOSTILE)
    return Run(
        partial=True,
        environment={**run.environment, "cpu": HOSTILE, "packages": {HOSTILE: HOSTILE}},
        items=run.items,
        errors=(Failure(HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        cases=run.cases,
        settings={**run.settings, "licence": HOSTILE, "model": {HOSTILE: HOSTILE}},
    )


def comparison(
    rounds: int = 6, engines: tuple[str, ...] = ("one", "two"), threads: tuple[int, ...] = (1,)
) -> Run:
    """Engines on a short and a long item; the n-th takes n times as long, half with 2 threads."""

    def case(engine: str, count: int) -> CaseResult:
        took_s = (1.0 + engines.index(engine)) / count
        latency = samples(
            "latency",
            [took_s, 4 * took_s] * rounds,
            item=("a", "b") * rounds,
            block=tuple(block for block in range(rounds) for _ in "ab"),
        )
        wers = (samples("wer", [0.1]), samples("wer/short", [0.1]), samples("wer/long", [0.2]))
        return CaseResult(
            f"speech/{engine}/transcribe@{count}",
            "speech",
            engine,
            "interleaved",
            Amount(50.0, "audio_s"),
            None,
            (latency, *wers),
            other={"threads": count},
        )

    def start(engine: str, count: int) -> CaseResult:
        found = (
            samples("load", [0.25, 0.5, 0.75], launch=(0, 1, 2)),
            samples("ready", [1.0, 1.0, 1.0], launch=(0, 1, 2)),
            Samples("peak_memory", "bytes", "lower", (2.0**20, 2.0**21, 2.0**22), launch=(0, 1, 2)),
        )
        return CaseResult(
            f"speech/{engine}/start@{count}",
            "speech",
            engine,
            "fresh-process",
            Amount(50.0, "audio_s"),
            None,
            found,
            other={"threads": count},
        )

    def item(name: str, seconds: float, group: str, loop: bool) -> Item:
        heard = {
            f"{engine}@{count}": {"hypothesis": "yes", "loop": loop and engine == "one"}
            for count in threads
            for engine in engines
        }
        kept = {"group": group, "reference": "yes", "engines": heard}
        return Item(name, Amount(seconds, "audio_s"), kept)

    apart = {"metric": "wer", "unit": "fraction", "difference": 0.01, "low": 0.0, "high": 0.02}
    return Run(
        partial=False,
        environment=describe(1),
        items=(item("a", 10.0, "short", False), item("b", 40.0, "long", True)),
        errors=(),
        cases=tuple(make(e, count) for make in (start, case) for count in threads for e in engines),
        settings={
            "workload": "speech",
            "engines": list(engines),
            "threads": list(threads),
            "corpus": "embedded",
        },
        other={
            "contrasts": [
                {
                    "group": "short",
                    "threads": count,
                    "first": engines[0],
                    "second": other,
                    **apart,
                    "lines": ["a: words differ"],
                }
                for count in threads
                for other in engines[1:]
            ]
        },
    )
