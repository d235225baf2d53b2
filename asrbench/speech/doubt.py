"""Doubts: why what a recognizer says may be something that nobody said.

Whisper makes up text for silence, noise and tones, often the same again and again. The measures and
their limits are those of OpenAI's whisper (`whisper/transcribe.py`, its options of fallback); there
they bring another attempt or drop a window, here they are told.
"""

from __future__ import annotations

from asrbench.speech.decoding import compression_ratio
from asrbench.speech.transcript import Segment, Transcript

COMPRESSION = 2.4  # bytes of UTF-8 a byte of zlib; above it a text repeats itself
LOG_PROB = -1.0  # mean of a window's tokens; below it they were hardly more than guessed
WINDOW_S = 30.0  # what is said in it is asked together
NO_SPEECH = 0.6  # probability that a window holds no speech; above it, it does not


def doubts(segment: Segment) -> tuple[str, ...]:
    """Return why a segment may not have been said, or nothing: with a doubt it is flagged."""
    window = segment.compression_ratio or 0.0
    return _doubts(segment.text, segment.avg_log_prob, segment.no_speech_prob, window)


def doubts_of_all(transcript: Transcript) -> tuple[str, ...]:
    """Return why a transcript may not have been said: of each kind the first reason, or nothing.

    A loop of many short segments shows in what lies together in a window's time alone, so that is
    asked as well as each segment; longer texts repeat words without being loops.
    """
    segments = transcript.segments
    reasons = [reason for segment in segments for reason in doubts(segment)]
    for first, segment in enumerate(segments):
        end_s = segment.start_s + WINDOW_S
        within = "".join(other.text for other in segments[first:] if other.start_s < end_s)
        reasons += _doubts(within, None, None)
    if not segments:
        reasons += _doubts(transcript.text, transcript.avg_log_prob, transcript.no_speech_prob)
    first_of = {reason.partition(":")[0]: reason for reason in reversed(reasons)}
    return tuple(first_of[kind] for kind in sorted(first_of))


def _doubts(
    text: str, avg_log_prob: float | None, no_speech_prob: float | None, window: float = 0.0
) -> tuple[str, ...]:
    """Return the doubts about a text; `window` is how often all that its window says repeats."""
    if not text.strip():
        return ()
    found = []
    ratio = max(window, compression_ratio(text.encode(errors="replace").decode()))
    if ratio > COMPRESSION:
        found.append(f"repeats itself: compresses {ratio:.1f} times, above {COMPRESSION}")
    if avg_log_prob is not None and avg_log_prob < LOG_PROB:
        found.append(f"unlikely: mean log-probability {avg_log_prob:.2f}, below {LOG_PROB}")
    if no_speech_prob is not None and no_speech_prob > NO_SPEECH:
        found.append(f"no speech: probability {no_speech_prob:.2f}, above {NO_SPEECH}")
    return tuple(found)
