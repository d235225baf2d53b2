"""Ten minutes in one call cost what their minutes cost one by one, in time and in memory."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from asrbench import ModelError, Recognizer
from asrbench.errors import CorpusError
from asrbench.speech import corpus
from asrbench.speech.audio import RATE_HZ, Pcm

PART_S = 60
LENGTH_S = 600
SPREAD = 0.15


def joined() -> Pcm:
    """Ten minutes of real speech, utterance behind utterance, from the first again at the end."""
    try:
        utterances = corpus.find("speech-dev").utterances
    except CorpusError as error:
        pytest.skip(f"no real speech: {error}")
    speech = np.concatenate([utterance.pcm() for utterance in utterances])
    return np.resize(speech, LENGTH_S * RATE_HZ)


def resident_bytes() -> int:
    """What of this process lies in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


@pytest.mark.full
def test_ten_minutes_run_at_the_speed_of_their_minutes_and_keep_no_memory() -> None:
    try:
        recognizer = Recognizer(threads=1)
    except ModelError as error:
        pytest.skip(f"no weights: {error}")
    whole = joined()
    parts = [whole[at : at + PART_S * RATE_HZ] for at in range(0, whole.size, PART_S * RATE_HZ)]
    recognizer.transcribe_pcm(parts[0])
    started = time.perf_counter()
    for part in parts:
        recognizer.transcribe_pcm(part)
    took_s, before = time.perf_counter() - started, resident_bytes()
    started = time.perf_counter()
    recognizer.transcribe_pcm(whole)
    ratio = (time.perf_counter() - started) / took_s
    kept = resident_bytes() - before

    print(
        f"RTF of the minutes {took_s / LENGTH_S:.4f}, of all {ratio:.3f} times that; {kept=} bytes"
    )
    assert abs(ratio - 1) <= SPREAD
    assert kept < 5e6
