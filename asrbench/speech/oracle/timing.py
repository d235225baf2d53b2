"""Times the words of a window: its text aligned with its audio, and corrected.

Source of the corrections: OpenAI's whisper, `whisper/timing.py`, add_word_timestamps, as
faster-whisper makes them: alignment stretches words over the pauses at the ends of sentences.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from asrbench.speech.oracle import alignment, words
from asrbench.speech.oracle.decoder import CrossKv
from asrbench.speech.oracle.model import Model
from asrbench.speech.oracle.segments import Cut
from asrbench.speech.oracle.words import Spelled
from asrbench.speech.transcript import Word

STATES_PER_S = 50
FRAMES_PER_S = 100
LONGEST_USUAL_S = 0.7  # of a word
TOO_LONG = 2  # times the usual
PAUSE = 4  # times the usual, before a word
SLACK_S = 0.5  # a word may go beyond its segment


@dataclass(slots=True)
class Said:
    """When a word was said, in seconds; it is corrected in place.

    Invariants: as many as there are words; `start_s <= end_s`.
    """

    start_s: float
    end_s: float
    probability: float
    text: bytes = b""

    def __post_init__(self) -> None:
        """Refuse times that run backwards."""
        if self.start_s > self.end_s:
            raise ValueError(f"word from {self.start_s} s to {self.end_s} s; expected start <= end")

    @property
    def length_s(self) -> float:
        """How long it lasts."""
        return self.end_s - self.start_s


@dataclass(slots=True)
class Timed:
    """A segment with its words; they may move its times."""

    start_s: float
    end_s: float
    said: list[Said]

    def __post_init__(self) -> None:
        """Refuse times that run backwards."""
        if not 0 <= self.start_s <= self.end_s:
            raise ValueError(f"segment from {self.start_s} s to {self.end_s} s; expected 0 <= it")

    def words(self) -> tuple[Word, ...]:
        """Return what was said as a transcript has it."""
        return tuple(
            Word(one.start_s, one.end_s, one.text.decode(errors="replace"), one.probability)
            for one in self.said
        )


@dataclass(frozen=True, slots=True)
class Window:
    """What is known of a window before its words.

    Invariants: it begins at mel frame `seek` >= 0 and has `frames` >= 1 of audio; what was said
    before it ended at `spoken_s`. `prompt` is <|startoftranscript|> and, of a multilingual model,
    language and task.
    """

    prompt: tuple[int, ...]
    language: str
    seek: int
    frames: int
    spoken_s: float

    def __post_init__(self) -> None:
        """Refuse a window without audio."""
        if self.seek < 0 or self.frames < 1:
            raise ValueError(f"window of {self.frames} frames at {self.seek}; expected audio")


def without_words(cuts: Sequence[Cut]) -> list[Timed]:
    """Return the segments as their timestamps have them."""
    return [Timed(cut.start / FRAMES_PER_S, cut.end / FRAMES_PER_S, []) for cut in cuts]


def time_words(model: Model, cross: CrossKv, window: Window, cuts: Sequence[Cut]) -> list[Timed]:
    """Return the segments with their words. Raises EngineError as `alignment.force`."""
    timed = without_words(cuts)
    texts = [[token for token in cut.tokens if token < model.tokenizer.eot] for cut in cuts]
    text = [token for part in texts for token in part]
    if not text:
        return timed
    forced = alignment.force(model, cross, window.prompt, text, max(1, window.frames // 2))
    spelled = words.spell(model.tokenizer, text, window.language)
    said = _say(spelled, alignment.beginnings(forced.followed), forced.probabilities)
    usual_s = min(LONGEST_USUAL_S, _median([one.length_s for one in said if one.length_s]))
    _shorten_at_sentences(spelled, said, TOO_LONG * usual_s)

    spoken_s = window.spoken_s
    coming = list(zip(words.join_marks(spelled), said, strict=True))
    for segment, part in zip(timed, texts, strict=True):
        tokens = 0
        while coming and tokens < len(part):
            word, one = coming.pop(0)
            tokens += word.tokens
            if word.text:  # else it has joined another
                offset_s = window.seek / FRAMES_PER_S
                start_s, end_s = round(offset_s + one.start_s, 2), round(offset_s + one.end_s, 2)
                segment.said.append(Said(start_s, end_s, one.probability, word.text))
        if segment.said:
            _shorten_behind_pause(segment.said, usual_s, spoken_s)
            _fit(segment, usual_s)
            spoken_s = segment.end_s
    return timed


def end_of(timed: Sequence[Timed]) -> float:
    """Return the end of the last word, or of the last segment where there is no word."""
    ends = [segment.said[-1].end_s for segment in timed if segment.said]
    return ends[-1] if ends else timed[-1].end_s


def _say(
    spelled: Sequence[Spelled], begins: Sequence[int], probabilities: Sequence[float]
) -> list[Said]:
    """Return when words were said: each from its first token to the one behind it."""
    said, first = [], 0
    for word in spelled:
        behind = first + word.tokens
        probability = sum(probabilities[first:behind]) / word.tokens
        said.append(Said(begins[first] / STATES_PER_S, begins[behind] / STATES_PER_S, probability))
        first = behind
    return said


def _median(lengths: Sequence[float]) -> float:
    return statistics.median(lengths) if lengths else 0.0


def _shorten_at_sentences(spelled: Sequence[Spelled], said: list[Said], longest_s: float) -> None:
    """Keep the end of a sentence, and the word behind it, to what a word can last."""
    for i in range(1, len(said)):
        if said[i].length_s <= longest_s:
            continue
        if words.ends_sentence(spelled[i]):
            said[i].end_s = said[i].start_s + longest_s
        elif words.ends_sentence(spelled[i - 1]):
            said[i].start_s = said[i].end_s - longest_s


def _shorten_behind_pause(said: list[Said], usual_s: float, spoken_s: float) -> None:
    """Keep the first two words behind a pause to what words can last."""
    first, longest_s = said[0], TOO_LONG * usual_s
    second = said[1] if len(said) > 1 else None
    if first.end_s - spoken_s <= PAUSE * usual_s:
        return
    together = second is not None and second.end_s - first.start_s > 2 * longest_s
    if first.length_s <= longest_s and not together:
        return
    if second is not None and second.length_s > longest_s:
        border_s = max(second.end_s / 2, second.end_s - longest_s)
        first.end_s = second.start_s = border_s
    first.start_s = max(0.0, first.end_s - longest_s)


def _fit(segment: Timed, usual_s: float) -> None:
    """Begin and end a segment with its words, unless one of them goes far beyond it."""
    first, last = segment.said[0], segment.said[-1]
    if segment.start_s < first.end_s and segment.start_s - SLACK_S > first.start_s:
        first.start_s = max(0.0, min(first.end_s - usual_s, segment.start_s))
    else:
        segment.start_s = first.start_s
    if segment.end_s > last.start_s and segment.end_s + SLACK_S < last.end_s:
        last.end_s = max(last.start_s + usual_s, segment.end_s)
    else:
        segment.end_s = last.end_s
