"""Speech piece by piece: utterances in chunks, and sessions for engines that hear the whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

import numpy as np

from asrbench.engine import Commit, Engine, Event, Final, Partial
from asrbench.errors import OptionError
from asrbench.speech.audio import RATE_HZ, Pcm
from asrbench.speech.corpus import Corpus
from asrbench.speech.transcript import Transcript
from asrbench.workload import Arrival, Timing

STEP_S = 1.0  # of new audio after which a Redecoding session decodes again

Transcribing = Callable[[Pcm], Transcript]


def arrivals(corpus: Corpus, chunk_s: float) -> Sequence[Arrival]:
    """Return every utterance cut into chunks of `chunk_s` seconds, the last one shorter.

    Raises OptionError where a chunk would not hold one value, AudioError for audio that cannot be
    read.
    """
    size = round(chunk_s * RATE_HZ)
    if size < 1:
        raise OptionError(f"chunk_s is {chunk_s}; expected {1 / RATE_HZ} s or more")
    found = []
    for utterance in corpus.utterances:
        pcm = utterance.pcm()
        chunks = tuple(pcm[start : start + size] for start in range(0, len(pcm), size))
        due_s = tuple(end / RATE_HZ for end in accumulate(map(len, chunks)))
        found.append(Arrival(utterance.id, chunks, due_s))
    return found


class Whole:
    """An engine without partial results as what it is in a stream: it answers at the end."""

    def __init__(self, engine: Engine[Pcm, Transcript]) -> None:
        """Take the engine; one session at a time, for nothing says that it may do more."""
        self._engine = engine

    def open(self) -> AtTheEnd:
        """Begin with an utterance."""
        return AtTheEnd(self._engine.run)


class AtTheEnd:
    """A session that keeps the audio and transcribes it when there is no more."""

    def __init__(self, transcribe: Transcribing) -> None:
        """Transcribe with the function."""
        self._transcribe = transcribe
        self._chunks: list[Pcm] = []

    def push(self, pcm: Pcm) -> Sequence[Event]:
        """Keep a chunk."""
        self._chunks.append(pcm)
        return ()

    def finish(self) -> Sequence[Event]:
        """Transcribe everything."""
        pcm = joined(self._chunks)
        return (Final(self._transcribe(pcm).text, len(pcm) / RATE_HZ),)


class Redecoding:
    """A session that transcribes all it has heard again and again, and commits what stays.

    LocalAgreement-2: words on which two passes one after the other agree are committed (Liu et al.
    2020; Macháček et al., arXiv 2307.14743). Its work grows with the square of the length.
    """

    def __init__(self, transcribe: Transcribing, step_s: float = STEP_S) -> None:
        """Transcribe with the function after every `step_s` seconds of new audio."""
        self._transcribe = transcribe
        self._step = round(step_s * RATE_HZ)
        self._chunks: list[Pcm] = []
        self._heard = self._decoded = 0  # values of pcm
        self._committed: list[str] = []
        self._before: list[str] = []

    def push(self, pcm: Pcm) -> Sequence[Event]:
        """Take a chunk, and decode if it is time."""
        self._chunks.append(pcm)
        self._heard += len(pcm)
        if self._heard - self._decoded < self._step:
            return ()
        self._decoded = self._heard
        words = self._words()
        kept = len(self._committed)
        agreed = words[kept : max(kept, _agreed(self._before, words))]
        self._committed.extend(agreed)
        self._before = words
        at_s = self._heard / RATE_HZ
        events: list[Event] = [Commit(" ".join(agreed), at_s)] if agreed else []
        return [*events, Partial(" ".join(words[len(self._committed) :]), at_s)]

    def finish(self) -> Sequence[Event]:
        """Decode everything once more; what is committed stays."""
        rest = self._words()[len(self._committed) :]
        return (Final(" ".join([*self._committed, *rest]), self._heard / RATE_HZ),)

    def _words(self) -> list[str]:
        self._chunks = [joined(self._chunks)]
        return self._transcribe(self._chunks[0]).text.split()


def joined(chunks: Sequence[Pcm]) -> Pcm:
    """Return the chunks as one array, shape (n,)."""
    return np.concatenate(chunks) if chunks else np.zeros(0, np.float32)


def timing(corpus: Corpus, item: str, output: Transcript) -> Timing:
    """Return when the words end, by the corpus's alignment, else as the batch transcript has it.

    The latter is an estimate: within a segment each letter takes the same time, and a transcript
    without segments is taken as one that lasts as long as the utterance.
    """
    utterance = next(u for u in corpus.utterances if u.id == item)
    length_s = utterance.duration_s
    if utterance.word_ends_s is not None:
        said = tuple((utterance.reference or "").split())
        return Timing(said, utterance.word_ends_s, "from the corpus's alignment")
    pieces = [(s.start_s, max(s.start_s, min(s.end_s, length_s)), s.text) for s in output.segments]
    source = "estimated from the segments of the batch transcript"
    if not pieces:
        pieces = [(0.0, length_s, output.text)]
        source = "estimated: letters of the batch transcript spread over the whole utterance"
    words: list[str] = []
    ends: list[float] = []
    for start_s, end_s, text in pieces:
        some = text.split()
        letters = list(accumulate(len(word) + 1 for word in some))
        words.extend(some)
        ends.extend(
            start_s + (end_s - start_s) * (count - 1) / (letters[-1] - 1) for count in letters
        )
    return Timing(tuple(words), tuple(ends), source)


def _agreed(before: Sequence[str], words: Sequence[str]) -> int:
    """Return how many words at the beginning are the same, but for case and punctuation."""
    count = 0
    for one, other in zip(before, words, strict=False):
        if _bare(one) != _bare(other):
            break
        count += 1
    return count


def _bare(word: str) -> str:
    return "".join(c for c in word if c.isalnum()).casefold()
