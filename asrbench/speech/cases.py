"""The one list of what is measured in speech: an utterance transcribed, and the native stages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from asrbench.engine import Engine
from asrbench.errors import EngineError
from asrbench.speech.agreement import agree
from asrbench.speech.audio import RATE_HZ, Pcm
from asrbench.speech.corpus import Corpus, Utterance
from asrbench.speech.transcript import Transcript
from asrbench.speech.weights import find
from asrbench.workload import Amount, Case, Check

if TYPE_CHECKING:
    from asrbench import _native

Recognizing = Engine[Pcm, Transcript]
Floats = NDArray[np.float32]

WINDOW_S = 30.0  # what Whisper hears at once; longer utterances are "long"
MEL_TOLERANCE = 1e-4  # greatest difference of a log-mel value from the oracle's
STATES_TOLERANCE = 2e-2  # the same of encoder states, as a part of their greatest magnitude


@dataclass(slots=True)
class Transcribe:
    """One engine transcribes one utterance."""

    engine: Recognizing
    utterance: Utterance
    oracle: Callable[[], Recognizing]
    _pcm: Pcm | None = field(default=None, init=False)

    @property
    def name(self) -> str:
        """speech/<engine>/transcribe."""
        return f"speech/{self.engine.name}/transcribe"

    @property
    def item(self) -> str:
        """The utterance's id."""
        return self.utterance.id

    @property
    def group(self) -> str:
        """Whether the utterance is more than one window: "short" or "long"."""
        return "long" if self.utterance.duration_s > WINDOW_S else "short"

    @property
    def amount(self) -> Amount:
        """Seconds of audio."""
        return Amount(self.utterance.duration_s, "audio_s")

    def prepare(self) -> None:
        """Load the audio."""
        self._pcm = self.utterance.pcm()

    def run(self) -> Transcript:
        """Transcribe."""
        return self.engine.run(self._loaded())

    def check(self, output: Transcript) -> Check:
        """Compare with the oracle's transcript of the same audio."""
        try:
            expected = self.oracle().run(self._loaded())
        except EngineError as error:
            return Check(False, f"the oracle refuses the utterance: {error}")
        return agree(expected, output)

    def stages(self, output: Transcript) -> Mapping[str, float]:
        """Return the seconds that an answer spent in each stage."""
        return output.stages

    def _loaded(self) -> Pcm:
        if self._pcm is None:
            raise RuntimeError(f"{self.item} is not prepared; expected prepare() first")
        return self._pcm


@dataclass(slots=True)
class Stage:
    """One stage of the native recognizer on audio of a given length, compared with its twin."""

    stage: str
    seconds: float
    native: Callable[[], Floats]
    oracle: Callable[[], Floats]
    tolerance: Callable[[Floats], float]  # greatest difference allowed from what the oracle says

    @property
    def name(self) -> str:
        """speech/native/<stage>@<length>s."""
        return f"speech/native/{self.stage}@{self.seconds:g}s"

    @property
    def item(self) -> str:
        """The audio, which is seeded noise."""
        return f"noise-{self.seconds:g}s"

    @property
    def group(self) -> str:
        """Always "stage"."""
        return "stage"

    @property
    def amount(self) -> Amount:
        """Seconds of audio."""
        return Amount(self.seconds, "audio_s")

    def prepare(self) -> None:
        """Run once, so that nothing is done for the first time when it is timed."""
        self.native()

    def run(self) -> Floats:
        """Do the stage's work."""
        return self.native()

    def check(self, output: Floats) -> Check:
        """Compare with the oracle's array, value by value."""
        expected = self.oracle()
        if output.shape != expected.shape:
            return Check(False, f"shape is {output.shape}; the oracle's is {expected.shape}")
        worst = float(np.max(np.abs(output - expected)))
        allowed = self.tolerance(expected)
        return Check(
            worst <= allowed, f"greatest difference is {worst:.3g}; {allowed:.3g} is allowed"
        )


def transcriptions(
    engine: Recognizing, corpus: Corpus, oracle: Callable[[], Recognizing]
) -> Sequence[Case[Transcript]]:
    """Return an engine's transcription of every utterance; the oracle is built when first asked."""
    return [Transcribe(engine, utterance, oracle) for utterance in corpus.utterances]


def stages(model: Path | None = None, threads: int = 1, seed: int = 0) -> Sequence[Case[Floats]]:
    """Return the native recognizer's stages: log-mel of 1 s and 30 s of noise, encoder over 30 s.

    Raises ModelError when the weights cannot be used.
    """
    from asrbench import _native
    from asrbench.speech.oracle.log_mel import log_mel

    weights = find(model)
    native = _native.Model(
        weights.model.read_bytes(), weights.config.read_bytes(), weights.vocabulary.read_bytes()
    )
    bins = int(native.dims["bins"])
    chance = np.random.default_rng(seed)

    def mel(seconds: float) -> Stage:
        pcm = (0.1 * chance.standard_normal(round(seconds * RATE_HZ))).astype(np.float32)
        return Stage(
            "log_mel",
            seconds,
            lambda: _native.log_mel(pcm, bins),
            lambda: log_mel(pcm, bins),
            lambda _: MEL_TOLERANCE,
        )

    pcm = (0.1 * chance.standard_normal(round(WINDOW_S * RATE_HZ))).astype(np.float32)
    heard = log_mel(pcm, bins)
    return [mel(1.0), mel(WINDOW_S), _encoder(native, weights.model, heard, threads)]


def _encoder(native: _native.Model, model: Path, heard: Floats, threads: int) -> Stage:
    """Return the encoder over one window of log-mel, shape (frames, bins)."""
    from asrbench.speech.oracle.encoder import encode
    from asrbench.speech.oracle.weights import read

    return Stage(
        "encoder",
        WINDOW_S,
        lambda: native.encode(heard, threads),
        lambda: encode(read(model.read_bytes()), heard),
        lambda expected: STATES_TOLERANCE * float(np.max(np.abs(expected))),
    )
