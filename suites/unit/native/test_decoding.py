"""Beams, draws, fallback and prompts give the oracle's tokens, and CTranslate2's where it can."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asrbench import ModelError, OptionError, _native
from asrbench.speech import synthetic
from asrbench.speech.decoding import compression_ratio
from asrbench.speech.oracle import model, recognizer
from asrbench.speech.oracle.options import Options
from asrbench.speech.synthetic import SHAPES
from suites.unit.family import TEXT_CONTEXT, noise, shortened, sizes

TINY = SHAPES["dims-of-8"]
FILES = synthetic.files(TINY, seed=0)  # whose texts end soon, or late, by what is chosen
OURS, ORACLE = _native.Model(*FILES), model.read(*FILES)
NEVER = {"no_speech_prob": None, "avg_log_prob": None}  # windows are skipped


def measured(text: bytes) -> float:
    return compression_ratio(text.decode(errors="replace").strip())


def options(**chosen: Any) -> tuple[_native.Options, Options]:
    """Return the same choices for the core and for the oracle."""
    oracle = Options(**chosen)
    return _native.Options(**asdict(oracle), compression=measured), oracle


def agree(ours: _native.Model, theirs: model.Model, seconds: float, **chosen: Any) -> None:
    native, oracle = options(**chosen)
    pcm = noise(seconds)
    expected = recognizer.transcribe(theirs, pcm, oracle)
    for threads in (1, 2):
        found = _native.Recognizer(ours, threads).transcribe(pcm, native)

        assert tuple(found["tokens"]) == expected.tokens
        assert found["language"] == expected.language
        assert found["language_probability"] == pytest.approx(expected.language_probability)
        assert [segment[4:8] for segment in found["segments"]] == [
            pytest.approx(
                (s.avg_log_prob, s.no_speech_prob, s.temperature, s.compression_ratio), abs=1e-4
            )
            for s in expected.segments
        ]


@pytest.mark.parametrize("size", [2, 5, 8])
@pytest.mark.parametrize(
    ("patience", "penalty"), [(1.0, 1.0), (0.5, 1.0), (2.0, 0.6), (1.0, 0.0), (1.0, 2.0)]
)
def test_beams_give_the_oracles_tokens(size: int, patience: float, penalty: float) -> None:
    agree(OURS, ORACLE, 1.0, beam_size=size, patience=patience, length_penalty=penalty, **NEVER)


def test_what_is_drawn_is_the_oracles() -> None:
    for seed in range(3):
        agree(OURS, ORACLE, 1.0, temperatures=(0.7,), best_of=3, seed=seed, **NEVER)


def test_each_seed_draws_another_text_and_the_same_one_again() -> None:
    def drawn(seed: int) -> list[int]:
        chosen, _ = options(temperatures=(1.0,), best_of=1, seed=seed, **NEVER)
        return _native.Recognizer(OURS).transcribe(noise(1.0), chosen)["tokens"]

    texts = [drawn(seed) for seed in (0, 1, 2**64 - 1)]

    assert texts == [drawn(seed) for seed in (0, 1, 2**64 - 1)]
    assert len({tuple(text) for text in texts}) == 3


@pytest.mark.parametrize(
    "ladder",
    [
        {"avg_log_prob": 0.0, "temperatures": (0.0, 0.4, 0.8)},  # every attempt fails
        {"avg_log_prob": None, "compression_ratio": 0.0, "temperatures": (0.0, 0.5)},
        {"avg_log_prob": -4.0, "temperatures": (1.0, 0.0), "best_of": 1},
        {"avg_log_prob": -2.0, "compression_ratio": 0.9, "temperatures": (0.0, 0.2, 1.0)},
        {"avg_log_prob": 0.0, "temperatures": (0.0, 0.4), "beam_size": 3},
        {"avg_log_prob": 0.0, "no_speech_prob": 0.0, "temperatures": (0.0, 0.4)},  # all silent
    ],
)
def test_fallback_goes_down_the_oracles_ladder(ladder: dict[str, Any]) -> None:
    agree(OURS, ORACLE, 1.0, **{"no_speech_prob": None, **ladder})


def test_a_prompt_changes_the_text_as_it_changes_the_oracles() -> None:
    plain, _ = options(**NEVER)
    prompted, _ = options(prompt=(40, 41, 42), **NEVER)
    ask = _native.Recognizer(OURS).transcribe

    assert ask(noise(1.0), plain)["tokens"] != ask(noise(1.0), prompted)["tokens"]
    agree(OURS, ORACLE, 1.0, prompt=(40, 41, 42), **NEVER)
    agree(OURS, ORACLE, 1.0, hotwords=(50, 51), **NEVER)
    agree(OURS, ORACLE, 1.0, prompt=tuple(range(40, 140)), hotwords=tuple(range(70)), **NEVER)
    agree(OURS, ORACLE, 1.0, prompt=(40,) * 9, beam_size=4, **NEVER)


def test_a_window_follows_the_text_before_it_where_that_is_asked_for() -> None:
    agree(OURS, ORACLE, 1.3, condition_on_previous_text=True, **NEVER)
    agree(OURS, ORACLE, 1.3, condition_on_previous_text=True, beam_size=3, hotwords=(7,), **NEVER)
    for temperature in (0.5, 0.6):  # above 0.5 the text is forgotten
        agree(
            OURS, ORACLE, 1.3, condition_on_previous_text=True, temperatures=(temperature,), **NEVER
        )


@pytest.mark.parametrize("language", ["en", "x02", None])
@pytest.mark.parametrize("translate", [False, True])
def test_languages_and_tasks_are_the_oracles(language: str | None, translate: bool) -> None:
    agree(OURS, ORACLE, 0.7, language=language, translate=translate, **NEVER)


def test_a_window_begins_when_it_may() -> None:
    agree(OURS, ORACLE, 0.7, max_initial_timestamp_s=0.0, **NEVER)
    agree(OURS, ORACLE, 0.7, max_initial_timestamp_s=0.04, **NEVER)


@pytest.mark.parametrize("precision", ["int16", "int8"])
@pytest.mark.parametrize("windows", ["full", "cached"])
def test_rounded_models_find_the_same_beams_on_any_number_of_threads(
    precision: str, windows: str
) -> None:
    rounded = _native.Model(*FILES, None, precision, windows)
    chosen, _ = options(beam_size=5, temperatures=(0.0, 0.5), avg_log_prob=0.0, prompt=(40, 41))
    alone = _native.Recognizer(rounded, 1).transcribe(noise(1.0), chosen)

    assert alone["tokens"]
    for threads in (2, 3):
        found = _native.Recognizer(rounded, threads).transcribe(noise(1.0), chosen)
        assert found["tokens"] == alone["tokens"]


def test_one_beam_is_greedy() -> None:
    one, _ = options(beam_size=1)
    usual = _native.Options()
    ask = _native.Recognizer(OURS).transcribe

    assert ask(noise(2.0), one)["tokens"] == ask(noise(2.0), usual)["tokens"]


@pytest.mark.parametrize("name", sizes())
@pytest.mark.parametrize("prompt", [(), (40, 41, 42, 43)])
def test_beams_of_every_shape_are_ctranslate2s(
    name: str, prompt: tuple[int, ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    ctranslate2 = pytest.importorskip("ctranslate2")
    shape = shortened(name)
    folder: Path = tmp_path_factory.mktemp("model")
    synthetic.write(folder, shape, seed=3)
    files = synthetic.files(shape, seed=3)
    ours, oracle = _native.Model(*files), model.read(*files)
    chosen, _ = options(beam_size=5, patience=1.5, length_penalty=0.8, prompt=prompt, **NEVER)
    pcm = noise(min(2.0, 0.02 * shape.dims.audio_context))

    found = _native.Recognizer(ours).transcribe(pcm, chosen)

    mel = _native.log_mel(pcm, shape.dims.bins)[: shape.dims.frames]
    window = np.pad(mel, ((0, shape.dims.frames - len(mel)), (0, 0)))
    peer = ctranslate2.models.Whisper(str(folder), compute_type="float32", intra_threads=1)
    ids = oracle.tokenizer
    told = [ids.start_of_previous, *prompt] if prompt else []
    expected = peer.generate(
        ctranslate2.StorageView.from_array(np.ascontiguousarray(window.T[None])),
        [[*told, *ids.prompt()]],
        beam_size=5,
        patience=1.5,
        length_penalty=0.8,
        max_length=TEXT_CONTEXT,
        max_initial_timestamp_index=50,
        return_scores=True,
        return_no_speech_prob=True,
    )[0]
    assert found["tokens"][: len(expected.sequences_ids[0])] == expected.sequences_ids[0]
    length = len(expected.sequences_ids[0])
    average = expected.scores[0] * length**0.8 / (length + 1)
    assert found["segments"][0][4] == pytest.approx(average, abs=1e-3)
    assert found["segments"][0][5] == pytest.approx(expected.no_speech_prob, rel=1e-3)


@pytest.mark.parametrize("name", ["tiny", "dims-of-8"])
def test_the_language_is_ctranslate2s(name: str, tmp_path: Path) -> None:
    ctranslate2 = pytest.importorskip("ctranslate2")
    shape = shortened(name)
    synthetic.write(tmp_path, shape, seed=3)
    ours = _native.Model(*synthetic.files(shape, seed=3))
    pcm = noise(0.02 * min(100, shape.dims.audio_context))
    mel = _native.log_mel(pcm, shape.dims.bins)[: shape.dims.frames]
    window = np.pad(mel, ((0, shape.dims.frames - len(mel)), (0, 0)))
    peer = ctranslate2.models.Whisper(str(tmp_path), compute_type="float32", intra_threads=1)

    found = _native.Recognizer(ours).transcribe(pcm, _native.Options(language=None))

    features = ctranslate2.StorageView.from_array(np.ascontiguousarray(window.T[None]))
    ((likeliest, probability), *_) = peer.detect_language(features)[0]
    assert f"<|{found['language']}|>" == likeliest
    assert found["language_probability"] == pytest.approx(probability, abs=1e-4)


def test_an_english_model_hears_english_and_translates_nothing() -> None:
    english = _native.Recognizer(_native.Model(*synthetic.files(synthetic.TINY)))

    assert english.transcribe(noise(0.3), _native.Options(language=None))["language"] == "en"
    with pytest.raises(ModelError, match="task is translate; expected transcribe"):
        english.transcribe(noise(0.3), _native.Options(translate=True))


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [
        ({"beam_size": 0}, "beam_size is 0; expected 1 to 64"),
        ({"beam_size": -1}, "beam_size is -1; expected 1 to 64"),
        ({"beam_size": 65}, "beam_size is 65; expected 1 to 64"),
        ({"best_of": 0}, "best_of is 0; expected 1 to 64"),
        ({"patience": 0.4}, r"patience is 0\.4; expected at least 0\.5"),
        ({"patience": float("nan")}, "patience is nan; expected 0 to 100"),
        ({"length_penalty": -1.0}, "length_penalty is -1; expected 0 to 10"),
        ({"temperatures": ()}, "temperatures are none"),
        ({"temperatures": (0.0, -0.1)}, r"a temperature is -0\.1; expected 0 to 10"),
        ({"compression_ratio": float("nan")}, "compression_ratio is nan"),
        ({"avg_log_prob": float("nan")}, "avg_log_prob is nan"),
        ({"max_initial_timestamp_s": 31.0}, "max_initial_timestamp_s is 31; expected 0 to 30"),
        ({"prompt": [256 + 1]}, "prompt has token 257; expected 0 to 256"),
        ({"hotwords": [-1]}, "hotwords has token -1; expected 0 to 256"),
    ],
)
def test_choices_without_a_meaning_are_refused(chosen: dict[str, Any], reason: str) -> None:
    with pytest.raises(OptionError, match=reason):
        _native.Recognizer(OURS).transcribe(noise(0.1), _native.Options(**chosen))


def test_what_the_measure_of_repetition_raises_comes_out() -> None:
    def broken(text: bytes) -> float:
        raise LookupError(text)

    for threads in (1, 2):
        with pytest.raises(LookupError):
            _native.Recognizer(OURS, threads).transcribe(
                noise(0.3), _native.Options(compression=broken)
            )


@settings(deadline=None, max_examples=25)
@given(
    size=st.integers(1, 9),
    patience=st.floats(0.5, 3.0),
    penalty=st.floats(0.0, 3.0),
    temperatures=st.lists(st.sampled_from((0.0, 0.2, 1.0)), min_size=1, max_size=3),
    threshold=st.sampled_from((None, -3.0, -1.0, 0.0)),
    prompt=st.lists(st.integers(33, 250), max_size=70),
    previous=st.booleans(),
    seed=st.integers(0, 2**64 - 1),
)
def test_any_choices_together_are_the_oracles(
    size: int,
    patience: float,
    penalty: float,
    temperatures: list[float],
    threshold: float | None,
    prompt: list[int],
    previous: bool,
    seed: int,
) -> None:
    agree(
        OURS,
        ORACLE,
        0.5,
        beam_size=size,
        patience=patience,
        length_penalty=penalty,
        temperatures=tuple(temperatures),
        avg_log_prob=threshold,
        prompt=tuple(prompt),
        condition_on_previous_text=previous,
        seed=seed,
        best_of=3,
    )
