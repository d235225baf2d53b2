"""The recognizer's parts as Cases of milliseconds, for the gate: a whole window takes too long.

The layers have tiny.en's sizes and random weights, so that they are there without a download; the
utterances need the real ones, and are absent where they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from asrbench import _native
from asrbench.engine import EngineOptions
from asrbench.errors import ModelError
from asrbench.speech import corpus, synthetic, weights
from asrbench.speech.cases import (
    MEL_TOLERANCE,
    STATES_TOLERANCE,
    Floats,
    Stage,
    transcriptions,
)
from asrbench.speech.engines.native import Native, float32, int16_cached
from asrbench.speech.oracle.decoder import logits
from asrbench.speech.oracle.encoder import encode
from asrbench.speech.oracle.log_mel import log_mel
from asrbench.speech.oracle.weights import Weights, read
from asrbench.speech.scoring import score
from asrbench.workload import Case

_STATES = 236  # encoder states of the audio below
_SECONDS = 4.72
_SHORT_S = 1.0
_WORDS = 2048  # the vocabulary's product is a case of its own, in the kernels
_TOKENS = 4
_BINS = 80
_UTTERANCE = "light"  # of the embedded corpus


def parts() -> Sequence[Case[Any]]:
    """Return log-mel, an encoder layer, a decoder layer, and an utterance in two ways."""
    shape = synthetic.SHAPES["tiny.en"].cut(1)
    words = _WORDS - 300 + _STATES + 1
    shape = replace(shape, dims=replace(shape.dims, audio_context=_STATES, vocabulary=words + 300))
    files = synthetic.files(shape, seed=1)
    native = _native.Model(*files, None, "int16")
    known = read(files[0])
    chance = np.random.default_rng(1)
    pcm = (0.1 * chance.standard_normal(round(_SECONDS * 16_000))).astype(np.float32)
    heard = _native.log_mel(pcm, _BINS)
    states = encode(known, heard)
    return [
        Stage(
            "log_mel",
            _SHORT_S,
            lambda: _native.log_mel(pcm[:16_000], _BINS),
            lambda: log_mel(pcm[:16_000], _BINS),
            lambda _: MEL_TOLERANCE,
        ),
        Stage(
            "encoder_layer", _SECONDS, lambda: native.encode(heard), lambda: states, _of_greatest
        ),
        Stage(
            "decoder_layer",
            _SECONDS,
            lambda: native.logits(states, range(_TOKENS)),
            lambda: _logits(known, states),
            _of_greatest,
        ),
        *_utterances(),
    ]


def accuracy() -> Mapping[str, float]:
    """Return the word error rate of the native recognizer on the embedded corpus, a fraction.

    Raises ModelError where there are no weights.
    """
    heard = corpus.find("embedded")
    engine = Native(EngineOptions())
    outputs = {u.id: engine.run(u.pcm()) for u in heard.utterances}
    found = score(heard, outputs)
    if found.value is None:
        raise ModelError("the embedded corpus has no words; expected some to be scored")
    return {found.metric: found.value}


def _of_greatest(expected: Floats) -> float:
    return STATES_TOLERANCE * float(np.max(np.abs(expected)))


def _logits(known: Weights, states: Floats) -> Floats:
    return logits(known, states, range(_TOKENS))


def _utterances() -> Sequence[Case[Any]]:
    """Return one utterance with cached windows and with full ones; none without the weights.

    Their answers are compared with float32's, which tests hold to the oracle's: that one needs 7 s.
    """
    try:
        weights.find(None)
    except ModelError:
        return ()
    heard = corpus.find("embedded")
    one = replace(heard, utterances=tuple(u for u in heard.utterances if u.id == _UTTERANCE))
    found: list[Case[Any]] = []
    for engine in (int16_cached(EngineOptions()), Native(EngineOptions())):
        found += transcriptions(engine, one, lambda: float32(EngineOptions()))
    return found
