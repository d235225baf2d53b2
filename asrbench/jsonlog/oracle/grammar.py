"""The whole grammar of a line, for --strict: every token, number and escape, by RFC 8259."""

from __future__ import annotations

from collections.abc import Sequence

from asrbench.jsonlog.oracle.scalars import is_number, text_of

MAX_DEPTH = 256  # objects and arrays within each other, a line's own object counted


def fault(tokens: Sequence[bytes]) -> str:
    """Return what is wrong first in a line of these tokens: a reason, or "" for nothing."""
    if tokens[0] != b"{":
        return "object"
    inside: list[bytes] = []
    expected = "value"
    for token in tokens:
        if not inside and expected == "next":
            return "structure"  # behind the object
        if token in (b"{", b"[") and expected in ("value", "first value"):
            if len(inside) == MAX_DEPTH:
                return "depth"
            inside.append(token)
            expected = "first key" if token == b"{" else "first value"
        elif token in (b"}", b"]"):
            opening, empty = (b"{", "first key") if token == b"}" else (b"[", "first value")
            if expected not in ("next", empty) or inside.pop() != opening:
                return "structure"
            expected = "next"
        elif token == b",":
            if expected != "next":
                return "structure"
            expected = "key" if inside[-1] == b"{" else "value"
        elif token == b":":
            if expected != "colon":
                return "structure"
            expected = "value"
        else:
            key = expected in ("key", "first key") and token.startswith(b'"')
            if not key and (expected not in ("value", "first value") or token in (b"{", b"[")):
                return "structure"
            if bad := _scalar_fault(token):
                return bad
            expected = "colon" if key else "next"
    return "structure" if inside else ""


def _scalar_fault(token: bytes) -> str:
    if token.startswith(b'"'):
        return "" if text_of(token) is not None else "string"
    if token[0] in b"-0123456789":
        return "" if is_number(token) else "number"
    return "" if token in (b"true", b"false", b"null") else "structure"
