"""Options of a transcription: searches, thresholds, deadlines and threads of any value."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np

from asrbench import EngineError, ModelError, OptionError, _native
from asrbench.fuzz import small
from asrbench.fuzz.chooser import Chooser

MODELS = [_native.Model(*small.files(multilingual=m)) for m in (True, False)]
PCM = np.random.default_rng(0).normal(0, 0.1, 6000).astype(np.float32)


def number(chooser: Chooser) -> float:
    """Return any float64."""
    value: float = struct.unpack("<d", chooser.take(8))[0]
    return value


def one_input(data: bytes) -> None:
    """Transcribe under strange options; what is refused is refused by name."""
    chooser = Chooser(data)
    model = chooser.pick(MODELS)
    threads = chooser.pick([1, 1, 1, 2, 0, -1, 257, 2**62])
    no_speech_prob, avg_log_prob, deadline_s = (number(chooser) for _ in range(3))
    deadline = chooser.pick([None, None, deadline_s])
    count = chooser.number(0, len(PCM))
    beam_size, best_of = (chooser.pick([1, 2, 5, 0, -1, 64, 65, 2**62]) for _ in range(2))
    temperatures = [[0.0], [0.0, 1.0], [], [no_speech_prob], [avg_log_prob, 0.5]]
    ladder = chooser.pick(temperatures)
    prompt = [chooser.number(0, 260) for _ in range(chooser.number(0, 90))]
    detects, translates, words = (chooser.pick([False, True]) for _ in range(3))
    language = chooser.rest().decode("utf-8", "replace") or "en"
    try:
        options = _native.Options(
            language=None if detects else language,
            translate=translates,
            no_speech_prob=no_speech_prob,
            avg_log_prob=avg_log_prob,
            beam_size=beam_size,
            best_of=best_of,
            patience=abs(deadline_s),
            length_penalty=avg_log_prob,
            temperatures=ladder,
            compression=len,
            prompt=prompt,
            condition_on_previous_text=True,
            words=words,
        )
        found = _native.Recognizer(model, threads).transcribe(PCM[:count], options, deadline)
    except (OptionError, ModelError, EngineError):
        return
    assert np.isfinite([found["avg_log_prob"], found["no_speech_prob"]]).all()
    for start_s, end_s, *_ in found["segments"]:
        assert 0 <= start_s <= end_s


def seeds() -> Iterator[bytes]:
    """Yield sound options, and each kind of number."""
    for value in (0.6, 0.0, -1.0, float("nan"), float("inf"), 1e-320, 1e308):
        searched = bytes([2, 1, 1, 2, 40, 0, 41, 0, 0, 1])  # beams, a ladder, a prompt, a task
        yield (
            bytes([0, 0]) + struct.pack("<ddd", value, -value, value) + b"\2\0\4" + searched + b"en"
        )
        yield bytes([1, 3]) + struct.pack("<ddd", value, value, 5) + b"\0\0\7" + searched + b"x01"
    for threads in range(8):
        yield bytes([0, threads]) + struct.pack("<ddd", 0.6, -1, 0) + b"\0\0\1"
