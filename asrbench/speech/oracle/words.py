"""Puts the tokens of a text together to words.

Source of the rules: OpenAI's whisper, `whisper/tokenizer.py` and `whisper/timing.py`. Tokens that
share a character stay together; a word begins at a space, in languages that write none at each
character; punctuation goes with the word it belongs to.
"""

import string
from collections.abc import Sequence
from dataclasses import dataclass

from asrbench.speech.oracle.tokenizer import Tokenizer

UNSPACED = ("zh", "ja", "th", "lo", "my", "yue")
OPENING = "\"'“¿([{-"
CLOSING = "\"'.。,，!！?？:：”)]}、"  # noqa: RUF001 - full-width marks are meant
SENTENCE_ENDS = ".。!！?？"  # noqa: RUF001
REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class Spelled:
    """A word and how many tokens spell it: 0, and no text, once it has joined another."""

    text: bytes
    tokens: int

    def __post_init__(self) -> None:
        """Refuse fewer tokens than none."""
        if self.tokens < 0:
            raise ValueError(f"a word of {self.tokens} tokens; expected 0 or more")

    @property
    def characters(self) -> str:
        """The text, with U+FFFD for what is none."""
        return self.text.decode(errors="replace")


def spell(tokenizer: Tokenizer, text: Sequence[int], language: str) -> tuple[Spelled, ...]:
    """Return the words of a text, in order: all its tokens, all its bytes.

    Punctuation is a word of its own.
    """
    parts = _characters(tokenizer, text)
    if language in UNSPACED:
        return tuple(parts)
    words: list[Spelled] = []
    for part in parts:
        shown = part.characters
        if not words or shown.startswith(" ") or shown.strip() in string.punctuation:
            words.append(part)
        else:
            words[-1] = _joined(words[-1], part)
    return tuple(words)


def join_marks(spelled: Sequence[Spelled]) -> tuple[Spelled, ...]:
    """Give opening marks behind a space to the word that follows, closing ones to that before.

    As many words come back: those that have joined another are empty.
    """
    words, gone = list(spelled), Spelled(b"", 0)
    following = len(words) - 1
    for i in reversed(range(len(words) - 1)):
        if words[i].text.startswith(b" ") and words[i].characters.strip() in OPENING:
            words[following] = _joined(words[i], words[following])
            words[i] = gone
        else:
            following = i
    previous = 0
    for i in range(1, len(words)):
        if not words[previous].text.endswith(b" ") and words[i].characters in CLOSING:
            words[previous] = _joined(words[previous], words[i])
            words[i] = gone
        else:
            previous = i
    return tuple(words)


def ends_sentence(word: Spelled) -> bool:
    """Tell whether a word is a full stop, an exclamation or a question mark."""
    return word.characters in SENTENCE_ENDS


def _joined(first: Spelled, second: Spelled) -> Spelled:
    return Spelled(first.text + second.text, first.tokens + second.tokens)


def _characters(tokenizer: Tokenizer, text: Sequence[int]) -> list[Spelled]:
    """Return the tokens by characters: those that hold parts of one are together."""
    whole = tokenizer.text(text).decode(errors="replace")
    parts: list[Spelled] = []
    first = passed = 0
    for end in range(1, len(text) + 1):
        part = Spelled(tokenizer.text(text[first:end]), end - first)
        broken = part.characters.find(REPLACEMENT)
        # A character that is broken in the whole text too is not waiting for its other bytes.
        if broken < 0 or whole[passed + broken : passed + broken + 1] == REPLACEMENT:
            parts.append(part)
            passed += len(part.characters)
            first = end
    if first < len(text):  # the text breaks off in a character
        parts.append(Spelled(tokenizer.text(text[first:]), len(text) - first))
    return parts
