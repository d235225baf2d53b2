"""Tokens of a stream as words with times: parted at spaces, placed between their timestamps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

STATE_S = 0.02  # of audio: an encoder state, and the step of timestamps


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word and where it is: seconds from the first mel frame at hand, places among the tokens.

    `looked_s` is the latest place where the decoder looked as it chose its letters. Its tokens are
    `[first, behind)`, those from `mark` on punctuation behind it. Invariants: `first < behind`,
    `first <= mark <= behind`, `0 <= start_s <= end_s`.
    """

    text: str
    start_s: float
    end_s: float
    looked_s: float
    probability: float
    first: int
    mark: int
    behind: int

    def __post_init__(self) -> None:
        """Refuse a word of no tokens, and times that run backwards."""
        if not (self.first < self.behind and self.first <= self.mark <= self.behind):
            raise ValueError(
                f"tokens {self.first} to {self.behind}, mark {self.mark}; expected some"
            )
        if not 0 <= self.start_s <= self.end_s:
            raise ValueError(f"{self.start_s} to {self.end_s} s; expected 0 <= start <= end")


@dataclass(frozen=True, slots=True)
class Heard:
    """Of each token its probability, and the state of audio where the decoder looked."""

    probabilities: Sequence[float]
    frames: Sequence[int]


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
        self, tokens: Sequence[int], heard: Heard, stands: int, length_s: float
    ) -> list[Spoken]:
        """Return the words of all tokens, each with the mean probability of its tokens.

        A word begins at a space, behind a timestamp, and behind the first `stands` tokens, which
        no letter continues; punctuation goes with the word before. It lies where the decoder
        looked, from its first token to the next word's, or its segment's end; the last one may last
        as long as the speech, `length_s`.
        """
        groups: list[_Group] = []
        open_ = False  # a segment that has a word
        for place, token in enumerate(tokens):
            if token >= self.timestamp_begin:
                open_ = False
                continue
            piece = self.text([token]).decode(errors="replace")
            mark = not bare(piece) and "\ufffd" not in piece
            if not open_ or (not mark and (piece.startswith(" ") or place == stands)):
                groups.append(_Group(place, place, place))
                open_ = True
            groups[-1].behind = place + 1
            if not mark:
                groups[-1].mark = place + 1
        return self._placed(groups, tokens, heard, length_s)

    def _placed(
        self, groups: Sequence[_Group], tokens: Sequence[int], heard: Heard, length_s: float
    ) -> list[Spoken]:
        """Return words with times, none before the one in front of it."""
        found = []
        at_s = 0.0
        for number, group in enumerate(groups):
            start_s = max(at_s, min(heard.frames[group.first] * STATE_S, length_s))
            behind = length_s
            if number + 1 < len(groups):
                behind = heard.frames[groups[number + 1].first] * STATE_S
            if group.behind < len(tokens) and tokens[group.behind] >= self.timestamp_begin:
                behind = min(behind, (tokens[group.behind] - self.timestamp_begin) * STATE_S)
            at_s = max(start_s, min(behind, length_s))
            some = heard.probabilities[group.first : group.behind]
            latest = max(heard.frames[group.first : group.mark] or [0]) * STATE_S
            found.append(
                Spoken(
                    self.told(tokens[group.first : group.behind]),
                    start_s,
                    at_s,
                    latest,
                    sum(some) / len(some),
                    group.first,
                    group.mark,
                    group.behind,
                )
            )
        return found
