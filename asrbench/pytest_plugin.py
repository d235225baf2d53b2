"""The pytest plugin: `asr_benchmark` times a call, and a `budget` marker says what it may take.

On top of pytest-benchmark, which is in the extra [test]:

    @pytest.mark.budget(p95_ms=300, rtf=0.1, peak_mb=200)
    def test_latency(asr_benchmark):
        asr_benchmark(lambda: recognizer.transcribe(pcm), audio_s=10.0)

The figures are in pytest-benchmark's JSON (--benchmark-json) under extra_info.asrbench.
A project that uses neither pays for the import of this file alone: the rest is imported when used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

    from asrbench.measure.budget import Budget, Taken

Result = TypeVar("Result")

_TAKEN = pytest.StashKey[dict[str, "Taken | None"]]()  # by node id; None: benchmarks are disabled


class AsrBenchmark:
    """Times one piece of work in one test, and holds it against the test's budget."""

    def __init__(self, benchmark: BenchmarkFixture, budget: Budget | None) -> None:
        """Time by `benchmark`; a test without a budget is only measured."""
        self._benchmark = benchmark
        self._budget = budget
        self.used = False
        self.taken: Taken | None = None

    def __call__(self, function: Callable[[], Result], *, audio_s: float | None = None) -> Result:
        """Call `function` again and again and return what it returned last.

        `audio_s`: the seconds of audio that a call works on. Peak memory is that of one more call,
        after the timed ones. Fails the test where its budget is exceeded or cannot be judged. With
        --benchmark-disable the function is called once and nothing is judged.
        """
        self.used = True
        result: Result = self._benchmark(function)
        timed = self._benchmark.stats
        if timed is None:
            return result
        self.taken = _taken(tuple(timed.stats.data), int(timed.iterations), function, audio_s)
        self._benchmark.extra_info["asrbench"] = self.taken.figures()
        broken = [] if self._budget is None else self._budget.broken_by(self.taken)
        if broken:
            pytest.fail("over budget: " + "; ".join(broken), pytrace=False)
        return result


def _taken(
    values: tuple[float, ...], calls: int, function: Callable[[], object], audio_s: float | None
) -> Taken:
    """Return what the calls took, and the memory of one more."""
    from asrbench.errors import MeterError
    from asrbench.measure.budget import Taken
    from asrbench.measure.peak import Peak

    try:
        peak = Peak()
    except MeterError as error:
        return Taken(values, calls, audio_s, no_peak=str(error))
    peak.start()
    function()
    return Taken(values, calls, audio_s, peak_bytes=peak.stop())


@pytest.fixture
def asr_benchmark(
    request: pytest.FixtureRequest, benchmark: BenchmarkFixture
) -> Iterator[AsrBenchmark]:
    """Time a call: `asr_benchmark(function, audio_s=10.0)`; see asrbench.pytest_plugin."""
    node: pytest.Item = request.node
    timing = AsrBenchmark(benchmark, _budget(node))
    yield timing
    if timing.used:
        request.config.stash[_TAKEN][node.nodeid] = timing.taken
    elif node.get_closest_marker("budget") is not None:
        pytest.fail(f"{node.nodeid} has a budget and never called asr_benchmark", pytrace=False)


def pytest_configure(config: pytest.Config) -> None:
    """Announce the marker."""
    config.addinivalue_line(
        "markers", "budget(p95_ms, rtf, peak_mb): what a call of asr_benchmark may take at most"
    )
    config.stash[_TAKEN] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ask pytest-benchmark for as many values as the percentiles of a budget need.

    Raises UsageError for a budget that nobody would judge, or that says nothing we know.
    """
    for item in items:
        budget = _budget(item)
        if budget is None:
            continue
        if "asr_benchmark" not in getattr(item, "fixturenames", ()):
            raise pytest.UsageError(f"{item.nodeid} has a budget; expected it to use asr_benchmark")
        wished = item.get_closest_marker("benchmark")
        options = dict(wished.kwargs) if wished is not None else {}
        least = int(options.get("min_rounds", 5))  # pytest-benchmark's own default
        marker = pytest.mark.benchmark(**{**options, "min_rounds": max(least, budget.values)})
        item.add_marker(marker, append=False)


def _budget(item: pytest.Item) -> Budget | None:
    """Return a test's budget; None where it has none. Raises UsageError for one nobody knows."""
    marker = item.get_closest_marker("budget")
    if marker is None:
        return None
    from asrbench.measure.budget import budget

    if marker.args:
        raise pytest.UsageError(f"{item.nodeid}: budget{marker.args}; expected names: p95_ms=…")
    try:
        return budget(marker.kwargs)
    except ValueError as error:
        raise pytest.UsageError(f"{item.nodeid}: {error}") from error


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print a line a test: percentiles, real-time factor, memory."""
    found = config.stash[_TAKEN]
    if not found:
        return
    terminalreporter.section("asrbench", sep="-")
    for node, taken in found.items():
        terminalreporter.write_line(f"{node}: {_line(taken)}")


def _line(taken: Taken | None) -> str:
    """Return what was taken in words."""
    if taken is None:
        return "called once, not timed: benchmarks are disabled"
    figures = taken.figures()
    count = figures["values"]
    words = [
        f"{name[:-3]} {value:.4g} ms"
        for name, value in figures.items()
        if name.endswith("_ms") and value is not None
    ]
    if not words:
        words = [f"{1000 * min(taken.values_s):.4g} to {1000 * max(taken.values_s):.4g} ms"]
    if figures["rtf"] is not None:
        words.append(f"RTF {figures['rtf']:.4g}, RTFx {figures['rtfx']:.4g}")
    memory = taken.peak_bytes
    words.append(taken.no_peak if memory is None else f"peak memory {memory / 1e6:.4g} MB")
    return f"{', '.join(words)} ({count} values)"
