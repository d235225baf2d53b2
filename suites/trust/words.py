"""Times of words and segments beside faster-whisper's, on the same weights, with words timed.

    python -m suites.trust.words                                  speech-dev, as a recognizer is
    python -m suites.trust.words --precision float32 --beam 5     other settings
    python -m suites.trust.words --corpus speech-dev --limit 5    fewer utterances

Words are compared where both have the same ones in the same order; the others are counted. Prints
a table, short utterances and long ones apart; --out writes it with every word that is further off.
"""

from __future__ import annotations

import argparse
import difflib
import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from asrbench.engine import EngineOptions
from asrbench.measure.run_file import write_whole
from asrbench.speech import corpus
from asrbench.speech.decoding import Decoding
from asrbench.speech.engines.faster_whisper import FasterWhisper
from asrbench.speech.engines.native import Native
from asrbench.speech.transcript import Segment

WORD_S = 0.1  # a word's times agree within
SEGMENT_S = 0.2  # a segment's
LONG_S = 30.0  # more than a window
NOISE = 1e-6  # of decimals that were rounded


@dataclass(frozen=True, slots=True)
class Stretch:
    """A word or a segment: what is compared, and its times in seconds.

    Invariants: `start_s <= end_s`.
    """

    key: str
    start_s: float
    end_s: float

    def __post_init__(self) -> None:
        """Refuse times that run backwards."""
        if self.start_s > self.end_s:
            raise ValueError(f"{self.key!r} from {self.start_s} s to {self.end_s} s")

    def off_s(self, other: Stretch) -> float:
        """By how much the start or the end differs, whichever is more."""
        return max(abs(self.start_s - other.start_s), abs(self.end_s - other.end_s))


@dataclass(slots=True)
class Agreement:
    """How many stretches agree within a bound, and which are further off.

    Invariants: `close` and `far` are those that both have; `theirs` are all of the peer's.
    """

    bound_s: float
    theirs: int = 0
    close: int = 0
    far: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Refuse a bound that nothing keeps."""
        if self.bound_s <= 0:
            raise ValueError(f"bound is {self.bound_s} s; expected above 0")

    def add(self, name: str, ours: Sequence[Stretch], theirs: Sequence[Stretch]) -> None:
        """Count one utterance."""
        self.theirs += len(theirs)
        matching = difflib.SequenceMatcher(
            None, [one.key for one in ours], [one.key for one in theirs], autojunk=False
        )
        for block in matching.get_matching_blocks():
            for i in range(block.size):
                mine, peer = ours[block.a + i], theirs[block.b + i]
                if mine.off_s(peer) <= self.bound_s + NOISE:
                    self.close += 1
                else:
                    self.far.append(
                        f"{name}: {mine.key!r} {mine.start_s:.2f} to {mine.end_s:.2f} s, theirs "
                        f"{peer.start_s:.2f} to {peer.end_s:.2f} s"
                    )

    @property
    def both(self) -> int:
        """How many both have."""
        return self.close + len(self.far)

    def line(self, what: str) -> str:
        """Say it in a row of a table."""
        share = f"{self.close / self.both:.1%}" if self.both else "none"
        return f"| {what} | {self.theirs} | {self.both} | {self.bound_s} s | {share} |"


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(prog="suites.trust.words", description=__doc__)
    parser.add_argument("--corpus", default="speech-dev")
    parser.add_argument("--limit", type=int, help="only so many utterances")
    parser.add_argument("--precision", default="int16", choices=("float32", "int16", "int8"))
    parser.add_argument("--windows", default="full", choices=("full", "cached"))
    parser.add_argument("--beam", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, help="write the table and what is further off")
    asked = parser.parse_args()
    said = compare(asked)
    print("\n".join(said.table()))
    if asked.out:
        write_whole(asked.out, "\n".join([*said.table(), "", *said.far()]) + "\n")


@dataclass(frozen=True, slots=True)
class Compared:
    """Agreement by kind of utterance, "short" or "long", and of stretch, "words" or "segments"."""

    by_kind: dict[tuple[str, str], Agreement]

    def __post_init__(self) -> None:
        """Refuse a comparison of nothing."""
        if not self.by_kind:
            raise ValueError("nothing was compared; expected one utterance or more")

    def table(self) -> list[str]:
        """Return the rows of a table in Markdown."""
        head = ["| of | theirs | the same in both | bound | within it |", "|---|---|---|---|---|"]
        return head + [
            found.line(f"{kind} utterances, {what}")
            for (kind, what), found in sorted(self.by_kind.items(), reverse=True)
        ]

    def far(self) -> list[str]:
        """Return what is further off."""
        return [line for found in self.by_kind.values() for line in found.far]


def compare(asked: argparse.Namespace) -> Compared:
    """Transcribe every utterance with both, one after the other."""
    options = EngineOptions(threads=asked.threads)
    decoding = Decoding(beam_size=asked.beam, words=True)
    ours = Native(options, asked.precision, asked.windows, decoding)
    peer = FasterWhisper(options, "float32", decoding)
    by_kind: dict[tuple[str, str], Agreement] = {}
    for utterance in corpus.find(asked.corpus).utterances[: asked.limit]:
        pcm, kind = utterance.pcm(), "long" if utterance.duration_s > LONG_S else "short"
        mine, theirs = ours.run(pcm).segments, peer.run(pcm).segments
        for what, bound_s, stretches in (
            ("words", WORD_S, words),
            ("segments", SEGMENT_S, whole),
        ):
            counted = by_kind.setdefault((kind, what), Agreement(bound_s))
            counted.add(utterance.id, stretches(mine), stretches(theirs))
    return Compared(by_kind)


def words(segments: Sequence[Segment]) -> list[Stretch]:
    """Return the words of all segments."""
    every = [word for segment in segments for word in segment.words]
    return [Stretch(_key(word.text), word.start_s, word.end_s) for word in every]


def whole(segments: Sequence[Segment]) -> list[Stretch]:
    """Return the segments."""
    return [Stretch(_key(one.text), one.start_s, one.end_s) for one in segments]


def _key(text: str) -> str:
    return " ".join("".join(c for c in text.lower() if c not in string.punctuation).split())


if __name__ == "__main__":
    main()
