"""The timestamp rules on a vocabulary small enough to check by hand.

Ids: 0 to 2 words, 3 end-of-text, 4 <|nospeech|>, 5 <|notimestamps|>, 6 to 69 timestamps.
"""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from asrbench.errors import EngineError
from asrbench.speech import synthetic
from asrbench.speech.oracle import decoder, encoder, model, search
from asrbench.speech.oracle.config import Config
from asrbench.speech.oracle.stages import Stages

EOT, NO_TIMESTAMPS, BEGIN, SIZE = 3, 5, 6, 70
UNLIKELY = -100.0


def allowed(sampled: list[int], likely: dict[int, float], config: Config | None = None) -> set[int]:
    """Return the ids that may follow, every logit being -100 but the given ones."""
    ids = SimpleNamespace(eot=EOT, no_timestamps=NO_TIMESTAMPS, timestamp_begin=BEGIN)
    rules = SimpleNamespace(tokenizer=ids, config=config or Config())
    logits = np.full(SIZE, UNLIKELY, np.float32)
    for token, logit in likely.items():
        logits[token] = logit
    obeyed = search.obey(cast("Any", rules), logits, sampled)
    return set(np.flatnonzero(obeyed > -np.inf).tolist())


WORDS = {0, 1, 2}


def times(first: int) -> set[int]:
    return set(range(first, SIZE))


def test_a_window_begins_with_a_timestamp_of_at_most_a_second() -> None:
    assert allowed([], {0: 9.0}) == set(range(BEGIN, BEGIN + 51))


def test_the_first_timestamp_is_followed_by_text_or_the_end() -> None:
    assert allowed([BEGIN], {8: 9.0}) == WORDS | {EOT, 4}


def test_text_may_be_followed_by_text_or_a_later_timestamp() -> None:
    assert allowed([BEGIN + 2, 0], {1: 9.0}) == WORDS | {EOT, 4} | times(BEGIN + 3)


def test_half_a_pair_is_followed_by_its_other_half_or_the_end() -> None:
    assert allowed([BEGIN, 0, BEGIN + 4], {EOT: 9.0}) == {EOT, 4} | times(BEGIN + 4)


def test_a_whole_pair_is_followed_by_text() -> None:
    assert allowed([BEGIN, 0, BEGIN + 4, BEGIN + 4], {1: 9.0}) == WORDS | {EOT, 4}


def test_after_a_pair_and_text_the_segment_may_not_end_where_it_began() -> None:
    sampled = [BEGIN, 0, BEGIN + 4, BEGIN + 5, 1]

    assert times(BEGIN) & allowed(sampled, {2: 9.0}) == times(BEGIN + 6)


def test_timestamps_that_are_likelier_together_than_any_word_win() -> None:
    # Two timestamps of logit 1 weigh 1 + ln 2 = 1.69, more than a word of 1.6, less than of 1.8.
    both = {BEGIN + 9: 1.0, BEGIN + 10: 1.0}

    assert allowed([BEGIN, 0], {1: 1.6, **both}) == times(BEGIN + 1)
    assert allowed([BEGIN, 0], {1: 1.8, **both}) > WORDS


def test_forbidden_timestamps_do_not_count_in_that_sum() -> None:
    early = {BEGIN + 1: 9.0, BEGIN + 2: 9.0}

    assert allowed([BEGIN + 2, 0], {1: 1.0, **early}) > WORDS


def test_forbidden_words_do_not_count_either() -> None:
    config = Config(suppress_ids=(1,))

    assert allowed([BEGIN, 0], {1: 9.0, BEGIN + 9: 1.0}, config) == times(BEGIN + 1)


def test_end_of_text_counts_as_a_word_after_half_a_pair() -> None:
    sampled = [BEGIN, 0, BEGIN + 4]

    assert allowed(sampled, {EOT: 1.0, BEGIN + 9: 2.0}) == times(BEGIN + 4)
    assert EOT in allowed(sampled, {EOT: 2.0, BEGIN + 9: 1.0})


def test_suppressed_tokens_never_come() -> None:
    config = Config(suppress_ids=(0, 4), suppress_ids_begin=(1,))

    assert allowed([BEGIN], {2: 9.0}, config) == {1, 2, EOT}


def test_tokens_suppressed_at_the_beginning_may_come_later() -> None:
    config = Config(suppress_ids_begin=(1, BEGIN + 1))

    assert BEGIN + 1 not in allowed([], {0: 9.0}, config)
    assert {1, BEGIN + 1} < allowed([BEGIN, 0], {0: 9.0}, config)


def tiny(seed: int = 0) -> model.Model:
    return model.read(*synthetic.files(synthetic.TINY, seed))


def greedy(whisper: model.Model) -> search.Decoded:
    mel = np.random.default_rng(0).standard_normal((32, 80), np.float32)
    cross = decoder.cross_kv(whisper.weights, encoder.encode(whisper.weights, mel))
    return search.greedy(whisper, cross, whisper.tokenizer.prompt(), Stages())


def test_no_window_has_more_tokens_than_half_the_text_context() -> None:
    assert max(len(greedy(tiny(seed)).tokens) for seed in range(8)) == 64 // 2


def test_the_average_is_that_of_the_tokens_under_the_rules() -> None:
    whisper = tiny(seed=1)
    found = greedy(whisper)
    mel = np.random.default_rng(0).standard_normal((32, 80), np.float32)
    states = encoder.encode(whisper.weights, mel)
    every = decoder.logits(whisper.weights, states, [whisper.tokenizer.sot, *found.tokens])

    total = 0.0
    for index, token in enumerate(found.tokens):
        obeyed = search.obey(whisper, every[index], found.tokens[:index]).astype(np.float64)
        total += obeyed[token] - np.log(np.exp(obeyed).sum())

    assert found.avg_log_prob == pytest.approx(total / (len(found.tokens) + 1), abs=1e-5)


def test_logits_that_are_not_finite_are_refused() -> None:
    whisper = tiny()
    nothing = np.full((16, 8), np.nan, np.float32)

    with pytest.raises(EngineError, match="logits behind token 257 are not finite"):
        search.greedy(
            whisper,
            decoder.cross_kv(whisper.weights, nothing),
            whisper.tokenizer.prompt(),
            Stages(),
        )


def test_a_config_that_forbids_every_token_is_refused() -> None:
    read = tiny()
    everything = Config(suppress_ids=tuple(range(read.tokenizer.size)))

    with pytest.raises(EngineError, match="no token may follow"):
        greedy(model.Model(read.weights, everything, read.tokenizer))
