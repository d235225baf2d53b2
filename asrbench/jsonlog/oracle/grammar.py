"""The whole grammar of a line, for --strict: every token, number and escape, by RFC 8259."""

from __future__ import annotations

from collections.abc import Sequence

from asrbench.jsonlog.oracle.scalars import is_number, text_of

MAX_DEPTH = 256  # objects and arrays within each other, a line's own object counted

_OPENS = {b"{": "first key", b"[": "first value"}  # and what is expected behind
_CLOSES = {b"}": b"{", b"]": b"["}
_VALUES, _KEYS = ("value", "first value"), ("key", "first key")


def fault(tokens: Sequence[bytes]) -> str:
    """Return what is wrong first in a line of these tokens: a reason, or "" for nothing."""
    if tokens[0] != b"{":
        return "object"
    inside: list[bytes] = []
    expected = "value"
    for token in tokens:
        if not inside and expected == "next":
            return "structure"  # behind the object
        if token in _OPENS and expected in _VALUES and len(inside) == MAX_DEPTH:
            return "depth"
        expected = _following(token, expected, inside)
        if not expected:
            return "structure"
        if token[0] not in b"{}[],:" and (bad := _scalar_fault(token)):
            return bad
    return "structure" if inside else ""


def _following(token: bytes, expected: str, inside: list[bytes]) -> str:
    """Return what is expected behind a token, "" where it may not be here; keep `inside`."""
    if token in _OPENS:
        inside.append(token)
        return _OPENS[token] if expected in _VALUES else ""
    if token in _CLOSES:
        opening = inside.pop()
        fits = opening == _CLOSES[token] and expected in ("next", _OPENS[opening])
        return "next" if fits else ""
    if token == b",":
        between = "key" if inside[-1] == b"{" else "value"
        return between if expected == "next" else ""
    if token == b":":
        return "value" if expected == "colon" else ""
    if expected in _KEYS:
        return "colon" if token.startswith(b'"') else ""
    return "next" if expected in _VALUES else ""


def _scalar_fault(token: bytes) -> str:
    if token.startswith(b'"'):
        return "" if text_of(token) is not None else "string"
    if token[0] in b"-0123456789":
        return "" if is_number(token) else "number"
    return "" if token in (b"true", b"false", b"null") else "structure"
