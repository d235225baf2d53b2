"""AlignAtt: a word is sure as soon as the decoder looked well before the end of the audio for it.

Papi, Turchi and Negri, arXiv 2305.11408; for Whisper: SimulStreaming, arXiv 2506.17077.
"""

from __future__ import annotations

from collections.abc import Sequence

from asrbench.speech.streaming.words import Spoken


def sure(now: Sequence[Spoken], until_s: float) -> int:
    """Return how many words at the beginning the decoder looked for before `until_s`."""
    count = 0
    for word in now:
        if word.looked_s >= until_s:
            break
        count += 1
    return count
