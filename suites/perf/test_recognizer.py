"""How fast the recognizer is, from audio to text, and what memory a call takes."""

import pytest

from asrbench import Recognizer
from asrbench.pytest_plugin import AsrBenchmark
from asrbench.speech.corpus import Utterance


@pytest.mark.budget(rtf=1.0, peak_mb=500)
def test_an_utterance_is_heard_faster_than_it_was_spoken(
    asr_benchmark: AsrBenchmark, recognizer: Recognizer, utterance: Utterance
) -> None:
    pcm = utterance.pcm()
    transcript = asr_benchmark(
        lambda: recognizer.transcribe(pcm, rate_hz=16000), audio_s=utterance.duration_s
    )

    assert len(transcript.text.split()) >= 3


@pytest.mark.budget(peak_mb=50)
def test_audio_is_read_into_little_more_than_itself(
    asr_benchmark: AsrBenchmark, utterance: Utterance
) -> None:
    pcm = asr_benchmark(utterance.pcm, audio_s=utterance.duration_s)

    assert len(pcm) == pytest.approx(16000 * utterance.duration_s, abs=1)
