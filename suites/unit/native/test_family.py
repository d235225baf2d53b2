"""The core agrees with CTranslate2 and the oracle on random models of every Whisper shape."""

import numpy as np
import pytest
from numpy.typing import NDArray

from asrbench import ModelError, OptionError, _native
from asrbench.speech import synthetic
from asrbench.speech.oracle import decoder, encoder, model, recognizer
from asrbench.speech.synthetic import SHAPES
from suites.unit.family import TEXT_CONTEXT, noise, shortened, sizes

Floats = NDArray[np.float32]


@pytest.mark.parametrize("name", sizes())
def test_states_logits_and_tokens_are_those_of_the_oracle_and_ctranslate2(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shape = shortened(name)
    files = synthetic.files(shape, seed=3)
    ours, oracle = _native.Model(*files), model.read(*files)
    pcm = noise(min(2.0, 0.02 * shape.dims.audio_context))
    mel = _native.log_mel(pcm, shape.dims.bins)[: shape.dims.frames]

    states = ours.encode(mel)

    expected = encoder.encode(oracle.weights, mel)
    np.testing.assert_allclose(states, expected, atol=2e-4 * np.abs(expected).max())

    tokens = [*oracle.tokenizer.prompt(), oracle.tokenizer.timestamp_begin, 5, 9]
    np.testing.assert_allclose(
        ours.logits(expected, tokens), decoder.logits(oracle.weights, expected, tokens), atol=1e-3
    )

    found = _native.Recognizer(ours).transcribe(pcm)

    assert tuple(found["tokens"]) == recognizer.transcribe(oracle, pcm).tokens

    ctranslate2 = pytest.importorskip("ctranslate2")
    folder = tmp_path_factory.mktemp("model")
    synthetic.write(folder, shape, seed=3)
    peer = ctranslate2.models.Whisper(str(folder), compute_type="float32", intra_threads=1)
    window = np.pad(mel, ((0, shape.dims.frames - len(mel)), (0, 0)))
    theirs = peer.encode(ctranslate2.StorageView.from_array(np.ascontiguousarray(window.T[None])))
    np.testing.assert_allclose(states, np.array(theirs)[0], atol=2e-4 * np.abs(expected).max())
    generated = peer.generate(
        theirs, [list(oracle.tokenizer.prompt())], beam_size=1, max_length=TEXT_CONTEXT
    )
    first_window = generated[0].sequences_ids[0]
    assert found["tokens"][: len(first_window)] == first_window


@pytest.mark.parametrize("isa", _native.isas())
def test_every_instruction_set_finds_the_same_tokens(isa: str) -> None:
    files = synthetic.files(shortened("tiny.en"), seed=4)

    found = _native.Recognizer(_native.Model(*files, isa)).transcribe(noise(1.0))

    expected = _native.Recognizer(_native.Model(*files, "generic")).transcribe(noise(1.0))
    assert found["tokens"] == expected["tokens"]


@pytest.mark.parametrize("dtype", ["f16", "f32"])
def test_weights_of_either_width_serve(dtype: str) -> None:
    files = synthetic.files(synthetic.TINY, seed=5, dtype=dtype)
    ours, oracle = _native.Model(*files), model.read(*files)
    mel = _native.log_mel(noise(0.3))

    np.testing.assert_allclose(ours.encode(mel), encoder.encode(oracle.weights, mel), atol=1e-4)


@pytest.mark.parametrize("name", ["tiny.en", "dims-of-8"])
@pytest.mark.parametrize(("precision", "allowed"), [("int16", 0.03), ("int8", 0.06)])
def test_integers_come_close_to_floats(name: str, precision: str, allowed: float) -> None:
    files = synthetic.files(shortened(name), seed=3)
    exact, rounded = _native.Model(*files), _native.Model(*files, None, precision)
    dims = exact.dims
    mel = _native.log_mel(noise(2.0), dims["bins"])[: 2 * dims["audio_context"]]
    states = exact.encode(mel)
    logits = exact.logits(states, [1, 2, 3])

    lost = rounded.encode(mel) - states
    assert np.sqrt(np.mean(lost**2)) < allowed * np.sqrt(np.mean(states**2))
    lost = rounded.logits(states, [1, 2, 3]) - logits
    assert np.std(lost) < allowed * np.std(logits)


@pytest.mark.parametrize("precision", ["float32", "int16", "int8"])
def test_a_cached_window_full_of_audio_is_a_full_one(precision: str) -> None:
    files = synthetic.files(synthetic.TINY, seed=4)  # its windows have 0.32 s
    heard = noise(0.32)

    found = _native.Recognizer(_native.Model(*files, None, precision, "cached")).transcribe(heard)

    expected = _native.Recognizer(_native.Model(*files, None, precision)).transcribe(heard)
    first = expected["segments"][0]
    assert found["segments"][0] == first


@pytest.mark.parametrize("precision", ["float32", "int16", "int8"])
def test_threads_change_nothing(precision: str) -> None:
    tiny = _native.Model(*synthetic.files(shortened("tiny.en"), seed=6), None, precision)
    mel = _native.log_mel(noise(1.0))

    alone = tiny.encode(mel, threads=1)

    for threads in (2, 3, 7):
        np.testing.assert_array_equal(tiny.encode(mel, threads=threads), alone)


def test_text_is_the_oracles() -> None:
    files = synthetic.files(SHAPES["dims-of-8"], seed=1)
    ours, oracle = _native.Model(*files), model.read(*files)
    tokens = list(range(oracle.tokenizer.size))

    assert ours.text(tokens) == oracle.tokenizer.text(tokens)
    assert ours.multilingual


def test_a_language_that_the_model_lacks_is_refused() -> None:
    multilingual = _native.Recognizer(_native.Model(*synthetic.files(SHAPES["dims-of-8"])))

    with pytest.raises(ModelError, match='language is "xx"'):
        multilingual.transcribe(noise(0.3), _native.Options(language="xx"))


@pytest.mark.parametrize("threads", [-1, 0, 257])
def test_a_strange_number_of_threads_is_refused(threads: int) -> None:
    tiny = _native.Model(*synthetic.files(synthetic.TINY))

    with pytest.raises(OptionError, match=f"threads is {threads}; expected 1 to 256"):
        _native.Recognizer(tiny, threads)


def test_shapes_and_tokens_that_do_not_fit_are_refused() -> None:
    tiny = _native.Model(*synthetic.files(synthetic.TINY))
    states = np.zeros((16, 8), np.float32)

    with pytest.raises(OptionError, match=r"\(33, 80\); expected at most 32 rows of 80"):
        tiny.encode(np.zeros((33, 80), np.float32))
    with pytest.raises(OptionError, match=r"\(15, 8\); expected \(16, 8\)"):
        tiny.logits(states[1:], [1])
    with pytest.raises(OptionError, match="token is 282; expected 0 to 281"):
        tiny.logits(states, [282])
    with pytest.raises(OptionError, match="64 tokens already; expected fewer than 64"):
        tiny.logits(states, [1] * 65)
    with pytest.raises(OptionError, match="token is -1"):
        tiny.text([-1])
