"""LocalAgreement-2: words on which two passes one after the other agree are committed.

Liu, Spanakis and Niehues, "Low-Latency Sequence-to-Sequence Speech Recognition and Translation by
Partial Hypothesis Selection" (2020); Macháček, Dabre and Bojar, arXiv 2307.14743.
"""

from __future__ import annotations

from collections.abc import Sequence

from asrbench.speech.streaming.words import Spoken, bare


def agreed(before: Sequence[Spoken], now: Sequence[Spoken]) -> int:
    """Return how many words at the beginning are the same, but for case and punctuation."""
    count = 0
    for one, other in zip(before, now, strict=False):
        if bare(one.text) != bare(other.text):
            break
        count += 1
    return count


def marked(before: Sequence[Spoken], now: Sequence[Spoken], count: int) -> bool:
    """Return whether the punctuation behind the last of `count` words stands with it.

    Not where the pass before differs in it, nor at the end of a pass: audio that stops sounds like
    a sentence that does.
    """
    last = before[count - 1 : count]
    return 0 < count < len(now) and (not last or last[0].text == now[count - 1].text)
