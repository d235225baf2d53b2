"""The workload: its corpus is made once and the same, its peers answer as the oracle does."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from asrbench import engine
from asrbench.engine import EngineOptions
from asrbench.errors import CorpusError, EngineError
from asrbench.jsonlog import corpus, synthetic, workload
from asrbench.jsonlog.answer import Answer, agree
from asrbench.jsonlog.cases import Work, asks
from asrbench.jsonlog.engines.native import Native
from asrbench.jsonlog.engines.oracle import Oracle

PEERS = ["json", "orjson", "msgspec", "polars", "duckdb", "pysimdjson"]
ONE = EngineOptions()


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> corpus.Log:
    """A synthetic log of 200 kB, in a cache of its own."""
    monkeypatch.setenv("ASRBENCH_CACHE", str(tmp_path))
    (made,) = corpus.find("synthetic:200kB").logs
    return made


@pytest.mark.parametrize("name", ["native", "native-strict", *PEERS])
def test_an_engine_answers_as_the_oracle_does(name: str, log: corpus.Log) -> None:
    try:
        built = engine.build("jsonlog", name, ONE)
    except EngineError as error:
        if "is not installed" not in str(error) and "threads in this process" not in str(error):
            raise
        pytest.skip(str(error))
    expected, found = Oracle(ONE).run(Work(log)), built.run(Work(log))
    built.close()
    check = agree(expected, found)

    assert check.passed, check.detail
    assert [group.key for group in found.groups] == [group.key for group in expected.groups]


def test_two_threads_answer_to_the_last_bit_as_one_does(log: corpus.Log) -> None:
    one, two = (Native(EngineOptions(threads)).run(Work(log)) for threads in (1, 2))

    assert one == two == Oracle(ONE).run(Work(log))


def test_a_synthetic_log_is_the_same_on_every_machine_and_made_once(log: corpus.Log) -> None:
    before = log.path.stat()
    digest = hashlib.sha256(b"".join(islice(synthetic.events(), 300))).hexdigest()

    assert corpus.find("synthetic:200kB").logs == (log,)
    assert log.path.stat() == before
    assert 200_000 <= log.size_bytes < 202_000
    assert digest == "de7ce585198505ac171a20c3d4e4f13dcb2f9d3935856662b031f6d41fc2de1f"


def test_an_event_has_about_540_bytes_of_all_kinds_of_text() -> None:
    lines = list(islice(synthetic.events(), 2000))

    assert 500 < sum(map(len, lines)) / len(lines) < 580
    for piece in (b"\\ud83d\\ude00", "straße".encode(), b"\\n", b'\\"', b": null", b'"tokens": []'):
        assert any(piece in line for line in lines), piece


@pytest.mark.parametrize("name", ["synthetic:0MB", "synthetic:1TB", "synthetic:999GB", "/nowhere"])
def test_a_log_that_cannot_be_had_is_refused(name: str) -> None:
    with pytest.raises(CorpusError, match="expected"):
        corpus.find(name)


def test_an_empty_log_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").touch()
    with pytest.raises(CorpusError, match="is empty"):
        corpus.find(str(tmp_path / "log.jsonl"))


def test_the_head_of_a_long_log_is_its_first_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASRBENCH_CACHE", str(tmp_path))
    (long,) = corpus.find("synthetic:3MB").logs
    head = long.head.read_bytes()

    assert 2_000_000 <= len(head) < 2_002_000
    assert long.path.read_bytes().startswith(head)


class Wrong:
    """An engine whose first group has a line too many."""

    name = "wrong"

    def run(self, item: Work) -> Answer:
        answer = Oracle(ONE).run(item)
        first = replace(answer.groups[0], count=answer.groups[0].count + 1)
        return replace(answer, groups=(first, *answer.groups[1:]))

    def close(self) -> None: ...


class Rounded(Wrong):
    """An engine that says it is exact, and whose sum is off by a bit."""

    def run(self, item: Work) -> Answer:
        answer = Oracle(ONE).run(item)
        first = replace(answer.groups[0], sum=answer.groups[0].sum * (1 + 2**-52))
        return replace(answer, groups=(first, *answer.groups[1:]))


@pytest.mark.parametrize("wrong", [Wrong(), Rounded()])
def test_who_is_wrong_is_refused_before_it_is_timed(wrong: Wrong, log: corpus.Log) -> None:
    (case,) = asks(wrong, corpus.Corpus((log,)), lambda: Oracle(ONE))
    case.prepare()

    with pytest.raises(EngineError, match="group 'base-en' is"):
        case.run()


def test_a_peer_is_asked_only_what_it_can_answer(log: corpus.Log) -> None:
    work = Work(log)
    strict = replace(work, query=replace(work.query, strict=True))
    with pytest.raises(EngineError, match="no conditions"):
        engine.build("jsonlog", "json", ONE).run(strict)


def test_the_cases_are_one_a_log(log: corpus.Log) -> None:
    cases: Sequence[object] = workload.cases(
        Native(ONE), corpus.Corpus((log,)), lambda: Oracle(ONE)
    )

    assert len(cases) == 1
