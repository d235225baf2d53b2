"""Any lines at all: the core answers what the oracle does, for any threads, buffers and parts."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from asrbench import _native
from asrbench.errors import Error, OptionError
from asrbench.jsonlog import synthetic
from suites.unit.jsonlog.both import by_feeding, by_file, by_oracle

QUERY: dict[str, Any] = {"by": "model", "value": "ms", "sum": "s", "status": "status"}
CAP = 120
FOLDER = tempfile.TemporaryDirectory()
FILE = Path(FOLDER.name) / "log.jsonl"

numbers = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(lambda value: f"{value:e}"),
    st.from_regex(r"-?[0-9]{1,25}(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?", fullmatch=True),
    st.sampled_from(
        ["1e400", "-1e309", "1e-400", "01", "-", "1.", ".5", "1e", "-0", "-0.0", "NaN"]
    ),
)
texts = st.one_of(
    st.text(max_size=6).map(json.dumps),
    st.text(max_size=6).map(lambda text: json.dumps(text, ensure_ascii=False)),
    st.sampled_from(
        ['"a"', '"b"', '"ok"', '"\\u0061"', '"\\ud83d\\ude00"', '"\\ud800"', '"\\x"', '"a']
    ),
)
scalars = st.one_of(numbers, texts, st.sampled_from(["null", "true", "false", "nul", "tru e"]))
keys = st.one_of(
    st.sampled_from(
        ['"model"', '"ms"', '"s"', '"status"', '"mod\\u0065l"', '"other"', '"x\\q"', "s"]
    ),
    texts,
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda some: f"[{','.join(some)}]"),
        st.lists(st.tuples(keys, inner), max_size=3).map(
            lambda some: "{" + ",".join(f"{key}:{value}" for key, value in some) + "}"
        ),
        st.sampled_from(["[1,,2]", "[1 2]", "{]", "[}", "[", "]", "{1:2}", '{"a"}']),
    ),
    max_leaves=6,
)
typed = {
    '"model"': texts,
    '"ms"': numbers,
    '"s"': numbers,
    '"status"': st.sampled_from(['"ok"', '"error"', "null"]),
}
events = st.fixed_dictionaries({}, optional=typed).map(
    lambda event: "{" + ", ".join(f"{key}: {value}" for key, value in event.items()) + "}"
)
objects = st.lists(st.tuples(keys, values), max_size=5).map(
    lambda some: "{" + ", ".join(f"{key}: {value}" for key, value in some) + "}"
)
pieces = st.lists(
    st.one_of(scalars, keys, st.sampled_from([*'{}[]:,"\\ \t\r', "\f", "\0", "\x1a", "\x7f"])),
    max_size=12,
).map("".join)
bodies = st.one_of(events, objects, pieces).map(lambda body: body.encode("utf-8", "surrogatepass"))
broken = st.tuples(bodies, st.binary(max_size=3), st.integers(0, 30)).map(
    lambda parts: parts[0][: parts[2]] + parts[1] + parts[0][parts[2] :]
)
cut = st.tuples(bodies, st.integers(0, 60)).map(lambda parts: parts[0][: parts[1]])
long = st.integers(CAP - 8, CAP + 8).map(lambda size: b'{"x": "' + b"y" * (size - 9) + b'"}')
deep = st.integers(50, 56).map(lambda depth: b'{"x":' + b"[" * depth + b"]" * depth + b"}")
ends = st.sampled_from([b"\n", b"\n", b"\n", b"\r\n", b"\n\n", b" \n", b""])
logs = st.tuples(
    st.sampled_from([b"", b"", b"\xef\xbb\xbf", b"\xef\xbb", b"\n"]),
    st.lists(st.tuples(st.one_of(bodies, broken, cut, long, deep), ends), max_size=12),
).map(lambda parts: parts[0] + b"".join(body + end for body, end in parts[1]))
conditions = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(["model", "ms", "status"]),
            st.sampled_from(["=", "!="]),
            st.sampled_from(["a", "ok", "1", "true"]),
        ),
        st.tuples(
            st.sampled_from(["s", "ms", "model"]),
            st.sampled_from(["<", "<=", ">", ">="]),
            st.sampled_from(["0", "-1.5", "1e3"]),
        ),
    ),
    max_size=2,
)


@settings(max_examples=400, deadline=None)
@given(logs, conditions, st.booleans(), st.integers(1, 300), st.integers(1, 200))
@example(b'{"model": "a", "ms": 1e308}\n{"model": "a", "ms": -1e308}', [], True, 7, 9)
@example(b'{"s": 1e308}\n{"s": 1e308}\n{"s": -1e308}\n{"s": 5e-324}', [], True, 7, 9)
@example(b'{"s": 1e16}\n{"s": 1.0}\n{"s": -1e16}', [], True, 7, 9)
@example(b'{"other": 1"\\"x,y"}\n{"other": a"b""c"}', [], False, 7, 9)
@example(b'{\\"model": 1}\n{"other": \\"a, "}', [], False, 7, 9)
def test_any_log_is_answered_alike(
    log: bytes, where: list[tuple[str, str, str]], strict: bool, buffer: int, part: int
) -> None:
    query = {**QUERY, "where": where, "strict": strict, "cap": CAP}
    expected = by_oracle(log, **query)
    FILE.write_bytes(log)

    for threads in (1, 2, 3):
        assert by_file(FILE, threads, buffer, part, **query) == expected
    assert by_file(FILE, **query) == expected
    cuts = [log[at : at + part] for at in range(0, len(log), part)]
    assert by_feeding(cuts, buffer, **query) == expected


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=40))
def test_sums_are_exact_in_any_order(numbers: list[float]) -> None:
    log = b"".join(b'{"s": %s}\n' % repr(number).encode() for number in numbers)
    FILE.write_bytes(log)

    assert by_file(FILE, 2, 16, 32, sum="s") == by_oracle(log, sum="s")


@pytest.mark.parametrize("isa", _native.isas())
def test_recognition_events_are_answered_alike(
    isa: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASRBENCH_ISA", isa)
    path = tmp_path / "log.jsonl"
    make: Callable[[int], bytes] = lambda count: b"".join(  # noqa: E731
        line for line, _ in zip(synthetic.events(3), range(count), strict=False)
    )
    log = make(3000)
    path.write_bytes(log)
    query: dict[str, Any] = {**QUERY, "value": "latency_ms", "sum": "audio_s"}
    expected = by_oracle(log, **query)

    assert len(expected["groups"]) == 6
    for threads in (1, 2, 3):
        assert by_file(path, threads, 4096, 100_000, **query) == expected
        assert by_file(path, threads, strict=True, **query) == expected


# Characters that make tokens, more than a word of marks of them: 64 are marked at once.
marked = st.lists(
    st.sampled_from(
        [*'{}[]:,"""\\\\ \t\r', "a", "1", "\u00e9", "\U0001f600", "\f", "\0", "\\" * 63]
    ),
    min_size=60,
    max_size=260,
).map(lambda some: "".join(some).encode())


@settings(max_examples=300, deadline=None)
@given(st.lists(marked, min_size=1, max_size=4), st.sampled_from([b"", b'"', b'"}']))
def test_every_instruction_set_marks_what_the_oracle_does(texts: list[bytes], end: bytes) -> None:
    log = b"".join(b'{"x": "' + text + end + b"\n" for text in texts)
    expected = by_oracle(log, by="x", strict=True), by_oracle(log, by="y")
    FILE.write_bytes(log)

    for isa in _native.isas():
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ASRBENCH_ISA", isa)
            assert (by_file(FILE, by="x", strict=True), by_file(FILE, by="y")) == expected, isa


@pytest.mark.parametrize("isa", _native.isas())
@pytest.mark.parametrize("text", [b'1"a,b"', b'\\"', b'a"b"c', b"\\\\", b'"a""b"'])
def test_tokens_that_no_json_has_are_the_oracles(
    isa: str, text: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASRBENCH_ISA", isa)
    log = b'{"s": %s}\n' % text * 20  # at every place in a word of marks
    FILE.write_bytes(log)

    assert by_file(FILE, sum="s") == by_oracle(log, sum="s")


def test_characters_that_are_not_ascii_are_refused_wherever_they_lie_in_a_word() -> None:
    for at in range(130):
        for wrong in (b"\xff", b"\xc3", b"\xed\xa0\x80"):
            log = b'{"x": "%s%s"}\n' % (b"a" * at + "\u00e9".encode() * (at % 3), wrong)
            FILE.write_bytes(log * 2)

            assert by_file(FILE, by="x")["bad"] == {"utf-8": 2}, (at, wrong)


short = st.one_of(  # what 4 to 8 characters of a number are read by at once, and what is none
    st.text("0123456789", min_size=1, max_size=10),
    st.from_regex(r"-?[0-9]{1,6}\.[0-9]{1,6}", fullmatch=True),
    st.text("0123456789.-", min_size=1, max_size=9),
    st.text("0123456789.-/;+e", min_size=1, max_size=10),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(short, min_size=1, max_size=40))
@example(["1.5", "12.5", "123.5", "1234.5", "12345.5", "123456.5", "1234567.5", "1.234567"])
@example(
    ["0123", "012.5", "0.12", "0.00", "-0.0", "-012", "1234.", ".1234", "1.2.3", "12;4", "1/34"]
)
def test_any_short_number_is_read_as_the_oracle_reads_it(written: list[str]) -> None:
    log = b"".join(b'{"s": %s}\n' % text.encode() for text in written)
    FILE.write_bytes(log)

    assert by_file(FILE, sum="s", value="s") == by_oracle(log, sum="s", value="s")


def test_an_unknown_instruction_set_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASRBENCH_ISA", "abacus")
    FILE.write_bytes(b"{}\n")

    with pytest.raises(OptionError, match='instruction set is "abacus"'):
        by_file(FILE)


def test_a_pipe_is_refused_and_so_is_what_is_not_there(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Error, match="is no regular file"):
        by_file(tmp_path / "pipe")
    with pytest.raises(Error, match="cannot be opened: No such file"):
        by_file(tmp_path / "nothing")
