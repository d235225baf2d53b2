"""What the harness itself costs: within a timed call, between two calls, for values it keeps."""

from __future__ import annotations

import time
from dataclasses import dataclass

from asrbench.measure.call import Call, unheard
from asrbench.measure.interleave import Clock
from asrbench.measure.meters import DEFAULT, KINDS, WALL
from asrbench.measure.peak import Peak
from asrbench.measure.samples import Samples
from asrbench.measure.scenario import Instruments, Limits, single_stream
from asrbench.measure.statistics import median
from asrbench.measure.table import Table
from asrbench.workload import Amount, Check


class Nothing:
    """A Case that does nothing, so that all it seems to take is the harness."""

    name = "overhead/nothing"
    item = "nothing"
    group = "nothing"
    amount = Amount(1.0, "calls")

    def prepare(self) -> None:
        """Need nothing."""

    def run(self) -> None:
        """Do nothing."""

    def check(self, output: None) -> Check:
        """Be right about nothing."""
        return Check(output is None)


@dataclass(frozen=True, slots=True)
class Overhead:
    """What the harness costs on this machine.

    `inside_s`     what a call that does nothing is said to take: it is part of every latency
    `between_s`    from the end of a call to the beginning of the next, meters included
    `kept_bytes`   memory of `values` latencies as they come in, with item, pass and time
    `samples_bytes`  memory of the same as Samples, at the most
    """

    calls: int
    values: int
    inside_s: float
    between_s: float
    kept_bytes: float
    samples_bytes: float

    def lines(self) -> list[str]:
        """Return it in words, a line a figure."""
        return [
            f"within a timed call   {1e9 * self.inside_s:.0f} ns (median of {self.calls})",
            f"between two calls     {1e6 * self.between_s:.2f} us, with {', '.join(DEFAULT)}",
            f"a value as it comes   {self.kept_bytes / self.values:.1f} bytes "
            f"({self.kept_bytes / 2**20:.1f} MiB for {self.values})",
            f"a value as Samples    {self.samples_bytes / self.values:.1f} bytes at the most "
            f"({self.samples_bytes / 2**20:.1f} MiB for {self.values})",
        ]


def overhead(clock: Clock, calls: int = 20_000, values: int = 1_000_000) -> Overhead:
    """Measure the harness: by `calls` calls of nothing, and by `values` values that are kept.

    Raises MeterError where memory cannot be measured.
    """
    meters = tuple(KINDS[name].make(None) for name in DEFAULT if name != WALL)
    limits = Limits(seconds=3600.0, values=calls)
    began = clock()
    done = single_stream([Nothing()], Instruments(clock, meters), limits, lambda _: {}, unheard)
    took_s = clock() - began
    if done.latency is None:
        raise RuntimeError("nothing was interrupted")
    inside = done.latency.values
    kept_bytes, samples_bytes = _memory(values)
    between_s = (took_s - sum(inside)) / calls
    return Overhead(calls, values, median(inside), between_s, kept_bytes, samples_bytes)


def _memory(values: int) -> tuple[float, float]:
    """Return the bytes that so many latencies take in a table, and more of them as Samples."""
    peak = Peak()
    table = Table()
    peak.start()
    for row in range(values):
        table.add(Call("nothing", Nothing.amount, row, row * 0.5, row * 0.25), {"latency": 0.25})
    kept_bytes = peak.stop()
    peak.start()
    samples: tuple[Samples, ...] = table.samples("latency")
    samples_bytes = peak.stop()
    if len(samples[0].values) != values:
        raise RuntimeError(f"{len(samples[0].values)} values came back; expected {values}")
    return kept_bytes, samples_bytes


if __name__ == "__main__":
    print("\n".join(overhead(time.perf_counter).lines()))
