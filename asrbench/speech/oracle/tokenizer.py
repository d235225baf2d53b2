"""Turns token ids into bytes of text, and finds the special tokens by their names.

The text is GPT-2's: a vocabulary writes each byte as one printable character, space as U+0120.
Source: `bytes_to_unicode` of OpenAI's gpt-2, `src/encoder.py`.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from asrbench.errors import ModelError

MULTILINGUAL_SIZE = 51865  # OpenAI's rule: the English-only vocabulary has 51864 tokens
MULTILINGUAL_TOKEN = ""  # CTranslate2's rule: the multilingual vocabulary has an empty token


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """The vocabulary and the ids of its special tokens.

    Invariants: `pieces[i]` is the text of token i < eot as bytes; `languages` maps "en" to its
    token and is empty for an English-only model; the timestamps are the ids from
    `timestamp_begin` to `size - 1`, 0.02 s apart.
    """

    size: int
    pieces: tuple[bytes, ...]
    eot: int
    sot: int
    transcribe: int
    translate: int
    start_of_previous: int
    no_speech: int
    no_timestamps: int
    timestamp_begin: int
    languages: dict[str, int]

    def __post_init__(self) -> None:
        """Refuse an order of special tokens on which the search cannot rely."""
        if len(self.pieces) != self.eot:
            raise ModelError(f"{len(self.pieces)} pieces of text; expected {self.eot}, one per id")
        if not self.eot < self.sot < self.no_timestamps < self.timestamp_begin < self.size:
            raise ModelError(
                f"vocabulary has <|endoftext|> {self.eot}, <|startoftranscript|> {self.sot}, "
                f"<|notimestamps|> {self.no_timestamps}, <|0.00|> {self.timestamp_begin} of "
                f"{self.size}; expected them in this order"
            )

    @property
    def multilingual(self) -> bool:
        """True if the prompt names a language and a task."""
        return bool(self.languages)

    def prompt(self, language: str = "en", translates: bool = False) -> tuple[int, ...]:
        """Return the ids a window's decoding starts from.

        Raises ModelError if the model has no such language; an English-only one has just "en", and
        does not translate.
        """
        if translates and not self.multilingual:
            raise ModelError("task is translate; expected transcribe of an English-only model")
        if not self.multilingual and language == "en":
            return (self.sot,)
        if language not in self.languages:
            known = ", ".join(self.languages) or "en"
            raise ModelError(f"language is {language!r}; expected one of {known}")
        task = self.translate if translates else self.transcribe
        return (self.sot, self.languages[language], task)

    def text(self, tokens: Iterable[int]) -> bytes:
        """Return the text of the tokens, special ones left out. A character may be cut."""
        return b"".join(self.pieces[token] for token in tokens if token < self.eot)


def read(vocabulary: bytes) -> Tokenizer:
    """Parse vocabulary.txt (a token a line) or vocabulary.json (an array of tokens).

    Raises ModelError if it is neither, or a special token is absent.
    """
    names = _names(vocabulary)
    ids = {name: token for token, name in enumerate(names)}

    def special(*spellings: str) -> int:
        for spelling in spellings:
            if spelling in ids:
                return ids[spelling]
        raise ModelError(f"vocabulary of {len(names)} tokens has no {' or '.join(spellings)}")

    eot, sot = special("<|endoftext|>"), special("<|startoftranscript|>")
    translate = special("<|translate|>")
    multilingual = MULTILINGUAL_TOKEN in ids or len(names) >= MULTILINGUAL_SIZE
    languages = names[sot + 1 : translate] if multilingual else []
    return Tokenizer(
        size=len(names),
        pieces=tuple(_bytes_of(name, token) for token, name in enumerate(names[:eot])),
        eot=eot,
        sot=sot,
        transcribe=special("<|transcribe|>"),
        translate=translate,
        start_of_previous=special("<|startofprev|>"),
        no_speech=special("<|nospeech|>", "<|nocaptions|>"),
        no_timestamps=special("<|notimestamps|>"),
        timestamp_begin=special("<|0.00|>"),
        languages={name[2:-2]: ids[name] for name in languages},
    )


def byte_characters() -> dict[int, str]:
    """Return the character by which a vocabulary writes each of the 256 bytes.

    Printable Latin-1 characters stand for themselves, the other 68 bytes for U+0100 and on.
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    shown = {byte: chr(byte) for byte in printable}
    return shown | {byte: chr(0x100 + index) for index, byte in enumerate(others)}


_BYTE_OF = {character: byte for byte, character in byte_characters().items()}


def _names(vocabulary: bytes) -> Sequence[str]:
    try:
        text = vocabulary.decode()
        if not text.startswith("["):
            return text.removesuffix("\n").split("\n")
        names = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"vocabulary is neither lines nor a JSON array: {error}") from error
    for token, name in enumerate(names):
        if not isinstance(name, str):
            raise ModelError(f"vocabulary.json: token {token} is {name!r}; expected a string")
    return list(names)


def _bytes_of(name: str, token: int) -> bytes:
    try:
        return bytes(_BYTE_OF[character] for character in name)
    except KeyError as error:
        raise ModelError(
            f"vocabulary: token {token} is {name!r}; {error} is none of the 256 byte characters"
        ) from error
