"""What a Run keeps of transcripts: the word error rate, and the texts with differing words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asrbench.speech import accuracy
from asrbench.speech.accuracy import Wer
from asrbench.speech.agreement import align, differing_words
from asrbench.speech.corpus import Corpus, Utterance
from asrbench.speech.transcript import Transcript
from asrbench.workload import Contrast, Score

_SEED = 0  # of the bootstrap: the same texts give the same interval


def score(corpus: Corpus, outputs: Mapping[str, Transcript]) -> Score:
    """Return the WER over the utterances that have both an output and a reference, a fraction.

    Each item keeps reference and hypothesis as they were written, the aligned normalised words, its
    counts, and whether it loops (1.5 times as long as the reference and four words longer).
    """
    heard = [utterance for utterance in corpus.utterances if utterance.id in outputs]
    known = _scored(corpus, outputs)
    total = _wer(known, outputs)
    lines = dict(zip((u.id for u in known), total.utterances if total else (), strict=False))
    items: dict[str, dict[str, Any]] = {}
    for utterance in heard:
        text = outputs[utterance.id].text
        kept: dict[str, Any] = {"reference": utterance.reference, "hypothesis": text}
        if utterance.reference is not None:
            kept["words"] = [list(chunk) for chunk in align(utterance.reference, text)]
        if utterance.id in lines:
            line = lines[utterance.id]
            kept |= {"errors": line.errors, "reference_words": line.words, "loop": line.is_loop}
        items[utterance.id] = kept
    counts = {"utterances": len(known)}
    if total is not None:
        counts |= {
            "errors": total.errors,
            "words": total.words,
            "substitutions": total.substitutions,
            "deletions": total.deletions,
            "insertions": total.insertions,
            "loops": len(total.loops),
        }
    return Score("wer", "fraction", "lower", total.rate if total else None, counts, items)


def contrast(
    corpus: Corpus, first: Mapping[str, Transcript], second: Mapping[str, Transcript]
) -> Contrast | None:
    """Return the first engine's WER minus the second's, with a paired bootstrap interval.

    Over the utterances that both have transcribed and that have a reference; None where there is
    none. The lines say which words differ between the two engines' texts.
    """
    both = {key: first[key] for key in first if key in second}
    known = _scored(corpus, both)
    ours, theirs = _wer(known, first), _wer(known, second)
    if ours is None or theirs is None:
        return None
    apart = accuracy.wer_difference(theirs, ours, seed=_SEED)
    lines = tuple(
        f"{key}: {differing_words(second[key].text, first[key].text)}"
        for key in both
        if accuracy.normalize(first[key].text) != accuracy.normalize(second[key].text)
    )
    return Contrast("wer", "fraction", apart.difference, apart.low, apart.high, lines)


def _scored(corpus: Corpus, outputs: Mapping[str, Transcript]) -> list[Utterance]:
    """Return the utterances whose output can be held against a reference."""
    return [u for u in corpus.utterances if u.id in outputs and u.reference is not None]


def _wer(known: list[Utterance], outputs: Mapping[str, Transcript]) -> Wer | None:
    """Return the word error rate over some utterances; None where no reference has a word."""
    references = [utterance.reference or "" for utterance in known]
    if not any(accuracy.normalize(reference) for reference in references):
        return None
    return accuracy.wer(references, [outputs[utterance.id].text for utterance in known])
