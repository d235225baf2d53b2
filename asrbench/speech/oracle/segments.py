"""Cuts a window's tokens at their timestamps, and says where the next window begins.

Source of the rules: OpenAI's whisper, `whisper/transcribe.py`, as faster-whisper applies them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

FRAMES_PER_TIMESTAMP = 2  # a timestamp step is 20 ms, a mel frame 10 ms


@dataclass(frozen=True, slots=True)
class Cut:
    """A segment in mel frames from the start of the audio.

    Invariants: `0 <= start <= end`; `tokens` keeps the timestamps.
    """

    start: int
    end: int
    tokens: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse a segment that runs backwards."""
        if not 0 <= self.start <= self.end:
            raise ValueError(f"segment from {self.start} to {self.end}; expected 0 <= start <= end")


def split(
    tokens: Sequence[int], timestamp_begin: int, seek: int, size: int
) -> tuple[tuple[Cut, ...], int]:
    """Return the segments of a window and the mel frame where the next one begins.

    The window covers the `size` frames from `seek`. Each pair of timestamps ends a segment and
    begins the next. Text behind the last pair is unfinished, so the next window begins at that
    pair, unless the window ends in a single timestamp: then nothing more is said in it. Without
    any pair the window is one segment. The next window always begins later than this one: where
    the pair is at 0.00 s the whole window is passed.
    """
    times = [(token - timestamp_begin) * FRAMES_PER_TIMESTAMP for token in tokens]
    pairs = [i for i in range(1, len(times)) if times[i - 1] >= 0 and times[i] >= 0]
    if not pairs:
        spoken = [time for time in times if time >= 0]
        end = spoken[-1] if spoken and spoken[-1] > 0 else size
        return (Cut(seek, seek + end, tuple(tokens)),), seek + size
    finished = finishes(tokens, timestamp_begin)
    bounds = [0, *pairs, len(tokens)] if finished else [0, *pairs]
    cuts = tuple(
        Cut(seek + times[begin], seek + times[end - 1], tuple(tokens[begin:end]))
        for begin, end in pairwise(bounds)
    )
    advance = size if finished else times[pairs[-1] - 1]
    return cuts, seek + (advance or size)


def finishes(tokens: Sequence[int], timestamp_begin: int) -> bool:
    """Tell whether a window ends in a single timestamp: no sentence goes on behind it."""
    return len(tokens) > 1 and tokens[-2] < timestamp_begin <= tokens[-1]
