"""Speech alone is transcribed: silence is left out, long audio cut at pauses, times put back."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from asrbench.errors import DeadlineError
from asrbench.speech.audio import RATE_HZ, Pcm
from asrbench.speech.transcript import Segment, Transcript
from asrbench.speech.voice import Detector, Span, spans

LONGEST_S = 30.0  # a window of Whisper

Transcribe = Callable[[Pcm, "float | None"], Transcript]  # pcm and a deadline in seconds


@dataclass(frozen=True, slots=True)
class Piece:
    """Spans of speech one behind another, without what lay between them.

    Invariants: there is one span or more; they are in order and do not overlap.
    """

    spans: tuple[Span, ...]

    def __post_init__(self) -> None:
        """Refuse spans out of order."""
        ends = [0, *(span.end for span in self.spans)]
        if not self.spans or any(s.start < end for s, end in zip(self.spans, ends, strict=False)):
            raise ValueError(f"spans are {self.spans}; expected one or more, in order and apart")

    def of(self, pcm: Pcm) -> Pcm:
        """Return its part of the whole audio: shape (sum of the spans,)."""
        if len(self.spans) == 1:
            return pcm[self.spans[0].start : self.spans[0].end]
        return np.concatenate([pcm[span.start : span.end] for span in self.spans])

    def begins_s(self, second: float) -> float:
        """Return when in the whole audio what begins at a second of the piece begins."""
        return self._at(second, bisect_right)

    def ends_s(self, second: float) -> float:
        """Return when what ends there ends: on a cut, before the pause and not behind it."""
        return self._at(second, bisect_left)

    def _at(self, second: float, bisect: Callable[[Sequence[int], float], int]) -> float:
        ends = list(accumulate(span.end - span.start for span in self.spans))
        value = min(round(second * RATE_HZ), ends[-1])
        number = min(bisect(ends, value), len(ends) - 1)
        return (self.spans[number].end - (ends[number] - value)) / RATE_HZ


def pieces(found: Sequence[Span], longest_s: float = LONGEST_S) -> Iterator[Piece]:
    """Yield the spans in order, as many together as stay within `longest_s` seconds.

    A longer span is a piece of its own: nothing is cut where somebody speaks.
    """
    together: list[Span] = []
    size = 0
    for span in found:
        length = span.end - span.start
        if together and size + length > longest_s * RATE_HZ:
            yield Piece(tuple(together))
            together, size = [], 0
        together.append(span)
        size += length
    if together:
        yield Piece(tuple(together))


def transcribe(
    pcm: Pcm, detect: Detector, recognize: Transcribe, deadline_s: float | None = None
) -> Transcript:
    """Return what is said in pcm, float32 of shape (n,) at 16 kHz: of its speech, piece by piece.

    Each piece is transcribed for itself, its loudest value and its prompt being its own. Times are
    those of the whole audio; timestamps among the tokens stay those of the piece. Probabilities
    are means over the pieces; the detector's seconds are the stage `voice`.

    Raises DeadlineError where all of it took longer than `deadline_s`, and what `recognize` raises.
    """
    started = time.perf_counter()
    found = spans(detect(pcm), pcm.size)
    stages = {"voice": time.perf_counter() - started}
    said = []
    for piece in pieces(found):
        left_s = None
        if deadline_s is not None:
            left_s = max(0.0, deadline_s - (time.perf_counter() - started))
        try:
            part = recognize(piece.of(pcm), left_s)
        except DeadlineError as error:
            raise DeadlineError(
                f"the work took longer than its deadline of {deadline_s} s, "
                f"at {piece.spans[0].start_s:.1f} s of the audio"
            ) from error
        for stage, seconds in part.stages.items():
            stages[stage] = stages.get(stage, 0.0) + seconds
        said.append(_put_back(part, piece))
    return Transcript(
        text="".join(part.text for part in said),
        tokens=tuple(token for part in said for token in part.tokens),
        segments=tuple(segment for part in said for segment in part.segments),
        avg_log_prob=_mean([part.avg_log_prob for part in said]),
        no_speech_prob=_mean([part.no_speech_prob for part in said]),
        stages=stages,
        rounded=True,  # what the oracle says of the whole audio may differ in a word
        language=said[0].language if said else None,
        language_probability=said[0].language_probability if said else None,
    )


def _put_back(part: Transcript, piece: Piece) -> Transcript:
    """Return a piece's transcript with the times of the whole audio."""
    return replace(part, segments=tuple(_moved(segment, piece) for segment in part.segments))


def _moved(segment: Segment, piece: Piece) -> Segment:
    words = tuple(
        replace(word, start_s=start_s, end_s=max(start_s, piece.ends_s(word.end_s)))
        for word in segment.words
        for start_s in [piece.begins_s(word.start_s)]
    )
    start_s = piece.begins_s(segment.start_s)
    end_s = max(start_s, piece.ends_s(segment.end_s))
    return replace(segment, start_s=start_s, end_s=end_s, words=words)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
