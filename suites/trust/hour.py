"""Hears hours of joined speech in one session, and says what memory and pace become of it.

    python -m suites.trust.hour [--minutes 60] [--speed 10] [--corpus speech-dev] [--streams 1]

Audio comes in chunks of 0.3 s, `--speed` times as fast as it was said, or as soon as the session
has taken the one before. Every minute of audio the resident memory is read, what malloc keeps for
later given back. The answer (the exit code: 0 well, 1 no) is whether it moved by more than 5 MB
since the fifth minute, when every room has been used.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import threading
import time
from collections.abc import Iterator, Sequence

import numpy as np

from asrbench.engine import Final
from asrbench.measure import memory
from asrbench.speech import corpus
from asrbench.speech.audio import RATE_HZ, Pcm
from asrbench.speech.recognizer import Recognizer

CHUNK_S = 0.3
MOST_BYTES = 5_000_000
WARM = 5  # minutes of audio before memory is compared


def main(arguments: Sequence[str] | None = None) -> int:
    """Hear as long as the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(prog="suites.trust.hour", description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--speed", type=float, default=10.0, help="times real time; 0: no waits")
    parser.add_argument("--corpus", default="speech-dev")
    parser.add_argument("--streams", type=int, default=1, help="sessions at once, in threads")
    asked = parser.parse_args(arguments)
    recognizer = Recognizer(precision="int8", windows="cached")
    speech = [utterance.pcm() for utterance in corpus.find(asked.corpus).utterances]
    resident: list[int] = []
    threads = [
        threading.Thread(target=heard, args=(recognizer, speech, asked, resident, number))
        for number in range(asked.streams)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    later = resident[WARM * asked.streams :]
    if not later:
        print(f"{len(resident)} values; expected more than {WARM} minutes of audio")
        return 3
    moved = max(later) - min(later)
    print(f"resident from minute {WARM} on: {min(later)} to {max(later)} bytes, {moved} apart")
    return 0 if moved <= MOST_BYTES else 1


def heard(
    recognizer: Recognizer,
    speech: Sequence[Pcm],
    asked: argparse.Namespace,
    resident: list[int],
    number: int,
) -> None:
    """Hear one stream to its end, and note the memory every minute of audio."""
    session = recognizer.open()
    began = time.perf_counter()
    finals = 0
    minute = 60 * RATE_HZ
    audio = 0
    for chunk in _chunks(speech):
        due_s = (audio + len(chunk)) / RATE_HZ / asked.speed if asked.speed else 0.0
        time.sleep(max(0.0, began + due_s - time.perf_counter()))
        finals += sum(isinstance(event, Final) for event in session.push(chunk))
        audio += len(chunk)
        if audio // minute > (audio - len(chunk)) // minute:
            memory.trim()
            resident.append(memory.resident_bytes() or 0)
            took = time.perf_counter() - began
            print(
                f"stream {number}: {audio / minute:.0f} min in {took:.0f} s, {finals} utterances, "
                f"{resident[-1] / 1e6:.1f} MB",
                flush=True,
            )
            if audio >= asked.minutes * minute:
                break
    session.finish()


def _chunks(speech: Sequence[Pcm]) -> Iterator[Pcm]:
    """Yield the utterances again and again in chunks, half a second of silence between them."""
    size = round(CHUNK_S * RATE_HZ)
    silence = np.zeros(RATE_HZ // 2, np.float32)
    for pcm in itertools.cycle(speech):
        for one in (pcm, silence):
            for start in range(0, len(one), size):
                yield one[start : start + size]


if __name__ == "__main__":
    sys.exit(main())
