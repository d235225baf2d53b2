"""Tokens of a stream as words with times: parted at spaces, placed between their timestamps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

STEP_S = 0.02  # between two timestamps


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word and where it is: seconds from the first mel frame at hand, places among the tokens.

    Its tokens are `[first, behind)`, those from `mark` on punctuation behind it. Invariants:
    `first < behind`, `first <= mark <= behind`, `0 <= start_s <= end_s`.
    """

    text: str
    start_s: float
    end_s: float
    probability: float
    first: int
    mark: int
    behind: int

    def __post_init__(self) -> None:
        """Refuse a word of no tokens, and times that run backwards."""
        if not (self.first < self.behind and self.first <= self.mark <= self.behind):
            raise ValueError(f"tokens {self.first} to {self.behind}, mark {self.mark}; expected some")
        if not 0 <= self.start_s <= self.end_s:
            raise ValueError(f"{self.start_s} to {self.end_s} s; expected 0 <= start <= end")


def bare(text: str) -> str:
    """Return a word as words are compared: letters and digits, in lower case."""
    return "".join(c for c in text if c.isalnum()).casefold()


@dataclass(slots=True)
class _Group:
    """The tokens of a word while it is put together; as `Spoken`."""

    first: int
    mark: int
    behind: int


@dataclass(frozen=True, slots=True)
class Splitter:
    """Parts tokens into words.

    `text` gives the bytes of tokens, `timestamp_begin` is the id of <|0.00|>.
    """

    text: Callable[[Sequence[int]], bytes]
    timestamp_begin: int

    def told(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens."""
        return self.text(tokens).decode(errors="replace").strip()

    def words(
        self, tokens: Sequence[int], probabilities: Sequence[float], stands: int, length_s: float
    ) -> list[Spoken]:
        """Return the words of all tokens, each with the mean probability of its tokens.

        A word begins at a space, behind a timestamp, and behind the first `stands` tokens, which
        no letter continues; punctuation goes with the word before. Within a segment every letter
        takes the same time; one that has not ended lasts as long as the speech, `length_s`.
        """
        found: list[Spoken] = []
        groups: list[_Group] = []
        start_s = 0.0
        for place, token in enumerate(tokens):
            if token >= self.timestamp_begin:
                end_s = min((token - self.timestamp_begin) * STEP_S, length_s)
                found += self._placed(groups, tokens, probabilities, start_s, end_s)
                groups = []
                start_s = max(start_s, end_s)
                continue
            piece = self.text([token]).decode(errors="replace")
            mark = not bare(piece) and "\ufffd" not in piece
            if not groups or (not mark and (piece.startswith(" ") or place == stands)):
                groups.append(_Group(place, place, place))
            groups[-1].behind = place + 1
            if not mark:
                groups[-1].mark = place + 1
        return found + self._placed(groups, tokens, probabilities, start_s, length_s)

    def _placed(
        self,
        groups: Sequence[_Group],
        tokens: Sequence[int],
        probabilities: Sequence[float],
        start_s: float,
        end_s: float,
    ) -> list[Spoken]:
        """Return the words of a segment, a time for each letter and for each gap between words."""
        texts = [self.text(tokens[g.first : g.behind]).decode(errors="replace") for g in groups]
        letters = sum(len(text) + 1 for text in texts)
        each_s = max(0.0, end_s - start_s) / max(1, letters - 1)
        found = []
        at_s = start_s
        for group, text in zip(groups, texts, strict=True):
            behind_s = at_s + len(text) * each_s
            some = probabilities[group.first : group.behind]
            found.append(
                Spoken(
                    text.strip(),
                    at_s,
                    behind_s,
                    sum(some) / len(some),
                    group.first,
                    group.mark,
                    group.behind,
                )
            )
            at_s = behind_s + each_s
        return found
