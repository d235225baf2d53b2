"""When two transcripts agree, and what a Run keeps of them."""

import numpy as np
import pytest

from asrbench.errors import AudioError
from asrbench.speech.agreement import agree, align, differing_words
from asrbench.speech.audio import Pcm
from asrbench.speech.cases import Stage, transcriptions
from asrbench.speech.corpus import Corpus, Utterance
from asrbench.speech.scoring import contrast, score
from asrbench.speech.transcript import Transcript

TWENTY = " ".join(f"word{letter}" for letter in "abcdefghijklmnopqrst")


def corpus(*references: str | None) -> Corpus:
    silence = np.zeros(1600, np.float32)
    return Corpus(
        "three",
        tuple(
            Utterance(f"u{index}", 31.0 if index else 5.0, reference, lambda: silence)
            for index, reference in enumerate(references)
        ),
        "ours",
    )


class Says:
    """An engine that always says the same, or refuses."""

    def __init__(self, text: str, refuses: bool = False) -> None:
        self.name, self.transcript, self.refuses = "says", Transcript(text), refuses

    def run(self, pcm: Pcm) -> Transcript:
        if self.refuses:
            raise AudioError("refused")
        return self.transcript

    def close(self) -> None:
        pass


def test_equal_token_ids_agree() -> None:
    assert agree(Transcript("a", (1, 2)), Transcript("a", (1, 2))).passed


def test_one_other_token_id_is_named_even_where_the_words_are_equal() -> None:
    check = agree(Transcript("a", (1, 2)), Transcript("a", (1, 3)))

    assert not check.passed
    assert check.detail == "tokens[1] is 3; the oracle's is 2; all words are equal"


@pytest.mark.parametrize(("errors", "passed"), [(0, True), (1, True), (2, False)])
def test_a_rounded_transcript_may_differ_in_a_word_of_few(errors: int, passed: bool) -> None:
    words = TWENTY.split()[:15]
    heard = ["other"] * errors + words[errors:]

    check = agree(
        Transcript(" ".join(words), (1, 2)), Transcript(" ".join(heard), (1, 3), rounded=True)
    )

    assert check.passed is passed


def test_missing_token_ids_are_counted() -> None:
    check = agree(Transcript("a b", (1, 2)), Transcript("a", (1,)))

    assert check.detail == '1 tokens; the oracle has 2; words differ: "b" -> ""'


def test_without_token_ids_one_word_in_twenty_may_differ() -> None:
    assert agree(Transcript(TWENTY, (1,)), Transcript(TWENTY.replace("worda", "x"))).passed
    assert not agree(Transcript(TWENTY), Transcript(TWENTY.replace("worda wordb", "x y"))).passed


def test_in_fewer_than_twenty_words_none_may_differ() -> None:
    check = agree(Transcript("one red fox"), Transcript("one read fox"))

    assert not check.passed
    assert check.detail == '1 of 3 words, 0 may; words differ: "red" -> "read"'
    assert agree(Transcript("One red fox."), Transcript("one red fox")).passed


def test_silence_agrees_with_silence_only() -> None:
    assert agree(Transcript(""), Transcript("")).passed
    assert not agree(Transcript(""), Transcript("thank you")).passed
    assert not agree(Transcript("thank you"), Transcript("")).passed


def test_words_are_aligned_in_order() -> None:
    assert align("the red fox runs", "the fox ran") == [
        ("equal", "the", "the"),
        ("delete", "red", ""),
        ("equal", "fox", "fox"),
        ("substitute", "runs", "ran"),
    ]
    assert align("", "") == []
    assert align("", "well") == [("insert", "", "well")]
    assert differing_words("a b", "a b") == "all words are equal"


def test_a_score_counts_only_what_has_a_reference_and_an_output() -> None:
    texts = corpus("red green blue black", None, "cat dog")
    found = score(texts, {"u0": Transcript("red grin blue black"), "u1": Transcript("anything")})

    assert found.value == 0.25
    assert found.counts["errors"] == 1
    assert found.counts["words"] == 4
    assert found.counts["utterances"] == 1
    assert set(found.items) == {"u0", "u1"}
    assert found.items["u0"]["hypothesis"] == "red grin blue black"
    assert found.items["u1"]["reference"] is None
    assert "errors" not in found.items["u1"]


def test_a_loop_is_marked() -> None:
    found = score(corpus("one red fox"), {"u0": Transcript("fox " * 9)})

    assert found.items["u0"]["loop"]
    assert found.counts["loops"] == 1


def test_nothing_to_score_has_no_value() -> None:
    assert score(corpus("one"), {}).value is None
    assert score(corpus(None), {"u0": Transcript("x")}).value is None
    assert contrast(corpus(None), {"u0": Transcript("x")}, {"u0": Transcript("x")}) is None


def test_a_contrast_is_first_minus_second_and_lists_the_texts_that_differ() -> None:
    texts = corpus("red green blue black", "cat dog")
    good = {"u0": Transcript("red green blue black"), "u1": Transcript("cat dog")}
    bad = {**good, "u0": Transcript("red green blue back")}
    found = contrast(texts, bad, good)

    assert found is not None
    assert found.difference == pytest.approx(1 / 6)
    assert found.low <= 1 / 6 <= found.high
    assert found.lines == ('u0: words differ: "black" -> "back"',)


def test_a_case_transcribes_prepared_audio_and_is_checked() -> None:
    oracle = Says("one red fox")
    short, long = transcriptions(Says("one read fox"), corpus("x", "y"), lambda: oracle)

    assert (short.name, short.item, short.group) == ("speech/says/transcribe", "u0", "short")
    assert (long.group, long.amount.value, long.amount.unit) == ("long", 31.0, "audio_s")
    with pytest.raises(RuntimeError, match="u0 is not prepared"):
        short.run()
    short.prepare()
    assert not short.check(short.run()).passed
    assert short.check(Transcript("one red fox")).passed


def test_what_the_oracle_refuses_nobody_may_answer() -> None:
    (case,) = transcriptions(Says("x"), corpus("x"), lambda: Says("", refuses=True))
    case.prepare()

    assert case.check(case.run()).detail == "the oracle refuses the utterance: refused"


def test_a_stage_is_right_within_its_tolerance() -> None:
    right = np.array([[1.0, 2.0]], np.float32)
    stage = Stage("log_mel", 1.0, lambda: right, lambda: right, lambda expected: 0.1)

    assert stage.name == "speech/native/log_mel@1s"
    assert stage.check(right + np.float32(0.05)).passed
    assert not stage.check(right + np.float32(0.2)).passed
    assert not stage.check(right[0]).passed
    assert not stage.check(right * np.float32("nan")).passed
