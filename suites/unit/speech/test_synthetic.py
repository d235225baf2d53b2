"""Random models are valid files of any size, and the same seed writes the same bytes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from asrbench.speech import synthetic
from asrbench.speech.oracle import model, tokenizer, weights
from asrbench.speech.synthetic import SHAPES, TINY


def test_the_tiny_model_is_a_few_kilobytes() -> None:
    assert len(synthetic.model_bin(TINY)) < 32_000


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others() -> None:
    assert synthetic.model_bin(TINY, seed=5) == synthetic.model_bin(TINY, seed=5)
    assert synthetic.model_bin(TINY, seed=5) != synthetic.model_bin(TINY, seed=6)


@pytest.mark.parametrize("name", ["dims-of-8", "dims-of-8.en"])
@pytest.mark.parametrize("dtype", ["f16", "f32"])
def test_a_written_model_reads_back_with_its_sizes(name: str, dtype: str, tmp_path: Path) -> None:
    synthetic.write(tmp_path, SHAPES[name], dtype=dtype)

    read = model.load(*(tmp_path / f for f in ("model.bin", "config.json", "vocabulary.txt")))

    assert read.dims == SHAPES[name].dims
    assert read.tokenizer.multilingual == SHAPES[name].multilingual


def test_float16_is_float32_rounded() -> None:
    exact, rounded = (weights.read(synthetic.model_bin(TINY, 0, d)) for d in ("f32", "f16"))

    for name, values in exact.arrays.items():
        np.testing.assert_array_equal(values.astype(np.float16), rounded[name])


@pytest.mark.parametrize("name", SHAPES)
def test_a_vocabulary_has_the_size_and_the_timestamps_of_its_model(name: str) -> None:
    shape = SHAPES[name]
    ids = tokenizer.read(synthetic.vocabulary_txt(shape))

    assert ids.size == shape.dims.vocabulary
    assert ids.size - ids.timestamp_begin == shape.dims.audio_context + 1
    assert ids.eot == shape.words


def test_the_multilingual_ids_are_those_openai_published() -> None:
    ids = tokenizer.read(synthetic.vocabulary_txt(SHAPES["large-v3"]))

    assert (ids.eot, ids.sot, ids.languages["en"], ids.transcribe) == (50257, 50258, 50259, 50360)
    assert (ids.no_speech, ids.no_timestamps, ids.timestamp_begin) == (50363, 50364, 50365)


def test_a_cut_keeps_at_most_so_many_layers_of_either_side() -> None:
    cut = SHAPES["turbo"].cut(8).dims

    assert (cut.encoder_layers, cut.decoder_layers) == (8, 4)
    assert replace(cut, encoder_layers=32) == SHAPES["turbo"].dims


def test_an_unknown_dtype_is_refused() -> None:
    with pytest.raises(ValueError, match="dtype is 'f8'"):
        synthetic.model_bin(TINY, dtype="f8")


def test_a_vocabulary_without_room_for_the_bytes_is_refused() -> None:
    with pytest.raises(ValueError, match="leaves 255 words; expected"):
        replace(TINY, dims=replace(TINY.dims, vocabulary=TINY.dims.vocabulary - 1))


def test_the_command_writes_the_three_files(tmp_path: Path) -> None:
    out = tmp_path / "model"
    synthetic.main([str(out), "--shape", "dims-of-8", "--layers", "1", "--seed", "4"])

    names = sorted(path.name for path in out.iterdir())
    assert names == ["config.json", "model.bin", "vocabulary.txt"]
    assert (out / "model.bin").read_bytes() == synthetic.model_bin(SHAPES["dims-of-8"].cut(1), 4)


def test_an_unknown_shape_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        synthetic.main([str(tmp_path), "--shape", "huge"])

    assert "invalid choice: 'huge'" in capsys.readouterr().err
