"""What a string or a number of JSON (RFC 8259) stands for, or that it is none."""

from __future__ import annotations

import json
import math
import re

_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_ESCAPES = re.compile(rb'(?:[^\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*')


def text_of(token: bytes) -> str | None:
    """Return what a token in quotes means, None for a wrong escape or half of a surrogate pair."""
    if not _ESCAPES.fullmatch(token):
        return None
    text: str = json.loads(token)
    return None if any("\ud800" <= c <= "\udfff" for c in text) else text


def is_number(token: bytes) -> bool:
    """Whether a token is a number by RFC 8259, section 6, whatever its size."""
    return _NUMBER.fullmatch(token) is not None


def number_of(token: bytes) -> float | None:
    """Return the double nearest to a number, None where it is none or beyond the largest double."""
    if not is_number(token):
        return None
    value = float(token)
    return value if math.isfinite(value) else None
