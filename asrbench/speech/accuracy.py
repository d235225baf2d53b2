"""How wrong the texts of an engine are: word error rate, its counts, and what it rests on.

WER = (substitutions + deletions + insertions) / words of the reference, over normalised words:
OpenAI's English normaliser (Radford et al. 2022, appendix C) by whisper-normalizer, alignment by
jiwer.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

LOOP_RATIO = 1.5
"""A hypothesis with more words than this many times its reference's is a loop, if it also has"""

LOOP_WORDS = 4
"""so many words more: "semi-colon" is twice as long as "semicolon", and repeats nothing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a hypothesis departs from its reference, in normalised words.

    Invariants: `reference` is empty exactly for an insertion, `hypothesis` for a deletion.
    """

    kind: Literal["substitution", "deletion", "insertion"]
    reference: str
    hypothesis: str

    def __post_init__(self) -> None:
        """Refuse words on the wrong side."""
        if (self.reference == "") != (self.kind == "insertion"):
            raise ValueError(f"reference is {self.reference!r} in a difference of kind {self.kind}")
        if (self.hypothesis == "") != (self.kind == "deletion"):
            raise ValueError(f"hypothesis is {self.hypothesis!r} in one of kind {self.kind}")


@dataclass(frozen=True, slots=True)
class UtteranceWer:
    """The word errors of one utterance.

    Invariants: counts are not negative; errors = substitutions + deletions + insertions.
    """

    words: int  # of the reference
    hypothesis_words: int
    substitutions: int
    deletions: int
    insertions: int
    differences: tuple[Difference, ...]

    def __post_init__(self) -> None:
        """Refuse a negative count."""
        for name in ("words", "hypothesis_words", "substitutions", "deletions", "insertions"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name)}; expected 0 or more")

    @property
    def errors(self) -> int:
        """The number of word errors."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def is_loop(self) -> bool:
        """Whether the hypothesis is longer than its reference by LOOP_RATIO and LOOP_WORDS."""
        longer = self.hypothesis_words - self.words >= LOOP_WORDS
        return longer and self.hypothesis_words > LOOP_RATIO * self.words


@dataclass(frozen=True, slots=True)
class Wer:
    """The word error rate of a corpus: all errors over all words, with the counts it is made of.

    Invariants: at least one utterance; at least one word in the references.
    """

    utterances: tuple[UtteranceWer, ...]

    def __post_init__(self) -> None:
        """Refuse references without a word: there is no rate."""
        if not any(u.words for u in self.utterances):
            raise ValueError(
                f"none of {len(self.utterances)} references has a word; expected at least one"
            )

    @property
    def errors(self) -> int:
        """Word errors of all utterances."""
        return sum(u.errors for u in self.utterances)

    @property
    def words(self) -> int:
        """Words of all references."""
        return sum(u.words for u in self.utterances)

    @property
    def rate(self) -> float:
        """Errors / words, a fraction: 0.05 is 5 %. Insertions can lift it above 1."""
        return self.errors / self.words

    @property
    def substitutions(self) -> int:
        """Substituted words of all utterances."""
        return sum(u.substitutions for u in self.utterances)

    @property
    def deletions(self) -> int:
        """Deleted words of all utterances."""
        return sum(u.deletions for u in self.utterances)

    @property
    def insertions(self) -> int:
        """Inserted words of all utterances."""
        return sum(u.insertions for u in self.utterances)

    @property
    def loops(self) -> tuple[int, ...]:
        """The indices of the utterances that loop."""
        return tuple(i for i, u in enumerate(self.utterances) if u.is_loop)


@dataclass(frozen=True, slots=True)
class WerDifference:
    """How much higher the WER of a second engine is than that of the first, with its 95 % interval.

    Fractions: 0.01 is one point. Invariant: low <= difference <= high.
    """

    difference: float
    low: float
    high: float

    def __post_init__(self) -> None:
        """Refuse an interval that does not hold its estimate."""
        if not self.low <= self.difference <= self.high:
            raise ValueError(
                f"difference {self.difference} is outside [{self.low}, {self.high}]; "
                "expected an interval around it"
            )


def normalize(text: str) -> str:
    """Return the text as WER sees it: lower case, no punctuation, numbers as figures.

    The published normaliser is kept as it is: of "..." it leaves a dot, which counts as a word.
    """
    return _normalizer()(text)


def wer(references: Sequence[str], hypotheses: Sequence[str]) -> Wer:
    """Return the word error rate of the hypotheses, utterance by utterance in the same order.

    Raises ValueError when the two differ in length, or no reference has a word.
    """
    if len(references) != len(hypotheses):
        raise ValueError(
            f"{len(references)} references and {len(hypotheses)} hypotheses; expected as many"
        )
    return Wer(tuple(_aligned(*pair) for pair in zip(references, hypotheses, strict=True)))


def wer_difference(first: Wer, second: Wer, *, seed: int, resamples: int = 10_000) -> WerDifference:
    """Return second.rate - first.rate with the 95 % interval of a paired bootstrap.

    Both were measured over the same utterances, which are drawn anew with replacement `resamples`
    times (Bisani and Ney, ICASSP 2004); the percentile interval is widened, where it must be, to
    hold the difference itself. The same seed gives the same interval.

    Raises ValueError when the two are not of the same utterances.
    """
    words = np.array([u.words for u in first.utterances])
    if not np.array_equal(words, [u.words for u in second.utterances]):
        raise ValueError(
            f"{len(first.utterances)} and {len(second.utterances)} utterances, {first.words} and "
            f"{second.words} words; expected the same references in the same order"
        )
    more_errors = np.array(
        [s.errors - f.errors for f, s in zip(first.utterances, second.utterances, strict=True)]
    )
    count = len(words)
    draws = np.random.default_rng(seed).multinomial(count, [1 / count] * count, size=resamples)
    drawn_words = draws @ words
    some = drawn_words > 0  # a draw of wordless utterances only has no rate
    low, high = np.quantile((draws @ more_errors)[some] / drawn_words[some], [0.025, 0.975])
    difference = int(more_errors.sum()) / int(words.sum())
    return WerDifference(difference, min(float(low), difference), max(float(high), difference))


@functools.cache
def _normalizer() -> Callable[[str], str]:
    from whisper_normalizer.english import EnglishTextNormalizer  # slow to import and to make

    normalizer: Callable[[str], str] = EnglishTextNormalizer()
    return normalizer


def _aligned(reference: str, hypothesis: str) -> UtteranceWer:
    ours, theirs = normalize(reference).split(), normalize(hypothesis).split()
    if not ours or not theirs:  # nothing to align, and jiwer refuses an empty reference
        return _one_sided(ours, theirs)

    import jiwer

    output = jiwer.process_words(" ".join(ours), " ".join(theirs))
    differences = []
    for chunk in output.alignments[0]:
        if chunk.type == "equal":
            continue
        was = ours[chunk.ref_start_idx : chunk.ref_end_idx]
        became = theirs[chunk.hyp_start_idx : chunk.hyp_end_idx]
        differences.append(_difference(" ".join(was), " ".join(became)))
    return UtteranceWer(
        words=len(ours),
        hypothesis_words=len(theirs),
        substitutions=output.substitutions,
        deletions=output.deletions,
        insertions=output.insertions,
        differences=tuple(differences),
    )


def _one_sided(reference: list[str], hypothesis: list[str]) -> UtteranceWer:
    some = (
        [_difference(" ".join(reference), " ".join(hypothesis))] if reference or hypothesis else []
    )
    return UtteranceWer(
        words=len(reference),
        hypothesis_words=len(hypothesis),
        substitutions=0,
        deletions=len(reference),
        insertions=len(hypothesis),
        differences=tuple(some),
    )


def _difference(reference: str, hypothesis: str) -> Difference:
    if not reference:
        return Difference("insertion", "", hypothesis)
    if not hypothesis:
        return Difference("deletion", reference, "")
    return Difference("substitution", reference, hypothesis)
