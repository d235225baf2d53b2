"""What is written of a transcript says what it says: to public parsers, whatever the text is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import srt
import webvtt
from hypothesis import example, given
from hypothesis import strategies as st

from asrbench.speech.outputs import FORMATS
from asrbench.speech.outputs.cue import cues, one_line
from asrbench.speech.outputs.kept import Outputs
from asrbench.speech.outputs.whole import draft_of, write_whole
from asrbench.speech.transcript import Segment, Transcript, Word

HOSTILE = (
    "a --> b",
    "--->",
    "<script>alert(1)</script> & <b>bold",
    "two\nlines\n\n7\n00:00:01,000 --> 00:00:02,000\ninjected",
    "\r\n\r\nNOTE x",
    "tab\there\u2028and\u2029there\x85\x0b\x1c",
    "&lt;i&gt; {\\an8}",
    "\ud800 half",
    "\u202eright to left",
    "WEBVTT",
)
TEXTS = st.one_of(st.text(), st.sampled_from(HOSTILE))


def said(*texts: str, words: tuple[Word, ...] = ()) -> Transcript:
    """A transcript of segments of 1.5 s."""
    segments = tuple(
        Segment(1.5 * n, 1.5 * (n + 1), text, (), -0.5, 0.1, words=words)
        for n, text in enumerate(texts)
    )
    return Transcript("".join(texts), (), segments, -0.5, 0.1)


def parsed_vtt(written: str) -> list[webvtt.Caption]:
    """The captions as webvtt-py reads them."""
    captions: list[webvtt.Caption] = webvtt.from_string(written).captions
    return captions


@given(st.lists(TEXTS, max_size=5))
@example(list(HOSTILE))
def test_whatever_is_said_subrip_has_its_cues_and_no_others(texts: list[str]) -> None:
    transcript = said(*texts)

    found = list(srt.parse(FORMATS["srt"](transcript)))

    expected = list(cues(transcript))
    assert [(c.start, c.end) for c in found] == [
        (timedelta(milliseconds=c.start_ms), timedelta(milliseconds=c.end_ms)) for c in expected
    ]
    assert [c.index for c in found] == list(range(1, len(expected) + 1))
    for cue, own in zip(found, expected, strict=True):
        assert "-->" not in cue.content
        assert "<" not in cue.content
        assert "{\\" not in cue.content
        assert letters(cue.content) == letters(own.text)


def letters(text: str) -> str:
    """What of a text no format changes."""
    return "".join(c for c in text if c.isalnum())


@given(st.lists(TEXTS, max_size=5))
@example(list(HOSTILE))
def test_whatever_is_said_webvtt_has_its_cues_and_no_others(texts: list[str]) -> None:
    transcript = said(*texts)

    found = parsed_vtt(FORMATS["vtt"](transcript))

    expected = list(cues(transcript))
    assert [(c.start_time.in_milliseconds(), c.end_time.in_milliseconds()) for c in found] == [
        (c.start_ms, c.end_ms) for c in expected
    ]
    for cue, own in zip(found, expected, strict=True):
        assert not re.search(r"<|>|&(?!amp;|lt;|gt;)", cue.raw_text)
        plain = cue.raw_text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert plain == own.text


@given(st.lists(TEXTS, max_size=5))
@example(list(HOSTILE))
def test_every_row_of_a_table_has_its_columns(texts: list[str]) -> None:
    words = tuple(Word(0.5, 1.0, text, 0.75) for text in texts)
    transcript = said(*texts, words=words)

    rows = FORMATS["tsv"](transcript).split("\n")
    words_rows = FORMATS["words.tsv"](transcript).split("\n")

    assert {row.count("\t") for row in rows[:-1]} == {2}
    assert {row.count("\t") for row in words_rows[:-1]} == {3}
    assert len(words_rows) == len(texts) ** 2 + 2
    assert rows[-1] == words_rows[-1] == ""


@given(st.lists(TEXTS, max_size=5))
@example(list(HOSTILE))
def test_every_format_can_be_written_to_a_file(texts: list[str]) -> None:
    transcript = said(*texts)

    for write in FORMATS.values():
        assert write(transcript).encode().decode() == write(transcript)


def test_times_and_texts_are_written_to_the_millisecond() -> None:
    late = Segment(3661.0015, 3662.25, " Hello, <you>.", (), -0.5, 0.1)
    transcript = Transcript(late.text, (), (late,))

    assert FORMATS["srt"](transcript) == (
        "1\n01:01:01,002 --> 01:01:02,250\nHello, \u2039you>.\n\n"
    )
    assert FORMATS["vtt"](transcript) == (
        "WEBVTT\n\n01:01:01.002 --> 01:01:02.250\nHello, &lt;you&gt;.\n\n"
    )
    assert FORMATS["tsv"](transcript) == "start\tend\ttext\n3661002\t3662250\tHello, <you>.\n"
    assert FORMATS["txt"](transcript) == "Hello, <you>.\n"


def test_a_text_without_segments_is_a_text_and_no_subtitle() -> None:
    transcript = Transcript(" all\nof it ")

    assert FORMATS["txt"](transcript) == "all of it\n"
    assert FORMATS["srt"](transcript) == ""
    assert parsed_vtt(FORMATS["vtt"](transcript)) == []


def test_the_words_of_webvtt_have_their_times_where_these_go_forward() -> None:
    words = (
        Word(0.0, 0.25, " We", 0.9),
        Word(0.25, 0.5, " are", 0.9),
        Word(0.25, 0.75, " <here>", 0.9),
        Word(0.75, 0.75, "-now", 0.9),
        Word(1.5, 1.5, " all.", 0.9),
    )

    written = FORMATS["vtt"](said(" We are <here>-now all.", words=words))

    assert written.splitlines()[3] == ("We <00:00:00.250>are &lt;here&gt;<00:00:00.750>-now all.")
    assert [c.text for c in parsed_vtt(written)] == ["We are &lt;here&gt;-now all."]


def test_a_table_of_words_has_their_probabilities() -> None:
    words = (Word(0.0, 0.25, " We", 0.9), Word(0.25, 0.5, " are", 0.125))

    assert FORMATS["words.tsv"](said(" We are", words=words)) == (
        "start\tend\tprobability\tword\n0\t250\t0.9000\tWe\n250\t500\t0.1250\tare\n"
    )


def test_json_holds_segments_words_and_doubts_and_no_clock() -> None:
    words = (Word(0.0, 0.25, " We", 0.9),)
    slow = Transcript(" We", (7,), said(" We", words=words).segments, -2.0, 0.1, {"encoder": 1.0})

    found = json.loads(FORMATS["json"](slow))

    assert found["schema"] == "asrbench.transcript/1"
    assert found["segments"][0]["words"] == [
        {"start_s": 0.0, "end_s": 0.25, "text": " We", "probability": 0.9}
    ]
    assert found["segments"][0]["doubts"] == []
    assert "stages" not in found  # the same transcript has the same bytes


def test_one_line_is_one_line() -> None:
    assert one_line(" a\r\n b\x00\u2028c\ud800 ") == "a b c"


def test_a_segment_without_length_is_shown_for_a_millisecond() -> None:
    transcript = Transcript("a", (), (Segment(1.0, 1.0, "a", (), 0.0, 0.0),))

    (cue,) = srt.parse(FORMATS["srt"](transcript))

    assert cue.end - cue.start == timedelta(milliseconds=1)


@pytest.mark.parametrize("end_s", [-1.0, 0.5])
def test_a_word_that_runs_backwards_is_refused(end_s: float) -> None:
    with pytest.raises(ValueError, match="expected 0 <= start <= end"):
        Word(1.0, end_s, "a", 0.5)


def test_a_word_of_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match=r"probability is 1\.5; expected 0 to 1"):
        Word(1.0, 2.0, "a", 1.5)


def test_a_file_is_written_whole_and_leaves_no_draft(tmp_path: Path) -> None:
    write_whole(tmp_path / "new" / "a.srt", b"one")
    write_whole(tmp_path / "new" / "a.srt", b"two")

    assert {p.name: p.read_bytes() for p in (tmp_path / "new").iterdir()} == {"a.srt": b"two"}


def test_the_draft_that_a_kill_left_is_used_up(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    draft_of(path).write_bytes(b"half of something longer")

    write_whole(path, b"whole")

    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"a.srt": b"whole"}


@contextmanager
def another_writer(path: Path) -> Iterator[None]:
    """Hold the draft of a file as a process does that writes it."""
    import fcntl

    with draft_of(path).open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def test_two_processes_do_not_write_one_file_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"

    with another_writer(path), pytest.raises(BlockingIOError, match="another process writes"):
        write_whole(path, b"mine")

    assert not path.exists()


def test_an_error_while_writing_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "a.srt"
    write_whole(path, b"before")
    monkeypatch.setattr("os.fsync", full)

    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"after")

    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"a.srt": b"before"}


@pytest.mark.parametrize("change", ["input", "chosen", "touched", "gone", "more", "no record"])
def test_outputs_are_done_while_input_choices_and_files_are_the_same(
    change: str, tmp_path: Path
) -> None:
    outputs = Outputs(tmp_path, "talk", ("txt", "srt"))
    outputs.write("0f", {"precision": "int16"}, {"txt": "a", "srt": "b"})
    before = outputs.done("0f", {"precision": "int16"})
    digest, chosen = "0f", "int16"
    if change == "input":
        digest = "1e"
    elif change == "chosen":
        chosen = "int8"
    elif change == "touched":
        (tmp_path / "talk.srt").write_text("c")
    elif change == "gone":
        (tmp_path / "talk.txt").unlink()
    elif change == "more":
        outputs = Outputs(tmp_path, "talk", ("txt", "srt", "vtt"))
    else:
        outputs.record.unlink()

    assert before
    assert not outputs.done(digest, {"precision": chosen})


@pytest.mark.parametrize("endings", [(), ("txt", "txt")])
def test_outputs_are_some_and_each_once(endings: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected some, each once"):
        Outputs(tmp_path, "talk", endings)
