"""Prepared weights are those of the model, and a cache that is of no use is made again."""

from pathlib import Path

import numpy as np
import pytest

from asrbench import ModelError, OptionError, Recognizer, _native
from asrbench.fuzz import small
from asrbench.speech import prepared, synthetic, weights
from asrbench.speech.prepared import Precision, Windows
from suites.unit.family import noise, shortened

WAYS: list[tuple[Precision, Windows]] = [
    ("int16", "full"),
    ("int8", "full"),
    ("int16", "cached"),
    ("int8", "cached"),
]


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> weights.Weights:
    """Return a small model's files, with a cache of their own."""
    monkeypatch.setenv("ASRBENCH_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "model"
    folder.mkdir()
    synthetic.write(folder, shortened("tiny.en"), seed=3)
    return weights.find(folder)


class SmallFile:
    """The prepared weights of a model of few values, and any bytes in their place."""

    def __init__(self, folder: Path) -> None:
        model_bin, self._config, self._names = small.files()
        self._path = folder / "small.bin"
        made = _native.Model(model_bin, self._config, self._names, None, "int16")
        made.save(str(self._path))
        self.whole = self._path.read_bytes()

    def open(self, contents: bytes | bytearray) -> None:
        """Open a file with these contents."""
        self._path.write_bytes(contents)
        _native.Model.open(str(self._path), self._config, self._names, None, "int16")


@pytest.fixture
def small_file(tmp_path: Path) -> SmallFile:
    return SmallFile(tmp_path)


@pytest.mark.parametrize(("precision", "windows"), WAYS)
def test_what_is_mapped_is_what_was_laid_out(
    found: weights.Weights, precision: Precision, windows: Windows
) -> None:
    laid_out = _native.Model(
        found.model.read_bytes(),
        found.config.read_bytes(),
        found.vocabulary.read_bytes(),
        None,
        precision,
        windows,
    )
    first = prepared.load(found, precision, windows)
    kept = prepared.path_of(found, precision, windows)
    written = kept.stat().st_mtime_ns

    again = prepared.load(found, precision, windows)

    assert kept.stat().st_mtime_ns == written, "it was prepared twice"
    for model in (first, again):
        mel = _native.log_mel(noise(0.5))
        states = laid_out.encode(mel)
        np.testing.assert_array_equal(model.encode(mel), states)
        np.testing.assert_array_equal(model.logits(states, [1, 2]), laid_out.logits(states, [1, 2]))
        heard = noise(1.0)
        expected = _native.Recognizer(laid_out).transcribe(heard)["tokens"]
        assert _native.Recognizer(model).transcribe(heard)["tokens"] == expected


@pytest.mark.parametrize("damage", ["cut", "longer", "another version", "empty"])
def test_a_cache_that_is_of_no_use_is_made_again(found: weights.Weights, damage: str) -> None:
    prepared.load(found)
    kept = prepared.path_of(found, prepared.PRECISION, prepared.WINDOWS)
    whole = kept.read_bytes()
    version = 32  # its offset in the header
    kept.write_bytes(
        {
            "cut": whole[:-1],
            "longer": whole + b"x",
            "another version": whole[:version] + b"\xff" + whole[version + 1 :],
            "empty": b"",
        }[damage]
    )

    prepared.load(found)

    assert kept.read_bytes() == whole


def frames(whole: bytes) -> list[int]:
    """Return where each array's length stands, as the lengths themselves say."""
    places, at = [], 128
    while at < len(whole):
        places.append(at)
        size = int.from_bytes(whole[at : at + 8], "little")
        at += 64 + -(-size // 64) * 64
    assert at == len(whole)
    return places


def test_every_flipped_bit_of_the_framing_is_refused(small_file: SmallFile) -> None:
    bits = [8 * at + bit for at in range(128) for bit in range(8)]
    bits += [8 * at + bit for at in frames(small_file.whole) for bit in range(64)]
    assert len(bits) > 4000
    for bit in bits:
        damaged = bytearray(small_file.whole)
        damaged[bit // 8] ^= 1 << bit % 8

        with pytest.raises(ModelError, match="prepared"):
            small_file.open(damaged)


def test_other_sizes_of_the_same_lengths_are_refused(small_file: SmallFile) -> None:
    heads = 80  # their offset: one head of 4 values, or 4 of 1, need as many bytes as 2 of 2
    assert small_file.whole[heads] == 2
    for other in (1, 4):
        damaged = bytearray(small_file.whole)
        damaged[heads] = other

        with pytest.raises(ModelError, match="header of prepared weights has the checksum"):
            small_file.open(damaged)


def test_a_file_that_ends_anywhere_is_refused(small_file: SmallFile) -> None:
    ends = {end + more for end in frames(small_file.whole) for more in (-1, 0, 1, 8, 63, 64, 65)}
    for end in sorted({0, 1, 127, len(small_file.whole) - 1, *ends}):
        with pytest.raises(ModelError, match="prepared"):
            small_file.open(small_file.whole[:end])


def test_what_is_no_prepared_file_is_refused(small_file: SmallFile) -> None:
    noise_of_length = np.random.default_rng(0).bytes
    for stranger in (b"", b"prepared?", noise_of_length(10**5), small.files()[0], bytes(10**5)):
        with pytest.raises(ModelError, match="prepared"):
            small_file.open(stranger)


def test_other_windows_and_precisions_are_not_taken_for_each_other(found: weights.Weights) -> None:
    files = found.config.read_bytes(), found.vocabulary.read_bytes()
    for precision, windows in WAYS:
        prepared.load(found, precision, windows)
        kept = str(prepared.path_of(found, precision, windows))
        for others in set(WAYS) - {(precision, windows)}:
            with pytest.raises(ModelError, match="prepared"):
                _native.Model.open(kept, *files, None, *others)


def test_a_model_that_changed_is_prepared_anew(found: weights.Weights) -> None:
    before = prepared.path_of(found, "int16", "full")
    synthetic.write(found.folder, shortened("tiny.en"), seed=4)

    assert prepared.path_of(weights.find(found.folder), "int16", "full") != before


def test_what_was_prepared_of_an_older_file_is_removed(
    found: weights.Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    for precision in ("int16", "int8"):
        prepared.load(found, precision)
    monkeypatch.setattr(_native, "PREPARED_VERSION", _native.PREPARED_VERSION + 1)
    prepared.load(found, "int16")
    synthetic.write(found.folder, shortened("tiny.en"), seed=4)
    changed = weights.find(found.folder)

    prepared.load(changed, "int16")

    kept = prepared.path_of(changed, "int16", "full")
    left = {path.name.partition("-")[0] for path in kept.parent.iterdir()}
    monkeypatch.undo()
    assert sorted(kept.parent.glob(f"{kept.stem.partition('-')[0]}-*")) == [kept]
    assert len(left) == 2, "the other precision's stay"


def test_a_cache_that_cannot_be_written_is_done_without(
    found: weights.Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("ASRBENCH_CACHE", str(tmp_path / "file"))

    assert Recognizer(found.folder).transcribe_pcm(noise(0.5)) is not None


def test_what_was_prepared_is_not_written_again(found: weights.Weights) -> None:
    opened = prepared.load(found)
    path = prepared.path_of(found, prepared.PRECISION, prepared.WINDOWS)

    with pytest.raises(OptionError, match="prepared already"):
        opened.save(str(path))

    assert prepared.load(found).dims == opened.dims


def test_nothing_is_left_where_writing_was_interrupted(
    found: weights.Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prepared.load(found)

    kept = prepared.path_of(found, prepared.PRECISION, prepared.WINDOWS).parent
    assert list(kept.iterdir()) == []


def test_a_header_of_float32_is_refused(found: weights.Weights) -> None:
    prepared.load(found)
    kept = prepared.path_of(found, prepared.PRECISION, prepared.WINDOWS)
    whole = bytearray(kept.read_bytes())
    whole[40] = 0  # the precision
    kept.write_bytes(whole)

    with pytest.raises(ModelError, match="expected no float32"):
        _native.Model.open(
            str(kept), found.config.read_bytes(), found.vocabulary.read_bytes(), None, "float32"
        )


def test_float32_is_not_prepared(found: weights.Weights) -> None:
    model = prepared.load(found, "float32")

    assert not prepared.path_of(found, "float32", "full").exists()
    with pytest.raises(OptionError, match="float32 are not prepared"):
        model.save("unused")


def test_a_word_that_is_no_choice_is_refused(found: weights.Weights) -> None:
    with pytest.raises(OptionError, match=r"windows is .half.; expected full or cached"):
        Recognizer(found.folder, windows="half")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match=r"precision is .int4."):
        Recognizer(found.folder, precision="int4")  # type: ignore[arg-type]
