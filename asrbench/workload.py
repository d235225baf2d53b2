"""A workload is a computation with an oracle that says what is right, written down as a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

Corpus = TypeVar("Corpus")
Engine = TypeVar("Engine")
Output = TypeVar("Output")
Result = TypeVar("Result")

GROUP = "asrbench.workloads"  # an entry point is the workload's record: "asrbench.speech:workload"

Better = Literal["lower", "higher"]


@dataclass(frozen=True, slots=True)
class Amount:
    """How much work a case is: 10.0 "audio_s".

    Invariants: `value` is above zero; `unit` is not empty.
    """

    value: float
    unit: str

    def __post_init__(self) -> None:
        """Refuse an amount that nothing can be divided by."""
        if not self.value > 0:
            raise ValueError(f"amount is {self.value} {self.unit}; expected more than zero")
        if not self.unit:
            raise ValueError("amount has no unit; expected one, such as 'audio_s'")


@dataclass(frozen=True, slots=True)
class Check:
    """Whether an answer is right, and what is wrong with it.

    Invariants: what failed says why in `detail`.
    """

    passed: bool
    detail: str = ""

    def __post_init__(self) -> None:
        """Refuse a failure without a reason."""
        if not self.passed and not self.detail:
            raise ValueError("a check failed without detail; expected the reason")


class Case(Protocol[Result]):
    """A named piece of work on one item: run it, check its answer, know its amount."""

    @property
    def name(self) -> str:
        """Workload, engine and work: "speech/native/transcribe"; the same for every item."""
        ...

    @property
    def item(self) -> str:
        """The id of the item within its corpus."""
        ...

    @property
    def group(self) -> str:
        """The kind of item that results are shown apart for: "short", "long"."""
        ...

    @property
    def amount(self) -> Amount:
        """How much work it is."""
        ...

    def prepare(self) -> None:
        """Load what the work needs; not timed, and done once."""
        ...

    def run(self) -> Result:
        """Do the work; this is what is timed."""
        ...

    def check(self, output: Result) -> Check:
        """Compare an answer with the oracle's."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """A corpus that a workload knows of: its name, where it is, and how to get it if it is not."""

    name: str
    where: str
    available: bool
    how: str = ""


@dataclass(frozen=True, slots=True)
class Build:
    """How the native twin was built: instruction set in use, compiler, its flags."""

    isa: str
    compiler: str
    flags: str


@dataclass(frozen=True, slots=True)
class Score:
    """What is said of an engine's outputs over a corpus: one figure, and a few words an item.

    Invariants: `value` is None where nothing could be scored; `items` maps an item's id to what a
    Run keeps of it (reference, hypothesis, the words that differ), all of it JSON.
    """

    metric: str
    unit: str
    better: Better
    value: float | None
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    items: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Contrast:
    """How the scores of two engines differ over the same items, first minus second.

    `low` and `high` bound the 95 % interval over the items, in the metric's unit; `lines` say item
    by item what differs. Invariants: `low <= high`.
    """

    metric: str
    unit: str
    difference: float
    low: float
    high: float
    lines: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an interval that runs backwards."""
        if not self.low <= self.high:
            raise ValueError(f"the interval is [{self.low}, {self.high}]; expected low <= high")


@dataclass(frozen=True, slots=True)
class Arrival:
    """An item that arrives in pieces: `chunks[i]` is all there `due_s[i]` seconds after it began.

    Invariants: one chunk or more, a time for each; times grow from above zero.
    """

    item: str
    chunks: tuple[Any, ...]
    due_s: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse chunks that arrive at no time, or in another order."""
        if not self.chunks or len(self.due_s) != len(self.chunks):
            raise ValueError(f"{len(self.chunks)} chunks, {len(self.due_s)} times; expected pairs")
        for before, after in zip((0.0, *self.due_s), self.due_s, strict=False):
            if not before < after:
                raise ValueError(f"due_s goes from {before} to {after}; expected it to grow")


@dataclass(frozen=True, slots=True)
class Timing:
    """When each word of an item ends, seconds after the item began, and how that is known.

    Invariants: a time for each word; an estimate says so in `source`.
    """

    words: tuple[str, ...]
    ends_s: tuple[float, ...]
    source: str

    def __post_init__(self) -> None:
        """Refuse words without a time."""
        if len(self.words) != len(self.ends_s):
            raise ValueError(f"{len(self.words)} words, {len(self.ends_s)} times; expected pairs")


@dataclass(frozen=True, slots=True)
class Streams(Generic[Corpus, Engine, Output]):
    """How items arrive piece by piece, for the streaming scenario.

    arrivals  every item of a corpus, cut into chunks of so many seconds
    whole     an engine without partial results as a StreamingEngine that answers at the end
    timing    when the words of an item end; the output is the engine's for the whole item
    output    the final text of a stream as an output, to be scored
    """

    arrivals: Callable[[Corpus, float], Sequence[Arrival]]
    whole: Callable[[Engine], Any]
    timing: Callable[[Corpus, str, Output], Timing]
    output: Callable[[str], Output]


def later(where: str) -> Callable[..., Any]:
    """Return a function that loads "module:function", as an entry point does, when it is called.

    So a workload is listed without importing what its work needs.
    """

    def call(*given: Any) -> Any:
        from importlib.metadata import EntryPoint

        return EntryPoint("", where, GROUP).load()(*given)

    return call


def no_score(corpus: object, outputs: Mapping[str, object]) -> Score:  # noqa: ARG001
    """Score nothing: for workloads whose outputs are right or wrong, which `agree` says."""
    return Score("score", "", "higher", None)


@dataclass(frozen=True, slots=True)
class Workload(Generic[Corpus, Engine, Output]):
    """Everything the harness needs to know of a computation, and no more.

    What has a default may be left out by a workload that has no such thing.

    engines   the names of its engines, as entry points not yet loaded
    corpus    a corpus by name or path, cut to its first items where a number is given;
              CorpusError when it cannot be used
    cases     the work of one engine on one corpus, checked against an oracle that is built by the
              function given when first needed
    agree     whether an output is what the oracle's output says: agree(oracle_output, output)
    corpora   the corpora it knows by name
    stages    seconds an output says that it spent in each stage of the work
    score     the figure for outputs by item id
    contrast  the difference of two engines' outputs by item id; None where nothing can be compared
    model     what is known of the model at a path (None: the default): source, whether verified
    build     how the native twin was built, None where there is none here
    streams   how items arrive piece by piece, None where they do not
    passes    passes over all items that figures of single items rest on; 1 where there are none
    """

    name: str
    oracle: str
    engines: Callable[[], Mapping[str, EntryPoint]]
    corpus: Callable[[str, int | None], Corpus]
    cases: Callable[[Engine, Corpus, Callable[[], Engine]], Sequence[Case[Output]]]
    agree: Callable[[Output, Output], Check]
    corpora: Callable[[], Sequence[Source]] = lambda: ()
    stages: Callable[[Output], Mapping[str, float]] = lambda _: {}
    score: Callable[[Corpus, Mapping[str, Output]], Score] = no_score
    contrast: Callable[[Corpus, Mapping[str, Output], Mapping[str, Output]], Contrast | None] = (
        lambda _corpus, _first, _second: None
    )
    model: Callable[[Path | None], Mapping[str, Any]] = lambda _: {}
    build: Callable[[], Build | None] = lambda: None
    streams: Streams[Corpus, Engine, Output] | None = None
    passes: int = 1


def installed() -> Mapping[str, EntryPoint]:
    """Name the workloads that some installed package announces, without loading any."""
    from importlib.metadata import entry_points

    return {p.name: p for p in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def find(name: str) -> Workload[Any, Any, Any]:
    """Load a workload by its name. Raises LookupError naming the known ones."""
    known = installed()
    if name not in known:
        raise LookupError(f"no workload {name!r}; expected one of {sorted(known)}")
    workload: Workload[Any, Any, Any] = known[name].load()
    return workload
