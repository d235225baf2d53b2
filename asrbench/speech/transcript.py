"""What a recognizer says about one utterance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a segment, and when it is said.

    Invariants: `0 <= start_s <= end_s`; `0 <= probability <= 1`. `text` has the space before it.
    """

    start_s: float
    end_s: float
    text: str
    probability: float

    def __post_init__(self) -> None:
        """Refuse times that run backwards and a probability that is none."""
        if not 0 <= self.start_s <= self.end_s:
            raise ValueError(
                f"word runs from {self.start_s} s to {self.end_s} s; expected 0 <= start <= end"
            )
        if not 0 <= self.probability <= 1:
            raise ValueError(f"probability is {self.probability}; expected 0 to 1")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech between two timestamps.

    Invariants: `0 <= start_s <= end_s`; `tokens` holds the segment's ids, timestamps included.
    Log-probabilities are natural logarithms per token, and those of the window it came from, as are
    the `temperature` that its tokens were chosen at and its `compression_ratio`, the bytes of its
    text to those of their zlib stream; None where an engine has none. `words` are empty where
    nobody asked for them.
    """

    start_s: float
    end_s: float
    text: str
    tokens: tuple[int, ...]
    avg_log_prob: float
    no_speech_prob: float
    temperature: float | None = None
    compression_ratio: float | None = None
    words: tuple[Word, ...] = ()

    def __post_init__(self) -> None:
        """Refuse times that run backwards."""
        if not 0 <= self.start_s <= self.end_s:
            raise ValueError(
                f"segment runs from {self.start_s} s to {self.end_s} s; expected 0 <= start <= end"
            )


@dataclass(frozen=True, slots=True)
class Transcript:
    """The text of an utterance with what led to it.

    `tokens` are all generated ids of all windows in order, timestamps included, end-of-text
    excluded. `text` is the segments' texts, one after another. `stages` maps a stage of the work
    (log_mel, encoder, cross_kv, decoder, search) to the seconds spent in it. `avg_log_prob` and
    `no_speech_prob` are means over the windows that were kept, None where an engine has none.
    `rounded` means that it was computed with rounded weights or less than whole windows, so that
    single words may differ from the oracle's. An engine that knows no more than the text gives
    `Transcript(text)`. `language` is the one that was given, or heard with that probability.
    """

    text: str
    tokens: tuple[int, ...] = ()
    segments: tuple[Segment, ...] = ()
    avg_log_prob: float | None = None
    no_speech_prob: float | None = None
    stages: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    rounded: bool = False
    language: str | None = None
    language_probability: float | None = None
