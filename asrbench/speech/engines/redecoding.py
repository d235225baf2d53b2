"""faster-whisper in a stream as whisper_streaming has it: all that was heard, again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asrbench.speech.engines.faster_whisper import FasterWhisper
from asrbench.speech.streams import Redecoding
from asrbench.speech.transcript import Transcript

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from asrbench.engine import EngineOptions

STEP_S = 0.6  # of new audio: at 0.3, the native session's, it would fall behind


class FasterWhisperRedecoding:
    """A rival of the native sessions: LocalAgreement-2 over faster-whisper, int8."""

    def __init__(self, options: EngineOptions) -> None:
        """Load the model. Raises as FasterWhisper."""
        self.name = "faster-whisper-redecoding"
        self._whole = FasterWhisper(options, "int8")

    def run(self, item: NDArray[np.float32]) -> Transcript:
        """Return what is said in pcm, English."""
        return self._whole.run(item)

    def open(self) -> Redecoding:
        """Hear an utterance while it arrives: all of it is transcribed again every 0.6 s."""
        return Redecoding(self.run, STEP_S)

    def close(self) -> None:
        """Nothing is held but memory."""
        self._whole.close()
