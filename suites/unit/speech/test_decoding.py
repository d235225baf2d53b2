"""The choices of a search are checked, and reach the recognizer as they were made."""

import zlib
from pathlib import Path
from typing import Any

import pytest

from asrbench import ModelError, OptionError, Recognizer
from asrbench.engine import EngineOptions
from asrbench.errors import CorpusError
from asrbench.speech import corpus, synthetic, weights
from asrbench.speech.audio import Pcm
from asrbench.speech.decoding import LADDER, Decoding, compression_ratio
from asrbench.speech.prompt import Prompter
from suites.unit.family import noise

SECOND = noise(1.0)


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [
        ({"beam_size": 0}, "beam_size is 0; expected an integer from 1 to 64"),
        ({"beam_size": 2.0}, r"beam_size is 2\.0; expected an integer"),
        ({"beam_size": True}, "beam_size is True; expected an integer"),
        ({"best_of": 65}, "best_of is 65; expected an integer from 1 to 64"),
        ({"seed": -1}, "seed is -1; expected an integer from 0 to 18446744073709551615"),
        ({"patience": 0.4}, r"patience is 0\.4; expected a number from 0\.5 to 100"),
        ({"patience": float("nan")}, "patience is nan"),
        ({"length_penalty": 11}, "length_penalty is 11; expected a number from 0 to 10"),
        ({"temperatures": ()}, r"temperatures is \(\); expected a tuple"),
        ({"temperatures": [0.0]}, r"temperatures is \[0\.0\]; expected a tuple"),
        ({"temperatures": (0.0, "hot")}, "a temperature is 'hot'; expected a number"),
        ({"log_prob_threshold": float("nan")}, "log_prob_threshold is nan"),
        ({"compression_ratio_threshold": "2"}, "compression_ratio_threshold is '2'"),
        ({"no_speech_threshold": True}, "no_speech_threshold is True"),
        ({"prompt": b"text"}, "prompt is b'text'; expected a text, or None"),
        ({"words": 1}, "words is 1; expected True or False"),
        ({"task": "sing"}, "task is 'sing'; expected 'transcribe' or 'translate'"),
        ({"max_initial_timestamp": -1}, "max_initial_timestamp is -1; expected a number from 0 to"),
    ],
)
def test_a_choice_without_a_meaning_is_refused(chosen: dict[str, Any], reason: str) -> None:
    with pytest.raises(OptionError, match=reason):
        Decoding(**chosen)


def test_a_sentence_compresses_little_and_a_loop_much() -> None:
    assert compression_ratio("") == 0
    assert compression_ratio("abc") == 3 / len(zlib.compress(b"abc"))
    assert compression_ratio("I am here. " * 20) > 2.4
    assert compression_ratio("é") == 2 / len(zlib.compress("é".encode()))


@pytest.fixture(scope="module")
def multilingual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    synthetic.write(folder, synthetic.SHAPES["dims-of-8"], seed=0)
    return folder


def test_the_choices_reach_the_search(multilingual: Path) -> None:
    recognizer = Recognizer(multilingual, precision="float32")
    free = {"no_speech_threshold": None, "log_prob_threshold": None}

    def said(**chosen: Any) -> object:
        found = recognizer.transcribe_pcm(SECOND, decoding=Decoding(**{**free, **chosen}))
        temperatures = tuple(segment.temperature for segment in found.segments)
        return found.tokens, found.avg_log_prob, temperatures

    usual = said()
    others = [
        said(**chosen)
        for chosen in (
            {"beam_size": 5},
            {"beam_size": 5, "length_penalty": 2.0},
            {"beam_size": 5, "patience": 2.0},
            {"temperatures": (1.0,)},
            {"temperatures": (1.0,), "seed": 1},
            {"temperatures": (1.0,), "best_of": 1},
            {"task": "translate"},
            {"language": "x01"},
            {"max_initial_timestamp": 0.0},
            {"condition_on_previous_text": True},
            {"log_prob_threshold": 0.0, "temperatures": (0.0, 0.2)},
            {"compression_ratio_threshold": 0.0, "temperatures": (0.0, 0.1)},
        )
    ]

    assert said(beam_size=1, patience=3.0, best_of=1) == usual
    assert len({usual, *others}) == 1 + len(others)


def test_a_transcript_says_how_it_was_found(multilingual: Path) -> None:
    chosen = Decoding(no_speech_threshold=None, log_prob_threshold=0.0, temperatures=(0.0, 0.5))

    found = Recognizer(multilingual, language=None).transcribe_pcm(SECOND, decoding=chosen)

    assert found.language in {"en", "x01", "x02"}
    assert found.language_probability is not None
    assert 1 / 3 <= found.language_probability <= 1
    assert {segment.temperature for segment in found.segments} == {0.5}
    assert all(segment.compression_ratio for segment in found.segments)


def test_silence_is_skipped_by_no_speech_alone_where_no_likelihood_is_asked(
    multilingual: Path,
) -> None:
    recognizer = Recognizer(multilingual)
    skipped = Decoding(no_speech_threshold=0.0, log_prob_threshold=None)

    assert recognizer.transcribe_pcm(SECOND, decoding=skipped).segments == ()
    kept = Decoding(no_speech_threshold=None, log_prob_threshold=None)
    assert recognizer.transcribe_pcm(SECOND, decoding=kept).segments


def test_a_prompt_needs_a_tokenizer(multilingual: Path) -> None:
    with pytest.raises(ModelError, match=r"has no tokenizer\.json; prompt needs it"):
        Recognizer(multilingual).transcribe_pcm(SECOND, decoding=Decoding(prompt="yes"))


def test_a_damaged_tokenizer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_bytes(b"{}")

    with pytest.raises(ModelError, match=r"tokenizer\.json is no tokenizer"):
        Prompter(tmp_path / "tokenizer.json", tmp_path, 3).ids("hotwords", "yes")


def test_a_prompt_of_blanks_is_none(tmp_path: Path) -> None:
    prompter = Prompter(None, tmp_path, 3)

    assert prompter.ids("prompt", None) == prompter.ids("prompt", " \n") == []


def test_an_unknown_language_or_a_task_of_other_models_is_refused(
    multilingual: Path, tmp_path: Path
) -> None:
    synthetic.write(tmp_path, synthetic.TINY)

    with pytest.raises(ModelError, match='language is "xx"'):
        Recognizer(multilingual).transcribe_pcm(SECOND, decoding=Decoding(language="xx"))
    with pytest.raises(ModelError, match="task is translate"):
        Recognizer(tmp_path).transcribe_pcm(SECOND, decoding=Decoding(task="translate"))


@pytest.fixture(scope="module")
def english() -> Recognizer:
    try:
        weights.find()
    except ModelError as error:
        pytest.skip(f"no weights: {error}")
    return Recognizer(threads=2, precision="float32")


def speech(name: str) -> Pcm:
    try:
        heard = corpus.find("speech-dev").utterances
    except CorpusError as error:
        pytest.skip(f"no real speech: {error}")
    return {u.id: u for u in heard}[name].pcm()


def test_special_tokens_are_no_prompt(english: Recognizer) -> None:
    with pytest.raises(OptionError, match=r"prompt holds the special token <\|endoftext\|>"):
        english.transcribe_pcm(SECOND, decoding=Decoding(prompt="a <|endoftext|> b"))


@pytest.mark.parametrize(
    "decoding",
    [
        Decoding(beam_size=5),
        Decoding(beam_size=3, patience=2.0, length_penalty=0.6),
        Decoding(prompt="Mr. Glasgow, the Americans."),
        Decoding(hotwords="Mr. Glasgow"),
        Decoding(temperatures=LADDER),
        Decoding(beam_size=5, temperatures=LADDER, condition_on_previous_text=True),
    ],
)
def test_real_speech_has_faster_whispers_text_whatever_is_chosen(
    english: Recognizer, decoding: Decoding
) -> None:
    pytest.importorskip("faster_whisper")
    pytest.importorskip("tokenizers")
    from asrbench.speech.engines.faster_whisper import FasterWhisper

    pcm = speech("jfk")
    theirs = FasterWhisper(EngineOptions(), decoding=decoding).run(pcm)

    ours = english.transcribe_pcm(pcm, decoding=decoding)

    assert ours.text == theirs.text != ""
    assert [s.tokens for s in ours.segments] == [s.tokens for s in theirs.segments]
    for found, expected in zip(ours.segments, theirs.segments, strict=True):
        assert found.start_s == pytest.approx(expected.start_s)
        assert found.end_s == pytest.approx(expected.end_s)
        assert found.avg_log_prob == pytest.approx(expected.avg_log_prob, abs=1e-3)
        assert found.compression_ratio == pytest.approx(expected.compression_ratio)
        assert found.temperature == expected.temperature
