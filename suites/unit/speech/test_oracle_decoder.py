"""Encoder and decoder of a tiny model: the cache changes nothing, wrong shapes are refused."""

import numpy as np
import pytest

from asrbench.speech import synthetic
from asrbench.speech.oracle import decoder, encoder, kv_cache, model


def test_a_token_at_a_time_gives_the_logits_of_the_whole_text() -> None:
    whisper = model.read(*synthetic.files(synthetic.TINY, seed=2))
    states = np.random.default_rng(0).standard_normal((16, 8), np.float32)
    tokens = [whisper.tokenizer.sot, 5, 9, 100, 270]
    cross, cache = decoder.cross_kv(whisper.weights, states), kv_cache.empty(whisper.dims)

    steps = [decoder.step(whisper.weights, cross, cache, [token])[0] for token in tokens]

    whole = decoder.logits(whisper.weights, states, tokens)
    np.testing.assert_allclose(np.stack(steps), whole, atol=1e-5)


@pytest.mark.parametrize("tokens", [[], [-1], [282]])
def test_tokens_outside_the_vocabulary_are_refused(tokens: list[int]) -> None:
    whisper = model.read(*synthetic.files(synthetic.TINY))

    with pytest.raises(ValueError, match="expected ids from 0 to 281"):
        decoder.logits(whisper.weights, np.zeros((16, 8), np.float32), tokens)


def test_more_tokens_than_the_text_context_are_refused() -> None:
    whisper = model.read(*synthetic.files(synthetic.TINY))

    with pytest.raises(ValueError, match="65 tokens; expected at most the text context, 64"):
        decoder.logits(whisper.weights, np.zeros((16, 8), np.float32), [1] * 65)


@pytest.mark.parametrize("shape", [(33, 80), (10, 128), (80,)])
def test_a_window_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    whisper = model.read(*synthetic.files(synthetic.TINY))

    with pytest.raises(ValueError, match=r"expected \(at most 32, 80\)"):
        encoder.encode(whisper.weights, np.zeros(shape, np.float32))


def test_layer_norm_divides_by_the_deviation_with_an_epsilon_of_a_hundred_thousandth() -> None:
    weights = model.read(*synthetic.files(synthetic.TINY)).weights
    row = np.array([[0.003, -0.003] * 4], np.float32)  # variance 9e-6

    ours = weights.layer_norm("decoder", row)

    scaled = row / np.sqrt(9e-6 + 1e-5)
    gamma, beta = (weights[f"decoder/layer_norm/{name}"] for name in ("gamma", "beta"))
    np.testing.assert_allclose(ours, scaled * gamma + beta, rtol=1e-4, atol=1e-6)


def test_a_short_window_is_padded_with_nought() -> None:
    whisper = model.read(*synthetic.files(synthetic.TINY))
    mel = np.random.default_rng(0).standard_normal((20, 80), np.float32)

    full = encoder.encode(whisper.weights, np.pad(mel, ((0, 12), (0, 0))))
    np.testing.assert_array_equal(encoder.encode(whisper.weights, mel), full)
