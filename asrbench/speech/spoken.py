"""Numbers and dates as people say and recognizers write them, in English: as regular expressions.

Each repetition is bounded and begins with a word of a closed list, so that they take time linear in
the text.
"""

from __future__ import annotations

import re


def _listed(words: str) -> list[str]:
    return words.split()


_UNITS = _listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = _listed("twenty thirty forty fifty sixty seventy eighty ninety")
_SMALL = {word: number for number, word in enumerate(_UNITS)}
_SMALL |= {word: 10 * number for number, word in enumerate(_TENS, start=2)}
_LARGE = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_ORDINALS = _listed(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth"
)
_MONTHS = _listed(
    "january february march april may june july august september october november december"
)
_DAYS = _listed("monday tuesday wednesday thursday friday saturday sunday")

_WORD = "|".join([*sorted(_SMALL, key=len, reverse=True), "hundred", *_LARGE])
_AND = "|".join(rf"(?<={word}) and " for word in ["hundred", *_LARGE])  # "one and two" are two
_SAID = rf"(?:{_WORD})(?:(?:[ -]|{_AND})(?:{_WORD}))" + "{0,12}"
_DIGITS = r"\d{1,3}(?:,\d{3}){1,4}(?!\d)(?:\.\d{1,9})?|\d{1,15}(?:\.\d{1,9})?"
_POINT = rf"(?: point(?: (?:{'|'.join(_UNITS[:10])})){{1,9}})?"

NUMBER = rf"(?<![\w.,])-?(?:{_DIGITS})(?!\w)|\b(?:{_SAID}{_POINT})\b"
"""A number in digits, "1,250.5", or in words, "twenty-five thousand and three point one"."""

_MONTH = "|".join(_MONTHS)
_NTH = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|(?:(?:twenty|thirty)[ -])?(?:{'|'.join(_ORDINALS)}))"
_YEAR = r"(?:,? (?:of )?\d{4})?"

DATE = (
    r"\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{2,4}"
    rf"|(?:{_MONTH}) (?:the )?{_NTH}{_YEAR}|(?:the )?{_NTH} (?:of )?(?:{_MONTH}){_YEAR}"
    rf"|(?:(?:next|this|last|on) )?(?:{'|'.join(_DAYS)})|today|tomorrow|yesterday)\b"
)
"""A date: "2026-11-23", "March the third, 2024", "23rd of November", "next Monday", "tomorrow"."""


def number(text: str) -> float:
    """Return what a text that NUMBER matches stands for: "two hundred and five" is 205.

    Digits said one after another, "four two", are read as such: 42; so are pairs of digits,
    "nineteen eighty four". Raises ValueError for another text.
    """
    plain = text.casefold().replace(",", "")
    if re.fullmatch(r"-?[\d.]+", plain):
        return float(plain)
    whole, _, part = plain.partition(" point ")
    words = [word for word in re.split(r"[ -]", whole) if word != "and"]
    if len(words) > 1 and all(_SMALL.get(word, 10) < 10 for word in words):
        value = float("".join(str(_SMALL[word]) for word in words))
    else:
        value = _whole(words)
    digits = "".join(str(_SMALL[word]) for word in part.split())
    return value + (float(f"0.{digits}") if digits else 0.0)


def _whole(words: list[str]) -> float:
    total = group = 0
    for word in words:
        if word in _SMALL:
            tens = group % 100 >= 20 and group % 10 == 0 and 0 < _SMALL[word] < 10
            if group % 100 and not tens:  # "nineteen eighty": the next pair of digits
                group *= 100
            group += _SMALL[word]
        elif word == "hundred":
            group = max(group, 1) * 100
        elif word in _LARGE:
            total += max(group, 1) * _LARGE[word]
            group = 0
        else:
            raise ValueError(f"{word!r} is no number; expected words such as 'twenty'")
    return float(total + group)
