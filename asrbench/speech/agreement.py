"""When two transcripts of one utterance agree, and which words differ when they do not."""

from __future__ import annotations

from asrbench.speech.accuracy import normalize, wer
from asrbench.speech.transcript import Transcript
from asrbench.workload import Check

TOLERANCE = 0.05
"""Share of the oracle's words that may differ where token ids cannot be compared."""


def agree(oracle: Transcript, output: Transcript) -> Check:
    """Compare a transcript with the oracle's.

    Where both have token ids and neither is rounded, these have to be equal. Else at most TOLERANCE
    of the oracle's normalised words may differ, rounded down: below 20 words, none, and one of a
    rounded transcript.
    """
    differing = differing_words(oracle.text, output.text)
    rounded = oracle.rounded or output.rounded
    if oracle.tokens and output.tokens and (oracle.tokens == output.tokens or not rounded):
        if oracle.tokens == output.tokens:
            return Check(True, f"the same {len(output.tokens)} token ids")
        return Check(False, f"{_first_difference(oracle.tokens, output.tokens)}; {differing}")
    words = len(normalize(oracle.text).split())
    if words == 0:
        return Check(not normalize(output.text), differing)
    errors = wer([oracle.text], [output.text]).errors
    allowed = max(int(TOLERANCE * words), int(rounded))
    return Check(errors <= allowed, f"{errors} of {words} words, {allowed} may; {differing}")


def differing_words(reference: str, hypothesis: str) -> str:
    """Say which normalised words differ: 'words differ: "five" -> "nine"', or that none does."""
    changes = [
        f'"{was}" -> "{became}"'
        for kind, was, became in align(reference, hypothesis)
        if kind != "equal"
    ]
    return f"words differ: {', '.join(changes)}" if changes else "all words are equal"


def align(reference: str, hypothesis: str) -> list[tuple[str, str, str]]:
    """Align normalised words: (kind, of the reference, of the hypothesis), in order.

    Kinds are jiwer's: equal, substitute, delete, insert. What is not there is an empty text.
    """
    ours, theirs = normalize(reference).split(), normalize(hypothesis).split()
    if not ours or not theirs:  # nothing to align, and jiwer refuses an empty reference
        sides = (" ".join(ours), " ".join(theirs))
        return [("delete" if ours else "insert", *sides)] if ours or theirs else []

    import jiwer

    chunks = jiwer.process_words(" ".join(ours), " ".join(theirs)).alignments[0]
    return [
        (
            chunk.type,
            " ".join(ours[chunk.ref_start_idx : chunk.ref_end_idx]),
            " ".join(theirs[chunk.hyp_start_idx : chunk.hyp_end_idx]),
        )
        for chunk in chunks
    ]


def _first_difference(oracle: tuple[int, ...], output: tuple[int, ...]) -> str:
    """Where two lists of token ids part."""
    for index, (expected, got) in enumerate(zip(oracle, output, strict=False)):
        if expected != got:
            return f"tokens[{index}] is {got}; the oracle's is {expected}"
    return f"{len(output)} tokens; the oracle has {len(oracle)}"
