"""A batch: many inputs through one recognizer, in order, each refused or written for itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asrbench.errors import EngineError
from asrbench.speech.audio import RATE_HZ, Pcm
from asrbench.speech.inputs import Input
from asrbench.speech.outputs.kept import Outputs
from asrbench.speech.transcript import Transcript

Write = Callable[[Transcript], str]

_AHEAD = 2  # inputs a job whose results may wait for those before them


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input.

    Invariants: it has either a transcript with the seconds of its audio, or an error, or neither:
    then `written` was there already, whole, of the same input and the same choices.
    """

    input: Input
    transcript: Transcript | None = None
    audio_s: float | None = None
    error: EngineError | None = None
    written: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an outcome that says two things, or nothing."""
        if (self.transcript is None) != (self.audio_s is None):
            raise ValueError("expected a transcript with its audio_s, or neither")
        if (self.transcript is not None) + (self.error is not None) + self.skipped != 1:
            raise ValueError("expected a transcript, an error, or what was there already")

    @property
    def skipped(self) -> bool:
        """Whether there was nothing left to do."""
        return self.transcript is None and self.error is None and bool(self.written)


@dataclass(frozen=True, slots=True)
class Places:
    """Where outputs go, and what they were made with.

    They lie below `folder`, or beside their input where it is None; without `endings` there are
    none. `chosen` are JSON values: outputs made with other ones are made again. With `again` all
    are.
    """

    folder: Path | None = None
    endings: tuple[str, ...] = ()
    chosen: Mapping[str, Any] = field(default_factory=dict)
    again: bool = False

    def of(self, given: Input) -> Outputs | None:
        """Return where the outputs of an input go."""
        if not self.endings:
            return None
        folder = given.path.parent if self.folder is None else self.folder / given.under
        return Outputs(folder, given.stem, self.endings)

    def files(self, given: Input) -> tuple[Path, ...]:
        """Return all that is written of an input, the record of it included."""
        outputs = self.of(given)
        return () if outputs is None else (*outputs.paths, outputs.record)


@dataclass(frozen=True, slots=True)
class Batch:
    """How each input is worked on: transcribed, and written where it has a place.

    `formats` writes each of the endings. All of it is used by many threads at once.
    """

    transcribe: Callable[[Pcm], Transcript]
    places: Places = field(default_factory=Places)
    formats: Mapping[str, Write] = field(default_factory=dict)

    def one(self, given: Input) -> Outcome:
        """Work on one input. That it is refused, or cannot be written, is in the outcome."""
        places = self.places
        outputs = places.of(given)
        try:
            digest = "" if outputs is None else given.sha256()
            if outputs is not None and not places.again and outputs.done(digest, places.chosen):
                return Outcome(given, written=outputs.paths)
            pcm = given.read()
            transcript = self.transcribe(pcm)
        except EngineError as error:
            return Outcome(given, error=error)
        if outputs is None:
            return Outcome(given, transcript, len(pcm) / RATE_HZ)
        contents = {ending: self.formats[ending](transcript) for ending in outputs.endings}
        try:
            outputs.write(digest, places.chosen, contents)
        except OSError as error:
            return Outcome(given, error=EngineError(f"what {given.path} says is lost: {error}"))
        return Outcome(given, transcript, len(pcm) / RATE_HZ, written=outputs.paths)

    def all(self, some: Sequence[Input], jobs: int = 1) -> Iterator[Outcome]:
        """Yield the outcome of every input, in their order, `jobs` of them worked on at a time.

        One job works on the caller's thread, where Ctrl-C stops a native call; with more, calls
        that have begun go on when the caller stops asking. Raises what `one` raises.
        """
        if jobs == 1:
            yield from map(self.one, some)
            return
        pool = ThreadPoolExecutor(jobs, thread_name_prefix="transcribe")
        waiting: deque[Future[Outcome]] = deque()
        try:
            for given in some:
                waiting.append(pool.submit(self.one, given))
                if len(waiting) >= _AHEAD * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
