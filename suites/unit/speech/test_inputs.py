"""Inputs are the files of folders in a fixed order, and each has a place for its outputs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from asrbench.errors import AudioError, OptionError
from asrbench.speech.audio import decoded, read
from asrbench.speech.batch import Places
from asrbench.speech.inputs import Input, check_apart, inputs


def touch(folder: Path, *names: str) -> None:
    """Make empty files."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_a_folder_is_its_audio_sorted_and_recursive(tmp_path: Path) -> None:
    touch(tmp_path, "b.WAV", "a.mp3", "notes.txt", ".hidden.wav", "z/c.flac", "y/x/d.ogg")
    touch(tmp_path, ".git/e.wav")

    found = inputs([tmp_path])

    assert [str(one.path.relative_to(tmp_path)) for one in found] == [
        "a.mp3",
        "b.WAV",
        "y/x/d.ogg",
        "z/c.flac",
    ]
    assert [str(one.under) for one in found] == [".", ".", "y/x", "z"]
    assert [one.stem for one in found] == ["a", "b", "d", "c"]


def test_files_come_as_they_are_given_and_each_once(tmp_path: Path) -> None:
    touch(tmp_path, "b.wav", "a.wav", "odd.suffix")
    b, a, odd = (tmp_path / name for name in ("b.wav", "a.wav", "odd.suffix"))

    assert [one.path for one in inputs([b, odd, tmp_path, b])] == [b, odd, a]


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    touch(tmp_path, "a/b.wav")
    (tmp_path / "a" / "round").symlink_to(tmp_path)

    assert len(inputs([tmp_path])) == 1


def test_files_that_differ_in_their_suffix_keep_it(tmp_path: Path) -> None:
    touch(tmp_path, "talk.wav", "talk.mp3", "other.wav")

    assert [one.stem for one in inputs([tmp_path])] == ["other", "talk.mp3", "talk.wav"]


def test_outputs_that_would_be_the_same_are_refused(tmp_path: Path) -> None:
    touch(tmp_path, "one/a.wav", "two/a.wav")
    found = inputs([tmp_path / "one", tmp_path / "two"])

    written = Places(tmp_path / "out", ("srt",)).files
    check_apart(found[:1], written)
    check_apart(found, Places(None, ("srt",)).files)
    with pytest.raises(OptionError, match=r"one/a\.wav.*two/a\.wav"):
        check_apart(found, written)


@pytest.mark.parametrize(
    ("names", "endings"),
    [
        (("talk.wav", "talk.mp3", "talk.mp3.wav"), ("txt",)),
        (("talk.wav", "talk.words.wav"), ("tsv", "words.tsv")),
    ],
)
def test_two_names_that_lead_to_one_file_are_refused(
    tmp_path: Path, names: tuple[str, ...], endings: tuple[str, ...]
) -> None:
    touch(tmp_path, *names)

    with pytest.raises(OptionError, match="both be written"):
        check_apart(inputs([tmp_path]), Places(None, endings).files)


def test_a_name_too_long_for_the_system_is_refused_when_it_is_read(tmp_path: Path) -> None:
    (found,) = inputs([tmp_path / ("a" * 300)])

    with pytest.raises(AudioError, match="no file"):
        found.read()


def test_a_folder_without_audio_is_refused_when_it_is_read(tmp_path: Path) -> None:
    touch(tmp_path, "notes.txt")

    (found,) = inputs([tmp_path])

    for reading in (found.read, found.sha256):
        with pytest.raises(AudioError, match="holds no audio; expected files in"):
            reading()


def test_a_folder_that_cannot_be_read_is_refused_and_the_rest_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locking(folder: str) -> Any:  # a mode would not stop root
        if folder.endswith("locked"):
            raise PermissionError(13, "Permission denied", folder)
        return scandir(folder)

    touch(tmp_path, "a.wav", "locked/b.wav")
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", locking)

    first, second = inputs([tmp_path])

    assert first.refused == ""
    with pytest.raises(AudioError, match=r"cannot read the folder .*locked': Permission denied"):
        second.read()


def test_a_pipe_is_not_read_for_ever(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.wav")

    (found,) = inputs([tmp_path])

    for reading in (found.read, found.sha256):
        with pytest.raises(AudioError, match="is no file"):
            reading()


@pytest.mark.parametrize(
    ("under", "stem"), [("..", "a"), ("/tmp", "a"), ("a/../..", "b"), ("", "a/b")]
)
def test_no_input_leads_out_of_the_folder_of_outputs(under: str, stem: str) -> None:
    with pytest.raises(ValueError, match="expected a place below a folder"):
        Input(Path("a.wav"), Path(under), stem)


def test_what_was_heard_has_a_hash_of_its_own() -> None:
    one, other = (
        Input(Path("-"), Path(), "stdin", np.full(16, value, np.float32)) for value in (0.0, 0.5)
    )

    assert one.sha256() != other.sha256()
    assert one.read() is one.pcm


def test_the_bytes_of_a_file_become_its_pcm(tmp_path: Path) -> None:
    pcm = np.sin(np.arange(800) / 10)
    soundfile.write(tmp_path / "a.flac", pcm, 8000)

    found = decoded((tmp_path / "a.flac").read_bytes(), "the standard input")

    np.testing.assert_array_equal(found, read(tmp_path / "a.flac"))


@pytest.mark.parametrize("data", [b"", b"no audio at all"])
def test_bytes_that_are_no_file_are_refused_by_their_name(data: bytes) -> None:
    with pytest.raises(AudioError, match="the standard input"):
        decoded(data, "the standard input")
