"""MLPerf's load generator asks for cases, and workers answer; its trace says when."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from asrbench.measure.load.arrivals import MOST, Load, Speed
from asrbench.measure.load.findings import Folder
from asrbench.measure.load.workers import Ticket, Workers
from asrbench.workload import Case

KEPT = 3  # answers of each item under load that are kept, to be compared afterwards
_SLACK = 1.1  # the generator plans for so many times the throughput it is told (kSlackFactor)
_SPARE = 4  # it has to have more requests ready than the fastest call could use up


def drive(
    cases: Sequence[Case[Any]],
    load: Load,
    speed: Speed,
    stages: Callable[[Any], Mapping[str, float]],
    folder: Folder,
) -> Mapping[int, list[Any]]:
    """Take the load until the generator is done; its trace and a line a call go to the folder.

    Returns the first KEPT answers of each case, by index. Nothing is ever raised into the
    generator, which would end the process without a word.
    """
    import mlperf_loadgen as loadgen

    answers: dict[int, list[Any]] = {index: [] for index in range(len(cases))}

    def heard(ticket: Ticket, took_s: float, output: Any, refusal: str) -> None:
        row = {"request": ticket.number, "index": ticket.index, "took_s": took_s}
        if refusal:
            folder.line({**row, "refusal": refusal})
            return
        folder.line({**row, "stages": dict(stages(output))})
        if len(answers[ticket.index]) < KEPT:
            answers[ticket.index].append(output)

    workers = Workers(cases, heard, folder.fault)
    workers.start(load.workers)
    issued = 0

    def issue(samples: Sequence[Any]) -> None:
        nonlocal issued
        try:
            for sample in samples:
                answer = [loadgen.QuerySampleResponse(sample.id, 0, 0)]
                done = functools.partial(loadgen.QuerySamplesComplete, answer)
                workers.put(Ticket(issued, sample.index, done))
                issued += 1
        except BaseException as error:  # noqa: BLE001  not to go on: the process ends with it
            folder.fault(error)

    output = loadgen.LogOutputSettings()
    output.outdir = str(folder.path)
    output.copy_summary_to_stdout = False
    log = loadgen.LogSettings()
    log.log_output = output
    log.enable_trace = True
    engine = loadgen.ConstructSUT(issue, lambda: None)
    library = loadgen.ConstructQSL(len(cases), len(cases), lambda _: None, lambda _: None)
    loadgen.StartTestWithLogSettings(engine, library, settings(loadgen, load, speed), log, "")
    workers.wait(issued)  # the generator has every answer, the folder not yet every line
    loadgen.DestroyQSL(library)
    loadgen.DestroySUT(engine)
    return answers


def settings(loadgen: Any, load: Load, speed: Speed) -> Any:
    """Return a load as the generator's TestSettings.

    It makes its requests ready beforehand, by the speed it is told to expect, and ends early where
    they are used up: single-stream and multi-stream are told a speed that no call reaches. Offline
    asks for exactly what its speed and time make, so it is told the engine's.
    """
    made = loadgen.TestSettings()
    made.mode = loadgen.TestMode.PerformanceOnly
    made.scenario = {
        "single-stream": loadgen.TestScenario.SingleStream,
        "multi-stream": loadgen.TestScenario.MultiStream,
        "server": loadgen.TestScenario.Server,
        "offline": loadgen.TestScenario.Offline,
    }[load.scenario]
    made.min_duration_ms = max(1, round(1000 * load.seconds))
    made.min_query_count = 1
    unreached_s = max(speed.fastest_s / _SPARE, load.seconds / MOST)
    made.single_stream_expected_latency_ns = round(1e9 * unreached_s)
    made.multi_stream_expected_latency_ns = round(1e9 * unreached_s)
    made.multi_stream_samples_per_query = load.streams
    made.offline_expected_qps = min(speed.throughput, MOST / load.seconds) / _SLACK
    made.server_target_qps = load.rate or 1.0
    made.server_target_latency_ns = round(1e9 * load.bound_s)
    if load.queries is not None:
        made.min_duration_ms = 1
        made.min_query_count = made.max_query_count = load.queries
    made.qsl_rng_seed = made.sample_index_rng_seed = made.schedule_rng_seed = mixed(load.seed)
    return made


def mixed(seed: int) -> int:
    """Return a seed far from its neighbours, 64 bits: small ones begin alike, some with long gaps.

    Source: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators (2014): the odd
    number nearest to 2^64 by the golden ratio.
    """
    return (seed + 1) * 0x9E3779B97F4A7C15 % 2**64
