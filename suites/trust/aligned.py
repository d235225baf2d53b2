"""Gives every word of a corpus an end, from faster-whisper's word times, as a manifest.

    python -m suites.trust.aligned aligned.jsonl [--corpus speech-dev]

Commit latency counts from a word's end. A batch transcript has ends of segments only, and spreads
its letters over them; words that are placed by their cross-attention are nearer to the truth, and
are the same for every engine that is compared. What the reference says and faster-whisper does
not is placed between its neighbours.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

from asrbench.measure.streaming.words import plain
from asrbench.speech import corpus, weights
from asrbench.speech.corpus import Utterance


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the manifest that the command line asks for."""
    from faster_whisper import WhisperModel

    parser = argparse.ArgumentParser(prog="suites.trust.aligned", description=__doc__)
    parser.add_argument("out", type=Path, help="the manifest to write")
    parser.add_argument("--corpus", default="speech-dev")
    asked = parser.parse_args(arguments)
    model = WhisperModel(
        str(weights.find().folder), device="cpu", compute_type="float32", local_files_only=True
    )
    source = corpus.find(asked.corpus)
    folder = asked.out.resolve().parent / f"{asked.out.stem}-audio"
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for utterance in source.utterances:
        spoken, _ = model.transcribe(
            utterance.pcm(), language="en", beam_size=5, word_timestamps=True
        )
        said = [(word.word, float(word.end)) for part in spoken for word in part.words or ()]
        lines.append(json.dumps(_line(utterance, said, folder)))
    asked.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _line(
    utterance: Utterance, said: Sequence[tuple[str, float]], folder: Path
) -> dict[str, object]:
    """Return an utterance's line, and leave its audio in the folder."""
    import soundfile

    path = folder / f"{utterance.id.replace('/', '_')}.wav"
    soundfile.write(path, utterance.pcm(), 16_000, subtype="FLOAT")
    words = (utterance.reference or "").split()
    ends = placed(words, said, utterance.duration_s)
    return {
        "audio_filepath": f"{folder.name}/{path.name}",
        "duration": utterance.duration_s,
        "text": " ".join(words),
        "word_ends": [round(end, 3) for end in ends],
    }


def placed(
    words: Sequence[str], said: Sequence[tuple[str, float]], duration_s: float
) -> list[float]:
    """Return where each word ends, seconds, never before the one in front of it.

    A word that was said ends there; others lie evenly between those, or the audio's ends.
    """
    matcher = SequenceMatcher(
        None, [plain(word) for word in words], [plain(word) for word, _ in said], autojunk=False
    )
    known = {
        block.a + i: said[block.b + i][1]
        for block in matcher.get_matching_blocks()
        for i in range(block.size)
    }
    ends: list[float] = []
    for place in range(len(words)):
        if place in known:
            end = known[place]
        else:
            after = next((n for n in range(place, len(words)) if n in known), len(words))
            next_s = known.get(after, duration_s)
            before_s = ends[-1] if ends else 0.0
            end = before_s + (next_s - before_s) / (after - place + 1)
        ends.append(min(max(end, ends[-1] if ends else 0.0), duration_s))
    return ends


if __name__ == "__main__":
    main()
