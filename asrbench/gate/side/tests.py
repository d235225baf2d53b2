"""Cases that are a project's own tests: what a test hands to the fixture `benchmark` is called.

pytest runs once for all of them. When a test calls its benchmark, the side serves that work, and
the test goes on with the answer of the last call, so that its own assertions are the check.
pytest-benchmark, where it is installed, is left out: the fixture of that name is ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from .work import Work

_OPTIONS = ["-q", "-p", "no:benchmark", "-p", "no:asrbench", "-p", "no:cacheprovider"]
_OPTIONS += ["-o", "pythonpath="]  # the installed package is tested, not its sources
_FIXTURES = {"benchmark", "asr_benchmark"}
Tell = Callable[[str, str, str], None]  # test, kind, message


class Benchmark:
    """The fixture `benchmark`, as pytest-benchmark's is called."""

    def __init__(self, node: str, serve: Callable[[Work], Any]) -> None:
        """Serve the work of the test `node`."""
        self.extra_info: dict[str, Any] = {}
        self.group: str | None = None
        self.called = False
        self._node = node
        self._serve = serve

    def __call__(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Serve calls of the function; return the last answer."""
        if self.called:
            raise RuntimeError(f"{self._node} calls its benchmark twice; expected once")
        self.called = True
        audio_s = kwargs.pop("audio_s", None)
        amount = None if audio_s is None else (float(audio_s), "audio_s")
        last: list[Any] = [None]

        def call() -> Any:
            last[0] = function(*args, **kwargs)
            return last[0]

        self._serve(Work(self._node, call, amount=amount))
        return last[0]

    def pedantic(
        self,
        target: Callable[..., Any],
        args: Sequence[Any] = (),
        kwargs: dict[str, Any] | None = None,
        setup: Callable[[], Any] | None = None,
        **_: Any,
    ) -> Any:
        """Serve calls of the target; a setup would be timed with it, and is refused."""
        if setup is not None:
            raise RuntimeError(f"{self._node} has a setup; expected a test that needs none")
        return self(target, *args, **(kwargs or {}))


class Listing:
    """A plugin that keeps the ids of tests that use a benchmark."""

    def __init__(self) -> None:
        """Know none."""
        self.names: list[str] = []
        self.failed = ""

    def pytest_collectreport(self, report: Any) -> None:
        """Keep why a file cannot be collected."""
        if report.failed:
            self.failed = f"{report.nodeid}: {report.longrepr}"[-2000:]

    def pytest_collection_finish(self, session: Any) -> None:
        """Keep them."""
        for item in session.items:
            if _FIXTURES & set(getattr(item, "fixturenames", ())):
                self.names.append(item.nodeid)

    @pytest.fixture
    def benchmark(self) -> None:
        """Be there, so that tests that ask for it are whole."""

    asr_benchmark = benchmark


class Serving:
    """A plugin whose fixture serves, and that tells of tests that fail or are skipped."""

    def __init__(self, wanted: Sequence[str], serve: Callable[[Work], Any], tell: Tell) -> None:
        """Serve by `serve`; tell by `tell`."""
        self._wanted = wanted
        self._serve = serve
        self._tell = tell
        self._said: set[str] = set()  # tests that were served to their end, or told of

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Take tests in the order in which they are wanted: both sides alike."""
        place = {name: number for number, name in enumerate(self._wanted)}
        items.sort(key=lambda item: place.get(item.nodeid, len(place)))

    @pytest.fixture
    def benchmark(self, request: Any) -> Iterator[Benchmark]:
        """Return the fixture of a test."""
        made = Benchmark(request.node.nodeid, self._serve)
        yield made
        if made.called:
            self._said.add(request.node.nodeid)

    asr_benchmark = benchmark

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Tell of what did not come out."""
        if report.failed:
            said = str(report.longrepr)[-2000:]
            self._lose(report, "wrong" if report.when == "call" else "refused", said)
        elif report.skipped:
            self._lose(report, "refused", f"skipped: {report.longrepr}"[-2000:])
        elif report.when == "teardown" and report.nodeid not in self._said:
            self._lose(report, "refused", "it never called its benchmark")

    def _lose(self, report: Any, kind: str, message: str) -> None:
        self._said.add(report.nodeid)
        self._tell(report.nodeid, kind, message)


def names(places: Sequence[str]) -> list[str]:
    """Return the ids of tests in files, folders or ids that use a benchmark; those there are.

    Raises RuntimeError with pytest's words where a file cannot be collected.
    """
    found: list[str] = []
    for place in places:  # one by one: an id that is not there refuses only itself
        listing = Listing()
        pytest.main([*_OPTIONS, "--collect-only", place], plugins=[listing])
        if listing.failed:
            raise RuntimeError(listing.failed)
        found += [name for name in listing.names if name not in found]
    return found


def run(wanted: Sequence[str], serve: Callable[[Work], Any], tell: Tell) -> None:
    """Serve each wanted test in turn."""
    if wanted:
        pytest.main([*_OPTIONS, *wanted], plugins=[Serving(wanted, serve, tell)])
