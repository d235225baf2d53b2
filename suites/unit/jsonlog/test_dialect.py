"""Every row of the dialect's table: what a line is, and what --strict adds."""

from __future__ import annotations

from pathlib import Path

import pytest

from asrbench import _native
from asrbench.jsonlog.oracle.aggregate import aggregate

J = _native.jsonlog
SOUND = b'{"model": "a", "n": 1}'
CAP = 400

# id: a line without its newline, then why it is bad: without --strict, with it ("" is sound)
ROWS: dict[str, tuple[bytes, str, str]] = {
    "an object": (SOUND, "", ""),
    "an empty object": (b"{}", "", ""),
    "white space around it": (b' \t{ "model" : "a" } \r', "", ""),
    "a number": (b"3", "object", "object"),
    "an array": (b'["model"]', "object", "object"),
    "a text": (b"model=a n=1", "object", "object"),
    "nothing behind the object": (SOUND + b" {}", "structure", "structure"),
    "no comma": (b'{"model": "a" "n": 1}', "structure", "structure"),
    "a comma too many": (b'{"model": "a",}', "structure", "structure"),
    "a key without quotes": (b'{model: "a"}', "structure", "structure"),
    "a string without its end": (b'{"model": "a', "string", "string"),
    "a bare tab in a string": (b'{"model": "a\tb"}', "string", "string"),
    "a null character": (b'{"model": "a\x00b"}', "control", "control"),
    "a form feed between tokens": (b'{"model":\x0c"a"}', "control", "control"),
    "no UTF-8": (b'{"model": "\xff"}', "utf-8", "utf-8"),
    "half a surrogate as UTF-8": (b'{"x": "\xed\xa0\x80"}', "utf-8", "utf-8"),
    "a wrong escape that is read": (b'{"model": "\\x"}', "string", "string"),
    "a wrong escape that is not": (b'{"other": "\\x"}', "", "string"),
    "half a surrogate escaped": (b'{"model": "\\ud800"}', "string", "string"),
    "a pair of surrogates": (b'{"model": "\\ud83d\\ude00"}', "", ""),
    "an escaped key": (b'{"\\u006dodel": "b"}', "", ""),
    "equal keys, the first counts": (b'{"n": 1, "n": "x", "model": "a", "model": []}', "", ""),
    "equal keys, the first is wrong": (b'{"n": "x", "n": 1}', "type", "type"),
    "wrong behind all that is read": (b'{"n": 1, "model": "a", "x" 3, }', "", "structure"),
    "cut off behind all that is read": (b'{"n": 1, "model": "a", "x": 3', "structure", "structure"),
    "a huge number": (b'{"n": 1e400}', "number", "number"),
    "a huge number that is not read": (b'{"other": 1e400}', "", ""),
    "a large integer": (b'{"n": 123456789012345678901234567890}', "", ""),
    "a tiny number": (b'{"n": 1e-400}', "", ""),
    "a number with a leading zero": (b'{"n": 01}', "number", "number"),
    "such a one that is not read": (b'{"other": 01}', "", "number"),
    "NaN": (b'{"n": NaN}', "structure", "structure"),
    "a word that is no literal": (b'{"other": nul}', "", "structure"),
    "brackets that do not match": (b'{"other": [1, {2]}}', "", "structure"),
    "brackets that do not end": (b'{"other": [1, 2}', "structure", "structure"),
    "a wrong array that is not read": (b'{"other": [1,,2]}', "", "structure"),
    "a text for a number": (b'{"n": "1"}', "type", "type"),
    "an object for a number": (b'{"n": {}}', "type", "type"),
    "an array to group by": (b'{"model": []}', "type", "type"),
    "a number to group by": (b'{"model": 1.50}', "", ""),
    "null and absent": (b'{"n": null}', "", ""),
    "as deep as may be": (b'{"x":' + b"[" * 255 + b"]" * 255 + b"}", "", ""),
    "too deep": (b'{"x":' + b"[" * 256 + b"]" * 256 + b"}", "depth", "depth"),
    "too long": (b'{"x": "' + CAP * b"x" + b'"}', "long", "long"),
    "a byte order mark within the log": (b"\xef\xbb\xbf" + SOUND, "object", "object"),
}


def asked(log: bytes, strict: bool, folder: Path, cap: int = 2000) -> list[tuple[int, str]]:
    """The bad lines of a log by the core, and by the oracle, which say the same."""
    path = folder / "log.jsonl"
    path.write_bytes(log)
    query = J.Query(by="model", value="n", strict=strict, cap=cap)
    found = [(line, reason) for line, reason, _ in J.Log(query).scan(str(path))["first_bad"]]
    by_oracle = aggregate(
        log.splitlines(keepends=True) if b"\r" not in log else _lines(log),
        by="model",
        value="n",
        strict=strict,
        cap=cap,
    )
    assert found == by_oracle.bad
    return found


def _lines(log: bytes) -> list[bytes]:
    """Lines by newlines alone."""
    return [line + b"\n" for line in log.split(b"\n")[:-1]] + [
        line for line in log.split(b"\n")[-1:] if line
    ]


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("row", ROWS)
def test_a_line_is_what_the_table_says(row: str, strict: bool, tmp_path: Path) -> None:
    line, lenient_reason, strict_reason = ROWS[row]
    reason = strict_reason if strict else lenient_reason
    log = b"\n".join([SOUND, line, SOUND, b""])
    cap = CAP if row == "too long" else 2000

    assert asked(log, strict, tmp_path, cap) == ([(2, reason)] if reason else [])
