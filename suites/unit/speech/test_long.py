"""Ten minutes in one call cost what their minutes cost one by one, in time and in memory."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from asrbench import ModelError, Recognizer
from asrbench.errors import CorpusError
from asrbench.speech import corpus
from asrbench.speech.audio import RATE_HZ, Pcm

PART_S = 60
LENGTH_S = 600
ROUNDS = 3
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
    ratios, resident = [], []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for part in parts:
            recognizer.transcribe_pcm(part)
        between = time.perf_counter()
        recognizer.transcribe_pcm(whole)
        ratios.append((time.perf_counter() - between) / (between - started))
        resident.append(resident_bytes())

    print(f"whole / parts: {ratios}; resident MB: {[n / 1e6 for n in resident]}")
    assert abs(median(ratios) - 1) <= SPREAD
    assert resident[-1] - resident[0] < 5e6
