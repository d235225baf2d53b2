"""A line's wanted fields, or why it is bad; the first one of equal keys counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from asrbench.jsonlog.oracle import grammar
from asrbench.jsonlog.oracle.scalars import number_of, text_of
from asrbench.jsonlog.oracle.tokens import tokens

Kind = Literal["absent", "null", "bool", "number", "text", "container"]


@dataclass(frozen=True, slots=True)
class Value:
    """A field: its kind, a text's meaning or else the value as written, the double of a number."""

    kind: Kind
    text: str = ""
    number: float = 0.0

    @property
    def there(self) -> bool:
        """Whether it is neither absent nor null."""
        return self.kind not in ("absent", "null")


Record = Mapping[str, Value]
_ABSENT = Value("absent")
_NO_VALUE = (b"}", b"]", b",", b":", b"")


def read(line: bytes, names: Sequence[str], strict: bool) -> Record | str | None:
    """Return the wanted fields of a line, the reason why it is bad, or None where it is blank."""
    found = tokens(line)
    if isinstance(found, str):
        return found
    if not found:
        return None
    if strict and (bad := grammar.fault(found)):
        return bad
    written = _walk(found, names)
    if isinstance(written, str):
        return written
    record: dict[str, Value] = {}
    for name in names:
        value = _value(written[name]) if name in written else _ABSENT
        if isinstance(value, str):
            return value
        record[name] = value
    return record


def _walk(found: Sequence[bytes], names: Sequence[str]) -> dict[str, bytes] | str:
    """Return the wanted fields as written; of what is passed over only brackets are counted.

    Behind the last of the fields only the line's last token is looked at.
    """
    written: dict[str, bytes] = {}
    if found[0] != b"{":
        return "object"
    rest = [*found, b"", b"", b""]  # behind the last token there is nothing
    at, token = 1, rest[1]
    while token != b"}":
        key, colon, value = rest[at : at + 3]
        if not key.startswith(b'"') or colon != b":" or value in _NO_VALUE:
            return "structure"
        behind = _behind(rest, at + 2)
        if isinstance(behind, str):
            return behind
        if (name := text_of(key)) in names:
            written.setdefault(str(name), value)
        token = rest[behind]
        if token not in (b",", b"}"):
            return "structure"
        at = behind + (token == b",")
        if token == b"," and names and len(written) == len(names):
            return written if found[-1] == b"}" else "structure"
    return "structure" if rest[at + 1] else written


def _behind(rest: Sequence[bytes], at: int) -> int | str:
    """Return the place behind the value that begins at `at`, or why it has no end."""
    depth = 1
    while rest[at]:
        depth += (rest[at] in (b"{", b"[")) - (rest[at] in (b"}", b"]"))
        at += 1
        if depth > grammar.MAX_DEPTH:
            return "depth"
        if depth == 1:
            return at
    return "structure"


def _value(token: bytes) -> Value | str:
    """Return the value that a token stands for, or the reason why it is none."""
    if token.startswith(b'"'):
        text = text_of(token)
        return "string" if text is None else Value("text", text)
    if token in (b"{", b"["):
        return Value("container")
    if token[0] in b"-0123456789":
        number = number_of(token)
        return "number" if number is None else Value("number", token.decode(), number)
    if token == b"null":
        return Value("null")
    return Value("bool", token.decode()) if token in (b"true", b"false") else "structure"
