"""The oracle and CTranslate2 agree on random models of every size of the Whisper family."""

from pathlib import Path

import numpy as np
import pytest

from asrbench.speech import synthetic
from asrbench.speech.oracle import decoder, encoder, log_mel, model, search
from asrbench.speech.oracle.stages import Stages
from suites.unit.family import TEXT_CONTEXT, noise, shortened, sizes


@pytest.mark.parametrize("name", sizes())
def test_states_and_tokens_are_ctranslate2s(name: str, tmp_path: Path) -> None:
    ctranslate2 = pytest.importorskip("ctranslate2")
    shape = shortened(name)
    synthetic.write(tmp_path, shape, seed=3)
    ours = model.load(*(tmp_path / f for f in ("model.bin", "config.json", "vocabulary.txt")))
    theirs = ctranslate2.models.Whisper(str(tmp_path), compute_type="float32", intra_threads=1)
    mel = log_mel.log_mel(noise(4.0), shape.dims.bins)[: shape.dims.frames]

    window = np.pad(mel, ((0, shape.dims.frames - len(mel)), (0, 0)))
    features = ctranslate2.StorageView.from_array(np.ascontiguousarray(window.T[None]))
    encoded = theirs.encode(features)
    states = encoder.encode(ours.weights, mel)

    np.testing.assert_allclose(states, np.array(encoded)[0], atol=1e-4)

    prompt = ours.tokenizer.prompt()
    found = search.greedy(ours, decoder.cross_kv(ours.weights, states), prompt, Stages())
    expected = theirs.generate(
        encoded,
        [list(prompt)],
        beam_size=1,
        max_length=TEXT_CONTEXT,
        return_scores=True,
        return_no_speech_prob=True,
    )[0]

    assert theirs.is_multilingual == ours.tokenizer.multilingual
    assert list(found.tokens) == expected.sequences_ids[0]
    length = len(found.tokens)  # CTranslate2 divides by it, OpenAI by one more
    assert found.avg_log_prob == pytest.approx(expected.scores[0] * length / (length + 1), abs=1e-4)
    assert found.no_speech_prob == pytest.approx(expected.no_speech_prob, rel=1e-3)
