"""A corpus is read whole and checked line by line before anybody measures on it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from asrbench.errors import CorpusError
from asrbench.speech import audio, corpus
from asrbench.speech.corpus import asterisk
from asrbench.speech.corpus.records import Corpus, Utterance


def sound(path: Path, seconds: float = 0.5) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.linspace(-0.5, 0.5, round(seconds * 16_000)), 16_000)
    return path


def manifest(folder: Path, *lines: object) -> Path:
    path = folder / "my.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def silent(id_: str, duration_s: float = 1.0) -> Utterance:
    return Utterance(id_, duration_s, None, lambda: np.zeros(1, np.float32))


def test_a_manifest_is_read_with_paths_beside_it(tmp_path: Path) -> None:
    sound(tmp_path / "audio" / "a.wav")
    sound(tmp_path / "audio" / "b.wav")
    path = manifest(
        tmp_path,
        {"audio_filepath": "audio/a.wav", "duration": 0.5, "text": "Hello.", "licence": "CC0"},
        {"audio_filepath": "audio/b.wav", "duration": 0.5, "speaker": "somebody"},
    )

    found = corpus.find(path)

    assert found.name == "my"
    assert found.licence == "CC0"
    assert [(u.id, u.reference) for u in found.utterances] == [("a", "Hello."), ("b", None)]
    assert found.utterances[0].pcm().size == 8000


def test_an_offset_cuts_its_part_out_of_a_longer_file(tmp_path: Path) -> None:
    whole = audio.read(sound(tmp_path / "long.wav", 2.0))
    parts = [{"audio_filepath": "long.wav", "duration": 0.25, "offset": at} for at in (0, 1.5)]

    first, second = corpus.find(manifest(tmp_path, *parts)).utterances

    assert (first.id, second.id) == ("long@0", "long@1.5")
    np.testing.assert_array_equal(first.pcm(), whole[:4000])
    np.testing.assert_array_equal(second.pcm(), whole[24_000:28_000])


def test_files_of_one_name_in_two_folders_keep_their_folders_in_the_id(tmp_path: Path) -> None:
    sound(tmp_path / "a" / "1.wav")
    sound(tmp_path / "b" / "1.wav")
    lines = [{"audio_filepath": f"{folder}/1.wav", "duration": 0.5} for folder in "ab"]

    found = corpus.find(manifest(tmp_path, *lines))

    assert [u.id for u in found.utterances] == ["a/1.wav", "b/1.wav"]


def test_a_folder_with_a_manifest_is_named_after_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    sound(folder / "a.wav")
    manifest(folder, {"audio_filepath": "a.wav", "duration": 0.5}).rename(folder / "manifest.jsonl")

    assert corpus.find(folder).name == "mine"


GOOD = {"audio_filepath": "a.wav", "duration": 0.5}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "my.jsonl:2: .*expected a JSON object"),
        ("[" * 100_000, "my.jsonl:2: .*expected a JSON object"),
        ("[1]", "my.jsonl:2: .*expected a JSON object"),
        ({"duration": 1}, "my.jsonl:2: audio_filepath is None; expected the name"),
        (GOOD | {"audio_filepath": ""}, "my.jsonl:2: audio_filepath is ''"),
        (GOOD | {"audio_filepath": "nul\0"}, "my.jsonl:2: audio_filepath is"),
        (GOOD | {"audio_filepath": "gone.wav"}, "my.jsonl:2: .*gone.wav' is not there"),
        (GOOD | {"audio_filepath": 3}, "my.jsonl:2: audio_filepath is 3; expected a string"),
        ({"audio_filepath": "a.wav"}, "my.jsonl:2: duration is None"),
        (GOOD | {"duration": 0}, "my.jsonl:2: duration is 0"),
        (GOOD | {"duration": -1}, "my.jsonl:2: duration is -1"),
        (GOOD | {"duration": "1"}, "my.jsonl:2: duration is '1'; expected 0 to 100000000 seconds"),
        (GOOD | {"duration": True}, "my.jsonl:2: duration is True"),
        (GOOD | {"duration": float("nan")}, "my.jsonl:2: duration is nan"),
        (GOOD | {"offset": float("inf")}, "my.jsonl:2: offset is inf"),
        (GOOD | {"text": ["a"]}, "my.jsonl:2: text is .*; expected a string"),
        (GOOD, r"my.jsonl:2: 'a' again, after .*my.jsonl:1; expected unique names"),
    ],
)
def test_a_bad_line_of_a_manifest_is_named(tmp_path: Path, line: object, reason: str) -> None:
    sound(tmp_path / "a.wav")
    path = manifest(tmp_path, GOOD)
    with path.open("a") as file:
        file.write(line if isinstance(line, str) else json.dumps(line))

    with pytest.raises(CorpusError, match=reason):
        corpus.find(path)


def test_a_manifest_without_lines_or_of_other_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n\n")
    with pytest.raises(CorpusError, match="no line; expected at least one utterance"):
        corpus.find(path)

    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CorpusError, match="cannot read manifest"):
        corpus.find(path)


def librispeech(root: Path, text: str) -> Path:
    folder = root / "test-clean"
    chapter = folder / "1089" / "134686"
    sound(chapter / "1089-134686-0000.flac", 0.5)
    sound(chapter / "1089-134686-0001.flac", 0.25)
    (chapter / "1089-134686.trans.txt").write_text(text)
    return folder


def test_a_librispeech_folder_is_read_with_durations_from_its_files(tmp_path: Path) -> None:
    folder = librispeech(tmp_path, "1089-134686-0000 HE HOPED\n1089-134686-0001 STUFF IT\n")

    found = corpus.find(folder)

    assert found.name == "test-clean"
    assert [(u.id, u.reference, u.duration_s) for u in found.utterances] == [
        ("1089-134686-0000", "HE HOPED", 0.5),
        ("1089-134686-0001", "STUFF IT", 0.25),
    ]
    assert found.utterances[1].pcm().size == 4000


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1089-134686-0000 A\n1089-134686-0001\n", "trans.txt:2: .*expected an id and a text"),
        ("1089-134686-0009 A\n", "trans.txt:1: .*0009.flac.*expected"),
    ],
)
def test_a_bad_line_of_librispeech_is_named(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(CorpusError, match=reason):
        corpus.find(librispeech(tmp_path, text))


def prompts(folder: Path, text: str) -> Corpus:
    for name in ("hello", "beep", "digits/1"):
        file = folder / f"{name}.g722"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(bytes(8000))
    texts = folder / "texts.gz"
    texts.write_bytes(gzip.compress(text.encode()))
    return asterisk.read_asterisk(folder, texts)


def test_asterisk_prompts_keep_what_is_said_and_leave_out_what_is_only_heard(
    tmp_path: Path,
) -> None:
    found = prompts(
        tmp_path,
        "; Sounds\n\nhello: Hello... there. (tone plays)\nbeep: [a beep]\ndigits/1: one\n",
    )

    assert [(u.id, u.reference, u.duration_s) for u in found.utterances] == [
        ("hello", "Hello there.", 1.0),
        ("digits/1", "one", 1.0),
    ]


def test_g722_decodes_to_two_values_a_byte(tmp_path: Path) -> None:
    pytest.importorskip("av", reason="PyAV is in the extra [asterisk]")
    utterance, *_ = prompts(tmp_path, "hello: Hello").utterances

    assert utterance.pcm().size == 16_000


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hello: a\nno colon here\n", "texts.gz:2: .*expected 'name: text'"),
        ("gone: Gone away.\n", "texts.gz:1: .*gone.g722' is not there; .*apt-get install"),
    ],
)
def test_a_bad_line_of_the_asterisk_texts_is_named(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(CorpusError, match=reason):
        prompts(tmp_path, text)


def test_without_the_asterisk_packages_the_command_that_gets_them_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="apt-get install asterisk-core-sounds-en "):
        asterisk.read_asterisk(tmp_path, tmp_path / "texts.gz")


def test_debians_prompts_are_all_there_where_they_are_installed() -> None:
    here = {known.name: known.available for known in corpus.known()}
    if not here["asterisk"]:
        pytest.skip(f"Debian's prompts are not installed: {asterisk.HOW_TO_GET}")

    found = corpus.find("asterisk")

    assert len(found.utterances) == 551
    assert found.utterances[0].pcm().size == 17_024


def test_corpora_with_a_plus_between_them_are_one() -> None:
    alone = corpus.find("embedded")

    both = corpus.find(f"embedded+{alone_manifest()}")

    assert len(both.utterances) == 2 * len(alone.utterances)
    assert both.utterances[0].id == f"embedded/{alone.utterances[0].id}"
    assert both.utterances[-1].reference == alone.utterances[-1].reference
    assert alone.licence in both.licence


@pytest.mark.parametrize("names", ["embedded+embedded", "embedded+", "+"])
def test_corpora_that_are_no_sum_are_refused(names: str) -> None:
    with pytest.raises(CorpusError, match="expected different names"):
        corpus.find(names)


def alone_manifest() -> Path:
    """Return the path of the embedded corpus."""
    return Path(corpus.__file__).parents[1] / "embedded" / "manifest.jsonl"


def test_an_unknown_corpus_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    for unknown in ("nonsense", tmp_path):
        with pytest.raises(CorpusError, match="expected one of embedded, asterisk, speech-dev"):
            corpus.find(unknown)


def test_every_known_corpus_says_where_it_is_and_how_to_get_it() -> None:
    for known in corpus.known():
        assert known.where
        assert known.how_to_get
        if known.available:
            assert corpus.find(known.name).name == known.name


def test_a_corpus_needs_a_name_and_different_utterances() -> None:
    with pytest.raises(CorpusError, match="'empty' has no utterance"):
        Corpus("empty", (), "")
    with pytest.raises(CorpusError, match="'twins' has the id 'a' twice"):
        Corpus("twins", (silent("a"), silent("a")), "")
    with pytest.raises(CorpusError, match="empty name"):
        Corpus("", (silent("a"),), "")


@pytest.mark.parametrize("duration_s", [0.0, -1.0, float("nan"), float("inf")])
def test_an_utterance_needs_a_name_and_a_length(duration_s: float) -> None:
    with pytest.raises(CorpusError, match="'a' has duration"):
        silent("a", duration_s)
    with pytest.raises(CorpusError, match="empty id"):
        silent("")


def test_the_length_of_a_corpus_is_the_sum_of_its_utterances() -> None:
    assert Corpus("c", (silent("a", 1.5), silent("b", 2.0)), "").duration_s == 3.5


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ('{"audio_filepath": "a.wav", "duration": 1%s}' % ("0" * 400), "expected 0 to 100000000"),
        ('{"audio_filepath": "a.wav", "duration": 1, "offset": 1e308}', "expected 0 to 100000000"),
        ('{"audio_filepath": "%s.wav", "duration": 1}' % ("x" * 300), "expected an audio file"),
    ],
)
def test_what_fuzzing_found_in_manifests_is_refused(
    tmp_path: Path, entry: str, reason: str
) -> None:
    (tmp_path / "m.jsonl").write_text(entry)

    with pytest.raises(CorpusError, match=reason):
        corpus.find(str(tmp_path / "m.jsonl"))
