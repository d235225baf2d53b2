"""What may be chosen about a transcription; the defaults are greedy and fall back on nothing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of a call, named as those of `_native.Options`.

    Invariants: `temperatures` has one at least; a window is skipped as silent if its no-speech
    probability is above `no_speech_prob` and its average log-probability not above `avg_log_prob`.
    `language` matters to multilingual models; None is detected. `prompt` and `hotwords` are ids of
    text. None is no threshold.
    """

    language: str | None = "en"
    translate: bool = False
    beam_size: int = 1
    patience: float = 1.0
    length_penalty: float = 1.0
    best_of: int = 5
    temperatures: tuple[float, ...] = (0.0,)
    compression_ratio: float | None = 2.4
    avg_log_prob: float | None = -1.0
    no_speech_prob: float | None = 0.6
    prompt: tuple[int, ...] = ()
    hotwords: tuple[int, ...] = ()
    condition_on_previous_text: bool = False
    prompt_reset_temperature: float = 0.5
    max_initial_timestamp_s: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse a threshold that is no probability, and a ladder without a step."""
        if self.no_speech_prob is not None and not 0.0 <= self.no_speech_prob <= 1.0:
            raise ValueError(f"no_speech_prob is {self.no_speech_prob}; expected 0 to 1")
        if not self.temperatures:
            raise ValueError("temperatures are none; expected one")
