"""The tokens of a line: brackets, colons, commas, strings, and any other run of characters."""

from __future__ import annotations

import re

# A backslash takes the next character with it, also outside of strings; a string that begins within
# a run belongs to it and ends it. In a line of JSON neither occurs.
_STRING = rb'"(?:[^"\\\x00-\x1f]|\\[^\x00-\x1f])*"'
_RUN = rb'(?:[^\s"\\{}\[\]:,]|\\["\\]?)+(?:' + _STRING + rb")?"
_TOKEN = re.compile(rb"[{}\[\]:,]|" + _STRING + rb"|" + _RUN)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def tokens(line: bytes) -> list[bytes] | str:
    """Return the tokens of a line, or the reason why it has none: control, utf-8 or string."""
    if _CONTROL.search(line):
        return "control"
    try:
        line.decode()
    except UnicodeDecodeError:
        return "utf-8"
    if _TOKEN.sub(b"", line).strip():
        return "string"  # one that does not end, or has a control character in it
    return _TOKEN.findall(line)
