"""An engine is one implementation of a workload; entry points say which engines there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar, runtime_checkable

from asrbench.errors import EngineError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint  # 30 ms that only those pay who look for engines

Item_contra = TypeVar("Item_contra", contravariant=True)
Output_co = TypeVar("Output_co", covariant=True)

GROUP = "asrbench.engines"  # entry points are named "<workload>.<engine>": "speech.native"


class Engine(Protocol[Item_contra, Output_co]):
    """One implementation of a workload: the native one, the oracle, a peer's, the user's."""

    name: str

    def run(self, item: Item_contra) -> Output_co:
        """Answer one item. EngineError refuses the item; anything else raised is a fault."""
        ...

    def close(self) -> None:
        """Give back what the engine holds; it is not run again."""
        ...


@dataclass(frozen=True, slots=True)
class Partial:
    """What is shown after the committed words and may still change; it replaces the last Partial.

    `audio_s`, here and below, is how far into the audio it reaches, by the engine.
    """

    text: str
    audio_s: float


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word and where in the item it lies, seconds from its beginning.

    `probability` is how sure the engine is, None where it cannot say. Invariants: `0 <= start_s <=
    end_s`; the probability is from 0 to 1.
    """

    start_s: float
    end_s: float
    text: str
    probability: float | None = None

    def __post_init__(self) -> None:
        """Refuse times that run backwards, and what is no probability."""
        if not 0 <= self.start_s <= self.end_s:
            raise ValueError(
                f"a word runs from {self.start_s} s to {self.end_s} s; expected 0 <= start <= end"
            )
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise ValueError(f"probability is {self.probability}; expected 0 to 1")


@dataclass(frozen=True, slots=True)
class Commit:
    """Words that follow those committed before and will not be taken back.

    `words` are those of the text with their times, where the engine knows them.
    """

    text: str
    audio_s: float
    words: tuple[TimedWord, ...] = ()


@dataclass(frozen=True, slots=True)
class Final:
    """An utterance has ended: its text since the last Final, committed words included.

    A session that hears pauses gives one at each, any other one at the end.
    """

    text: str
    audio_s: float


Event: TypeAlias = Partial | Commit | Final


class Session(Protocol[Item_contra]):
    """One item heard while it arrives; it belongs to one thread."""

    def push(self, pcm: Item_contra) -> Sequence[Event]:
        """Take the next chunk and say what is new. EngineError refuses the item."""
        ...

    def finish(self) -> Sequence[Event]:
        """Say the rest, a Final last, be its text empty: no chunk comes any more."""
        ...


@runtime_checkable
class StreamingEngine(Protocol[Item_contra]):
    """An engine that answers while an item arrives; its sessions may run in threads at once."""

    def open(self) -> Session[Item_contra]:
        """Begin with a new item."""
        ...


@runtime_checkable
class CountingEngine(Protocol):
    """An engine that counts what its native core allocates, while it is told to."""

    def count_allocations(self, on: bool) -> tuple[int, int]:
        """Count from now on, or no longer; return how many there were so far, and their bytes.

        Neither number ever falls. Raises MeterError where the core cannot count.
        """
        ...


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What every engine is built with.

    Invariants: `threads` is one or more. `model` is a path, or None for the workload's own choice.
    """

    threads: int = 1
    model: Path | None = None

    def __post_init__(self) -> None:
        """Refuse a thread count that no engine could use."""
        if self.threads < 1:
            raise ValueError(f"threads is {self.threads}; expected one or more")


def installed(workload: str) -> Mapping[str, EntryPoint]:
    """Name the engines of a workload that some installed package announces, without loading any."""
    from importlib.metadata import entry_points

    prefix = f"{workload}."
    return {
        point.name[len(prefix) :]: point
        for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)
        if point.name.startswith(prefix)
    }


def build(workload: str, name: str, options: EngineOptions) -> Engine[Any, Any]:
    """Load an engine by its name and build it.

    Raises EngineError when no package announces it or the library it needs is missing,
    ModelError when its model cannot be used.
    """
    known = installed(workload)
    if name not in known:
        raise EngineError(f"no engine {name!r} for {workload}; expected one of {sorted(known)}")
    make: Callable[[EngineOptions], Engine[Any, Any]] = known[name].load()
    return make(options)


def missing(engine: str, error: ModuleNotFoundError, extra: str) -> EngineError:
    """Return the refusal of an engine whose library is not installed, with what installs it."""
    return EngineError(
        f'{engine} needs {error.name}, which is not installed: pip install "asrbench-perf[{extra}]"'
    )
