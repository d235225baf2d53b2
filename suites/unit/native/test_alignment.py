"""Words with times in C++: each step as its oracle has it, and as CTranslate2 has it."""

import functools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from asrbench import EngineError, ModelError, OptionError, _native
from asrbench.speech import synthetic
from asrbench.speech.oracle import alignment, attention, decoder, kv_cache, model, recognizer
from asrbench.speech.oracle import dtw as oracle_dtw
from asrbench.speech.oracle import words as oracle_words
from asrbench.speech.oracle.options import Options
from asrbench.speech.synthetic import SHAPES, TINY
from suites.unit.family import noise, shortened
from suites.unit.warping import cheapest, small_costs, ways

Array = NDArray[np.float32]
FILES = synthetic.files(TINY, seed=2)
BROKEN = st.sampled_from([0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80, 0xFF])
MARKS = st.sampled_from(list(b" \"'.,!?([{-:)]}abc"))
TEXTS = st.lists(st.one_of(BROKEN, MARKS, st.integers(0, 255)), max_size=30)


@functools.cache
def tiny() -> tuple[_native.Model, model.Model]:
    return _native.Model(*FILES), model.read(*FILES)


@given(small_costs())
def test_no_way_is_cheaper_than_the_one_that_is_found(costs: Array) -> None:
    way = tuple(_native.dtw(costs))

    assert way in list(ways(*costs.shape))
    assert sum(costs[r, first : last + 1].sum() for r, (first, last) in enumerate(way)) == cheapest(
        costs
    )
    assert way == oracle_dtw.dtw(costs)


@pytest.mark.parametrize("rows", [1, 7, 60])
def test_long_ways_are_those_of_the_oracle(rows: int) -> None:
    costs = np.random.default_rng(rows).standard_normal((rows, 150), np.float32)

    assert tuple(_native.dtw(costs)) == oracle_dtw.dtw(costs)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_costs_that_are_not_finite_are_refused(value: float) -> None:
    costs = np.zeros((3, 4), np.float32)
    costs[1, 2] = value

    with pytest.raises(OptionError, match=r"costs\[1, 2\] is -?(nan|inf); expected a finite value"):
        _native.dtw(costs)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
def test_no_costs_are_refused(shape: tuple[int, int]) -> None:
    with pytest.raises(OptionError, match="expected one row and one column or more"):
        _native.dtw(np.zeros(shape, np.float32))


def ids_of(text: list[int], oracle: model.Model) -> list[int]:
    """The tokens that write these bytes."""
    ids = {piece: token for token, piece in enumerate(oracle.tokenizer.pieces)}
    return [ids[bytes([byte])] for byte in text]


@given(TEXTS, st.sampled_from(["en", "ja"]))
def test_words_are_those_of_the_oracle_whatever_the_bytes(text: list[int], language: str) -> None:
    native, oracle = tiny()
    tokens = ids_of(text, oracle)
    spelled = oracle_words.spell(oracle.tokenizer, tokens, language)

    found = _native.words(native, tokens, language)

    assert found == [(word.text, word.tokens) for word in oracle_words.join_marks(spelled)]
    assert sum(count for _, count in found) == len(tokens)
    assert sorted(b"".join(word for word, _ in found)) == sorted(bytes(text))


@pytest.mark.parametrize("precision", ["float32", "int16"])
@pytest.mark.parametrize("frames", [1, 3, 4, 9, 16])
def test_a_text_is_aligned_as_by_the_oracle(precision: str, frames: int) -> None:
    oracle, states = tiny()[1], np.random.default_rng(frames).standard_normal((16, 8), np.float32)
    text = [5, 9, 100, 30, 7] * 8
    cross = decoder.cross_kv(oracle.weights, states)
    expected = alignment.force(oracle, cross, oracle.tokenizer.prompt(), text, frames)

    begins, probabilities = _native.align(
        _native.Model(*FILES, None, precision), states, text, frames
    )

    exact = precision == "float32"
    np.testing.assert_allclose(probabilities, expected.probabilities, atol=1e-4 if exact else 0.02)
    assert len(begins) == len(text) + 1
    assert not exact or tuple(begins) == alignment.beginnings(expected.followed)


@pytest.mark.parametrize("name", ["dims-of-8.en", "dims-of-8"])
def test_a_text_is_aligned_within_a_frame_of_ctranslate2(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ctranslate2 = pytest.importorskip("ctranslate2", reason="pip install ctranslate2")
    shape = shortened(name)
    folder = tmp_path_factory.mktemp("model")
    synthetic.write(folder, shape, seed=3)
    files = synthetic.files(shape, seed=3)
    native, oracle = _native.Model(*files), model.read(*files)
    mel = _native.log_mel(noise(2.0), shape.dims.bins)[: shape.dims.frames]
    states = native.encode(mel)
    text, frames = [5, 9, 100, 30, 7, 200, 11], min(100, shape.dims.audio_context)

    begins, probabilities = _native.align(native, states, text, frames)

    peer = ctranslate2.models.Whisper(str(folder), compute_type="float32", intra_threads=1)
    features = ctranslate2.StorageView.from_array(states[None])
    prompt = list(oracle.tokenizer.prompt())
    theirs = peer.align(features, prompt, [text], 2 * frames)[0]
    np.testing.assert_allclose(probabilities, theirs.text_token_probs, atol=1e-5)
    firsts: dict[int, int] = {}
    for row, frame in theirs.alignments:
        firsts.setdefault(row, frame)
    # Random heads see all frames much alike: ways of nearly the same cost part by a frame.
    apart = np.subtract(begins, [firsts[row] for row in range(len(text) + 1)])
    assert np.abs(apart).max() <= 1


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(
    ("shape", "seconds"), [("dims-of-8.en", 1.0), ("dims-of-8", 2.0), ("tiny.en", 2.0)]
)
def test_words_have_the_times_and_probabilities_of_the_oracle(
    shape: str, seconds: float, threads: int
) -> None:
    size = SHAPES[shape] if shape.startswith("dims") else shortened(shape)
    files = synthetic.files(size, seed=4)
    expected = recognizer.transcribe(model.read(*files), noise(seconds), Options(words=True))

    found = _native.Recognizer(_native.Model(*files), threads).transcribe(
        noise(seconds), _native.Options(words=True)
    )

    assert tuple(found["tokens"]) == expected.tokens
    assert len(found["segments"]) == len(expected.segments) > 0
    said = 0
    for ours, theirs in zip(found["segments"], expected.segments, strict=True):
        assert ours[:2] == pytest.approx((theirs.start_s, theirs.end_s), abs=1e-9)
        times = [time for start_s, end_s, *_ in ours[-1] for time in (start_s, end_s)]
        expected_times = [time for word in theirs.words for time in (word.start_s, word.end_s)]
        assert times == pytest.approx(expected_times, abs=1e-9)
        texts = [text.decode(errors="replace") for _, _, text, _ in ours[-1]]
        assert texts == [word.text for word in theirs.words]
        chances = [probability for *_, probability in ours[-1]]
        np.testing.assert_allclose(chances, [w.probability for w in theirs.words], atol=1e-4)
        said += len(texts)
    assert said > 0


def test_without_words_a_transcript_is_what_it_was() -> None:
    native = _native.Recognizer(tiny()[0])
    plain, other = (
        native.transcribe(noise(0.3), _native.Options(words=on)) for on in (False, True)
    )

    assert all(segment[-1] == [] for segment in plain["segments"])
    assert "words" not in plain["stages"]
    assert other["stages"]["words"] > 0
    # What is unfinished behind the last word is heard again.
    assert other["tokens"][: len(plain["tokens"])] == plain["tokens"] != []


@pytest.mark.parametrize("precision", ["float32", "int16", "int8"])
@pytest.mark.parametrize("windows", ["full", "cached"])
def test_words_are_in_order_within_their_segment_however_it_is_computed(
    precision: str, windows: str
) -> None:
    files = synthetic.files(shortened("tiny.en"), seed=5)
    native = _native.Recognizer(_native.Model(*files, None, precision, windows))

    for segment in native.transcribe(noise(3.0), _native.Options(words=True))["segments"]:
        times = [time for start_s, end_s, *_ in segment[-1] for time in (start_s, end_s)]
        assert times == sorted(times)
        assert all(0 <= probability <= 1 for *_, probability in segment[-1])
        assert times == [] or segment[0] <= times[0] <= times[-1] <= segment[1] + 30


def test_heads_look_where_the_oracle_says_in_each_step() -> None:
    files = synthetic.files(shortened("tiny.en"), seed=6)
    native, oracle = _native.Model(*files), model.read(*files)
    states = native.encode(_native.log_mel(noise(2.0)))
    cross, cache = decoder.cross_kv(oracle.weights, states), kv_cache.empty(oracle.dims)
    tokens, frames = [oracle.tokenizer.sot, 5, 9, 100, 30], 100

    expected = []
    for token in tokens:
        scores: list[Array] = []
        decoder.step(oracle.weights, cross, cache, [token], scores)
        seen = [
            attention.softmax(scores[layer][head, :, :frames])
            for layer, head in oracle.alignment_heads
        ]
        expected.append(int(alignment.smooth(np.sum(seen, axis=0)).argmax()))

    assert _native.peaks(native, states, tokens, frames) == expected
    assert len(set(expected)) > 1


@pytest.mark.parametrize("frames", [0, -1, 17])
def test_frames_that_a_window_has_not_are_refused(frames: int) -> None:
    states = np.zeros((16, 8), np.float32)

    with pytest.raises(OptionError, match=f"frames is {frames}; expected 1 to 16"):
        _native.align(tiny()[0], states, [1], frames)
    with pytest.raises(OptionError, match=f"frames is {frames}; expected 1 to 16"):
        _native.peaks(tiny()[0], states, [1], frames)


@pytest.mark.parametrize("token", [-1, 256, 281])
def test_tokens_that_are_no_text_are_refused(token: int) -> None:
    states = np.zeros((16, 8), np.float32)

    with pytest.raises(OptionError, match=f"token is {token}; expected text, 0 to 255"):
        _native.align(tiny()[0], states, [1, token], 16)


def test_a_text_longer_than_the_text_context_is_refused() -> None:
    with pytest.raises(EngineError, match="words of 65 tokens in 16 frames; expected at most 64"):
        _native.align(tiny()[0], np.zeros((16, 8), np.float32), [1] * 62, 16)


@pytest.mark.parametrize(
    "heads", [[[2, 0]], [[0, 2]], [[0, 1], [0, 1]], [[0]], [[0, 1, 0]], [[-1, 0]], [0], 3, {"a": 1}]
)
def test_alignment_heads_that_are_none_are_refused_by_both(heads: object) -> None:
    config = json.loads(FILES[1]) | {"alignment_heads": heads}
    files = (FILES[0], json.dumps(config).encode(), FILES[2])

    with pytest.raises(ModelError):
        _native.Model(*files)
    with pytest.raises(ModelError):
        model.read(*files)


@pytest.mark.parametrize("heads", [None, []])
def test_without_alignment_heads_those_of_the_upper_half_are_taken(heads: object) -> None:
    config = json.loads(FILES[1]) | {"alignment_heads": heads}
    both = json.loads(FILES[1]) | {"alignment_heads": [[1, 0], [1, 1]]}
    states = np.random.default_rng(0).standard_normal((16, 8), np.float32)
    text = [5, 9, 100, 30, 7]

    found, named = (
        _native.align(
            _native.Model(FILES[0], json.dumps(settings).encode(), FILES[2]), states, text, 16
        )
        for settings in (config, both)
    )

    assert found == named
